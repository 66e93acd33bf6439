"""Edits by offset, put into a text at once."""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.model.page import Span

_MANY = 1_000_000


class Overlap(Exception):
    """Two edits want the same characters: this form of the change is not possible."""


class Splices:
    """Edits of one text. At one place, insertions come before replacements, in the order in which they were made."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[tuple[int, int, int, str]] = []

    def put(self, start: int, end: int, text: str, rank: int = 0) -> None:
        """Replace a span. ``rank``: below zero before all other insertions at that place, above zero behind them."""
        if start < end or text:
            self.edits.append((start, end, rank * _MANY + len(self.edits), text))

    def cut_lines(self, start: int, end: int) -> None:
        """Remove a span with the line feed before it, and the indentation it starts with."""
        text = self.text
        while start > 0 and text[start - 1] in " \t":
            start -= 1
        if start > 0 and text[start - 1] == "\n":
            start -= 1
            if start > 0 and text[start - 1] == "\r":
                start -= 1
        elif end < len(text):
            end = _behind_line_feed(text, end)
        self.put(start, end, "")

    def cut_with_blanks(self, start: int, end: int, floor: int = 0) -> None:
        """Remove a span with all empty lines before it."""
        text = self.text
        while start > floor and text[start - 1] in " \t\r\n":
            start -= 1
        if start == floor:
            behind = _behind_blank_lines(text, end)
            end = behind if behind < len(text) else end
        self.put(start, end, "")

    def removed(self) -> Iterable[Span]:
        return [(start, end) for start, end, _, _ in self.edits if start < end]

    def applied(self, low: int = 0, high: int | None = None) -> str:
        """The text between two offsets with all edits. Raises Overlap."""
        high = len(self.text) if high is None else high
        parts: list[str] = []
        at, removing = low, False
        for start, end, _, new in sorted(self.edits, key=lambda e: (e[0], e[1] > e[0], e[2])):
            if start < at and removing and not new:
                start, end = at, max(at, end)  # both remove the empty lines between them
            if start < at or end > high:
                raise Overlap((start, end, new, at, low, high))
            parts.append(self.text[at:start])
            parts.append(new)
            at, removing = end, not new
        parts.append(self.text[at:high])
        return "".join(parts)


def _behind_blank_lines(text: str, at: int) -> int:
    while True:
        behind = _behind_line_feed(text, at)
        if behind == at:
            return at
        at = behind


def _behind_line_feed(text: str, at: int) -> int:
    if text[at : at + 2] == "\r\n":
        return at + 2
    return at + 1 if text[at : at + 1] == "\n" else at
