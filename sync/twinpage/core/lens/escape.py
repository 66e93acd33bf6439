"""One backslash before what would not be read as text; a line that has backslashes there gets one more.

Both apps show such a line without the backslash. Encoding and decoding are inverse to one another on every line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from twinpage.model.page import Markup

Danger = Callable[[str], bool]

_PROPERTY = re.compile(r"([ \t]*[^\s:]+:)(\\*)(?=:(?:[ \t]|\Z))")
_STAR = re.compile(r"([ \t]*)(\\*)(?=\*(?:[ \t]|\Z))")
_DASH = re.compile(r"([ \t]*)-(?=[ \t]|\Z)")
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)*(?:(`{3,})[^`\n]*|(~{3,})[^\n]*)\Z")


_EMBED = re.compile(r"!\[\[[^\[\]\n]*\]\]|\{\{embed [^{}\n]*\}\}")


def is_embed(line: str) -> bool:
    """Whether a line shows another note and says nothing else."""
    return line[:1] in ("!", "{") and _EMBED.fullmatch(line) is not None


def only_embeds(value: str) -> bool:
    """Whether a text shows other notes and says nothing else."""
    return value[:1] in ("!", "{") and all(is_embed(line.strip()) for line in value.split("\n") if line.strip())


def decode(line: str, markup: Markup, prose: bool = False) -> str:
    """The text that a line of a note stands for."""
    if "\\" not in line:
        if markup.starred and "*" in line:
            star = _STAR.match(line)
            return f"{star[1]}-{line[star.end() + 1 :]}" if star else line
        return line
    if markup.starred:
        found = _PROPERTY.match(line)
        if found and found[2]:
            line = found[1] + line[found.end(1) + 1 :]
        star = _STAR.match(line)
        if star:
            return star[1] + (line[star.end(1) + 1 :] if star[2] else "-" + line[star.end() + 1 :])
    found = (markup.prose_trigger if prose else markup.trigger).match(line)
    if found and found[2]:
        return found[1] + line[found.end(1) + 1 :]
    return line


def encode(line: str, markup: Markup, danger: Danger, prose: bool = False) -> str:
    """A line of a note that stands for this text. ``danger``: what a trigger would do if it stood as it is."""
    if markup.starred:
        star = _STAR.match(line)
        if star:
            return f"{star[1]}\\{line[star.end(1) :]}"
        dash = _DASH.match(line)
        if dash:
            return f"{dash[1]}*{line[dash.end(1) + 1 :]}"
    found = (markup.prose_trigger if prose else markup.trigger).match(line)
    if found and (found[2] or danger(line)):
        line = f"{found[1]}\\{line[found.end(1) :]}"
    return _without_property(line) if markup.starred else line


def _without_property(line: str) -> str:
    found = _PROPERTY.match(line) if ":" in line else None
    return f"{found[1]}\\{line[found.end(1) :]}" if found else line


def encode_lines(lines: list[str], markup: Markup, danger: Danger, prose: bool = False) -> list[str]:
    """All lines of a text; what stands in a fence that the text itself closes is left alone."""
    encoded: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if "```" in line or "~~~" in line:
            end = fence_end(lines, at, markup)
            if end is not None and not (_BULLET.match(line) and (not prose or danger(line))):
                encoded += lines[at : end + 1]
                at = end + 1
                continue
            if _FENCE.match(line):
                indent = len(line) - len(line.lstrip(" \t"))
                encoded.append(f"{line[:indent]}\\{line[indent:]}")
                at += 1
                continue
        encoded.append(encode(line, markup, danger, prose))
        at += 1
    return encoded


_BULLET = re.compile(r"[ \t]*[-*+][ \t]")


def fence_end(lines: list[str], at: int, markup: Markup) -> int | None:
    """The line that closes the fence opened by line ``at``; None when it opens none or is not closed."""
    opener = _FENCE.match(lines[at])
    if opener is None:
        return None
    mark = opener[1] or opener[2]
    if markup.outline:
        if len(mark) > 3 or _BULLET.match(lines[at]):
            return None
        return next((i for i in range(at + 1, len(lines)) if lines[i].lstrip(" \t")[:3] in ("```", "~~~")), None)
    for i in range(at + 1, len(lines)):
        word = lines[i].strip(" \t")
        if len(word) >= len(mark) and not word.strip(mark[0]):
            return i
    return None
