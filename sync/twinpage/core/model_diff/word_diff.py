"""What was reworded, word by word, in a few lines: only what changed, with a little around it."""

from __future__ import annotations

from twinpage.core.model_diff.wording import LONGEST, Look
from twinpage.core.wording import in_short
from twinpage.model.regex import regex

MOST = 40
"""So many rewordings of one comparison are shown word by word; of more, none: nobody would read them."""
_WORDS = 600
"""A longer text is not compared."""
_AROUND = 3
_LONGEST = 30
"""Words of one run that are shown."""
_TOKEN = regex(r"\S+")


def word_diff(old: str, new: str, look: Look) -> str:
    """``Heads [-come-] {+go+} up.``; empty where hardly anything is the same, or the text is too long to compare."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if not before or not after or len(before) + len(after) > _WORDS:
        return ""
    from difflib import SequenceMatcher  # most comparisons have nothing to show word by word

    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.3:
        return ""
    steps = matcher.get_opcodes()
    shown = []
    for number, (what, start, end, new_start, new_end) in enumerate(steps):
        if what == "equal":
            shown.append(look.plain(_around(before[start:end], number == 0, number == len(steps) - 1)))
            continue
        if end > start:
            shown.append(look.removed(_run(before[start:end])))
        if new_end > new_start:
            shown.append(look.added(_run(after[new_start:new_end])))
    return " ".join(shown)


def _run(words: list[str]) -> str:
    return _joined(words if len(words) <= _LONGEST else [*words[:_LONGEST], "..."])


def _joined(words: list[str]) -> str:
    return " ".join(in_short(word, LONGEST) for word in words)


def _around(words: list[str], first: bool, last: bool) -> str:
    if first:
        return _joined(words if len(words) <= _AROUND else ["...", *words[-_AROUND:]])
    if last:
        return _joined(words if len(words) <= _AROUND else [*words[:_AROUND], "..."])
    return _joined(words if len(words) <= 2 * _AROUND else [*words[:_AROUND], "...", *words[-_AROUND:]])
