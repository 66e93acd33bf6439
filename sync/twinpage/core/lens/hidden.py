"""Where nothing is markup: fences, mathematics, drawers and comments. One scan, linear in the text."""

from __future__ import annotations

import re
from functools import lru_cache

from twinpage.model.page import Hidden
from twinpage.model.problem import Problem
from twinpage.model.regex import regex
from twinpage.model.remembering import remembered

Found = tuple[tuple[Hidden, ...], tuple[Problem, ...]]

_OBSIDIAN = regex(r"\n[ \t]*(?:(?:[-*+][ \t]+)*(?:(`{3,})[^`\n]*(?=\n|\Z)|(~{3,}))|(%%|<!--))")
_LOGSEQ = regex(
    r"\n[ \t]*(?:-[ \t]+)?(?:#+[ \t]+)?(?:(```)[^`\n]*(?=\n|\Z)|(~~~)|(<!--)|(\$\$)(?![^\n]*\$\$)"
    r"|#\+(?:BEGIN|begin)_([A-Za-z]+)|:([A-Za-z]+):[ \t\r]*(?=\n|\Z))"
)
_LOGSEQ_CLOSER = regex(r"\n[ \t]*(?:```|~~~)[^\n]*")


def hidden_in_obsidian(text: str) -> Found:
    """Fences are closed by a line of at least as many of the same; comments stand on lines of their own."""
    padded = "\n" + text
    spans: list[Hidden] = []
    at = _front_end(padded)
    while found := _OBSIDIAN.search(padded, at):
        start, end = found.start(), found.end()
        fence = found[1] or found[2]
        if fence:
            line_end = _line_end(padded, end)
            closer = _fence_closer(fence[0], len(fence)).search(padded, line_end)
            if closer is None:
                spans.append(Hidden(start, len(text), False))
                return tuple(spans), (_never_closed("code fence", start),)
            spans.append(Hidden(start, closer.end() - 1, False))
            at = closer.end()
            continue
        closer_mark = "%%" if found[3] == "%%" else "-->"
        close = padded.find(closer_mark, end)
        if close < 0:
            spans.append(Hidden(start, len(text), True))
            return tuple(spans), (_never_closed("comment", start),)
        at = _line_end(padded, close)
        if padded[close + len(closer_mark) : at].strip(" \t\r"):
            if "\n" in padded[end:close]:
                return tuple(spans), (_runs_into_text(start),)
        else:
            spans.append(Hidden(start, at - 1, True))
    return tuple(spans), ()


def hidden_in_logseq(text: str) -> Found:
    """Logseq's own rules: any later line that starts with three backticks or tildes closes a fence."""
    padded = "\n" + text
    spans: list[Hidden] = []
    problems: list[Problem] = []
    missing: set[str] = set()
    at = 0
    while found := _LOGSEQ.search(padded, at):
        start, at = found.start(), found.end()
        fence, tilde, comment, maths, named, drawer = found.groups()
        kind = (named and f"#+end_{named.lower()}") or comment or maths or ("drawer" if drawer else "fence")
        if kind in missing:
            continue
        end = _logseq_end(padded, found.end(), comment, maths, named, drawer)
        if end is None:
            missing.add(kind)
            if fence or tilde or comment:
                problems.append(_never_closed("comment" if comment else "code fence", start))
            continue
        if comment and padded[end : _line_end(padded, end)].strip(" \t\r"):
            if "\n" in padded[found.end() : end]:
                problems.append(_runs_into_text(start))
            continue
        at = _line_end(padded, end)
        private = bool(drawer or (comment and padded[start + 1 : found.start(3)].strip(" \t") == ""))
        spans.append(Hidden(start, at - 1, private))
    return tuple(spans), tuple(problems)


def _logseq_end(text: str, at: int, comment: str, maths: str, named: str, drawer: str) -> int | None:
    if comment:
        return _after(text, "-->", at)
    if maths:
        return _after(text, "$$", at)
    pattern = _named_closer(f"#\\+end_{named}") if named else _named_closer(":end:") if drawer else _LOGSEQ_CLOSER
    found = pattern.search(text, at)
    return found.end() if found else None


def _after(text: str, mark: str, at: int) -> int | None:
    found = text.find(mark, at)
    return found + len(mark) if found >= 0 else None


@lru_cache(64)
def _fence_closer(mark: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t]*{re.escape(mark)}{{{length},}}[ \t\r]*(?=\n|\Z)")


@remembered(64)
def _named_closer(line: str) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t]*{line}[ \t\r]*(?=\n|\Z)", re.IGNORECASE)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _front_end(padded: str) -> int:
    found = FRONT.match(padded, 1)
    return found.end() - 1 if found else 0


FRONT = regex(
    r"\ufeff?---[ \t]*\r?\n((?:(?!(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z))[^\n]*\n)*)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)"
)
"""Front matter with both its lines. Group: what stands between them."""


def _never_closed(what: str, start: int) -> Problem:
    message = f"This {what} is never closed, so everything after it would be lost. Close it, or remove its first line."
    return Problem("TP001", start, message, holds=True)


def _runs_into_text(start: int) -> Problem:
    message = "This comment ends in the middle of a line. Put what follows it on a line of its own."
    return Problem("TP001", start, message, holds=True)
