"""Links and embeds of a note, outside code and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from twinpage.model.page import Page, Span
from twinpage.model.reading import Link
from twinpage.model.regex import regex

_WIKI = regex(r"\[\[([^\[\]\n]*)\]\]")
_EMBED = regex(r"\{\{embed[ \t]+\Z")
_EMBED_END = regex(r"[ \t]*\}\}")
_PATH = regex(r"(!?)\[[^\[\]\n]*\]\((?:<([^<>\n]+\.md)(?:#[^<>\n]*)?>|([^()\s<>#]+\.md)(?:#[^()\s]*)?)\)")
_TICKS = regex(r"`+")


Found = tuple[int, int, str, bool]
"""Start, end, target, embed."""


def obsidian_links(page: Page) -> tuple[Link, ...]:
    """``[[note]]`` and ``![[note]]``, without alias, heading and block part; ``[text](note.md)``.

    A link into the same note (``[[#heading]]``) is left out; ``[[]]`` has the target "".
    """
    text = page.text
    found: list[Found] = []
    for m in _WIKI.finditer(text):
        target = _plain(m[1])
        if target is not None:
            embed = text[m.start() - 1 : m.start()] == "!" and not _escaped(text, m.start() - 1)
            found.append((m.start() - embed, m.end(), target, embed))
    return _kept(page, found)


def logseq_links(page: Page) -> tuple[Link, ...]:
    """``[[page]]``, ``{{embed [[page]]}}`` and ``[text](page.md)``; ``![[page]]`` is a mere link in Logseq."""
    text = page.text
    found: list[Found] = []
    for m in _WIKI.finditer(text):
        start, end = m.span()
        opener = _EMBED.search(text, max(0, start - 20), start) if text[start - 1 : start] in (" ", "\t") else None
        closer = _EMBED_END.match(text, end) if opener else None
        if opener and closer:
            found.append((opener.start(), closer.end(), m[1].strip(), True))
        else:
            found.append((start, end, m[1].strip(), False))
    return _kept(page, found)


def _plain(inner: str) -> str | None:
    name = inner.split("|", 1)[0].rstrip("\\")
    target = name.split("#", 1)[0].strip()
    return None if not target and name.strip() else target


def _kept(page: Page, found: list[Found]) -> tuple[Link, ...]:
    text = page.text
    if "](" in text:
        found += [(m.start(), m.end(), unquote(m[2] or m[3])[:-3], bool(m[1])) for m in _PATH.finditer(text)]
        found.sort()
    links: list[Link] = []
    spans = iter(_hidden(page))
    current = next(spans, None)
    for start, end, target, embed in found:
        while current and current[1] <= start:
            current = next(spans, None)
        if (current and current[0] <= start) or _escaped(text, start):
            continue
        links.append(Link(start, end, target, embed))
    return tuple(links)


def _escaped(text: str, at: int) -> bool:
    slashes = 0
    while at > slashes and text[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1


def _hidden(page: Page) -> list[Span]:
    spans: list[Span] = [(h.start, h.end) for h in page.hidden]
    text = page.text
    if "`" in text:
        spans += _paired(text, _TICKS)
    if "<!--" in text or (page.dialect == "obsidian" and "%%" in text):
        spans += _inline_comments(text)
    if len(spans) > len(page.hidden):
        spans.sort()
    return _merged(spans)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _paired(text: str, runs: re.Pattern[str]) -> Iterator[Span]:
    """Code in a line: from a run of backticks to the next run of the same length on that line."""
    open_at = 0
    line_of: dict[int, list[tuple[int, int]]] = {}
    at, line = 0, 0
    for run in runs.finditer(text):
        line += text.count("\n", at, run.start())
        at = run.start()
        line_of.setdefault(line, []).append((run.start(), run.end()))
    for found in line_of.values():
        last = {end - start: start for start, end in found}
        open_at = -1
        wanted = 0
        for start, end in found:
            if open_at < 0:
                if last[end - start] > start:
                    open_at, wanted = start, end - start
            elif end - start == wanted:
                yield open_at, end
                open_at = -1


def _inline_comments(text: str) -> Iterator[Span]:
    for opener, closer in (("%%", "%%"), ("<!--", "-->")):
        at = text.find(opener)
        while at >= 0:
            line_end = text.find("\n", at)
            line_end = len(text) if line_end < 0 else line_end
            while 0 <= at < line_end:
                close = text.find(closer, at + len(opener), line_end)
                if close < 0:
                    break
                yield at, close + len(closer)
                at = text.find(opener, close + len(closer), line_end)
            at = text.find(opener, line_end)
