"""One backslash before what would not be read as text; a line that has backslashes there gets one more.

Both apps show such a line without the backslash. Encoding and decoding are inverse to one another on every line.
"""

from __future__ import annotations

from collections.abc import Callable

from twinpage.model.page import Markup
from twinpage.model.regex import regex

Danger = Callable[[str], bool]

_PROPERTY = regex(r"([ \t]*[^\s:]+:)(\\*)(?=:(?:[ \t]|\Z))")
_STAR = regex(r"([ \t]*)(\\*)(?=\*(?:[ \t]|\Z))")
_DASH = regex(r"([ \t]*)-(?=[ \t]|\Z)")
_FENCE = regex(r"[ \t]*(?:[-*+][ \t]+)*(?:(`{3,})[^`\n]*|(~{3,})[^\n]*)\Z")


_EMBED = regex(r"!\[\[[^\[\]\n]*\]\]|\{\{embed [^{}\n]*\}\}")


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
    fences = Fences(lines, markup)
    at = 0
    while at < len(lines):
        line = lines[at]
        if "```" in line or "~~~" in line:
            end = fences.end(at)
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


_BULLET = regex(r"[ \t]*[-*+][ \t]")


class Fences:
    """The fences of a text that the text itself closes. Asked from the first line to the last, it is linear."""

    def __init__(self, lines: list[str], markup: Markup) -> None:
        self.lines = lines
        self.outline = markup.outline
        self.open: dict[str, int] = {}
        """Mark -> the least length that nothing closes any more."""

    def end(self, at: int) -> int | None:
        """The line that closes the fence opened by line ``at``; None when it opens none or is not closed."""
        line = self.lines[at]
        opener = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if opener is None:
            return None
        mark = opener[1] or opener[2]
        if self.outline and (len(mark) > 3 or _BULLET.match(line)):
            return None
        kind, length = ("any", 3) if self.outline else (mark[0], len(mark))
        if length >= self.open.get(kind, length + 1):
            return None
        for place in range(at + 1, len(self.lines)):
            if self._closes(self.lines[place], kind, length):
                return place
        self.open[kind] = length
        return None

    def _closes(self, line: str, kind: str, length: int) -> bool:
        word = line.strip(" \t")
        if self.outline:
            return word[:3] in ("```", "~~~")
        return len(word) >= length and not word.strip(kind)
