"""Texts side by side, measured as a terminal shows them: wide characters take two cells, combining marks none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from twinpage.model.regex import regex

_JOINER, _EMOJI_FORM = "\u200d", "\ufe0f"
_SKIN = range(0x1F3FB, 0x1F400)
_PIECES = regex(r" +|[^ ]+")
_LEAD = regex(r" *(?:- )*")
_BETWEEN = " | "


def cells(text: str) -> int:
    """How many cells of a line a text takes."""
    return sum(width for _, width in _clusters(text))


def side_by_side(columns: Sequence[Sequence[str]], width: int) -> list[str]:
    """Lines of some columns next to one another, each column wrapped to its equal share of ``width`` cells."""
    share = max((width - len(_BETWEEN) * (len(columns) - 1)) // len(columns), 2)
    wrapped = [[piece for line in column for piece in wrap(line, share)] for column in columns]
    height = max((len(column) for column in wrapped), default=0)
    rows = [[column[at] if at < len(column) else "" for column in wrapped] for at in range(height)]
    return [_BETWEEN.join(cell + " " * (share - cells(cell)) for cell in row).rstrip() for row in rows]


def wrap(line: str, width: int) -> list[str]:
    """One line as lines of at most ``width`` cells. Only blanks at a break are dropped, and a word that is too long is
    broken between two characters; what continues a bullet is indented like it."""
    line = line.replace("\t", "    ")
    lead = _LEAD.match(line)
    hang = min(len(lead[0]) if lead else 0, width // 2)
    lines: list[str] = []
    now, used, blank = "", 0, True
    for piece in _PIECES.findall(line):
        size = cells(piece)
        if used + size <= width:
            now, used, blank = now + piece, used + size, blank and piece[0] == " "
            continue
        if not blank:
            lines.append(now.rstrip(" "))
            now, used, blank = " " * hang, hang, True
            if piece[0] == " ":
                continue
        for cluster, size in _clusters(piece):
            if used + size > width and not blank:
                lines.append(now)
                now, used = " " * hang, hang
            now, used, blank = now + cluster, used + size, False
    return [*lines, now.rstrip(" ")] if not blank or not lines else lines


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """Characters with what is put on top of them, and the cells of each."""
    if text.isascii():
        yield from ((char, 1) for char in text)
        return
    cluster, width, joined = "", 0, False
    for char in text:
        size = _size(char)
        if cluster and (size == 0 or joined or ord(char) in _SKIN):
            cluster += char
            width = 2 if char == _EMOJI_FORM else width
        else:
            if cluster:
                yield cluster, width
            cluster, width = char, size
        joined = char == _JOINER
    if cluster:
        yield cluster, width


def _size(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or 0x1160 <= ord(char) < 0x1200:
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
