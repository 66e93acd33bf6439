"""A note that was read: each value with its place, so that a changed value can be put exactly there.

Ends are worked out when asked for: reading needs none of them. Nothing points upwards, so that a reading that nobody
needs any more is gone at once, without waiting for the collector of cycles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twinpage.core.lens.plan import Plan
from twinpage.model.kind import Field, Value
from twinpage.model.page import Property, Span


def core_end(text: str, start: int, end: int) -> int:
    """End of the last line that says something between two offsets; blanks at its end belong to it."""
    core = end
    while core > start and text[core - 1] in " \t\r\n":
        core -= 1
    line_end = text.find("\n", core, end)
    line_end = end if line_end < 0 else line_end
    return line_end - 1 if line_end > core and text[line_end - 1] == "\r" else line_end


class Block:
    """One block of an outline: its first line, the lines that continue it, the blocks under it."""

    __slots__ = ("content", "end", "heading", "kids", "line", "own", "start", "text", "width", "ws")

    def __init__(self, start: int, ws: str, width: int, heading: int, text: int, content: str, line: int) -> None:
        self.start = start
        self.ws = ws
        self.width = width
        self.heading = heading
        """Level of its heading; below zero when it has a heading and no bullet."""
        self.text = text
        """Where its content begins, behind bullet and heading marks."""
        self.content = content
        self.line = line
        """End of its first line."""
        self.own = -1
        """Where the lines of its own end."""
        self.end = line
        self.kids: Sequence[Block] = ()


class Prop:
    """A scalar or a list on one line: a page property, a labelled bullet, a property of a block."""

    held = False
    block: Block | None = None
    page: Property | None = None
    value: Any = None

    def __init__(self, field: Field, text: str, start: int, stop: int, value_start: int, value_end: int) -> None:
        self.field = field
        self.text = text
        self.start = start
        self.stop = stop
        self.value_start = value_start
        self.value_end = value_end

    @property
    def end(self) -> int:
        return core_end(self.text, self.start, self.stop)


class TextSpot:
    """A text: prose below a heading, or the paragraphs of a block."""

    value = ""
    block: Block | None = None
    """The block that it belongs to; None for prose."""
    inline: Span | None = None
    """The value behind its label."""
    level = 0
    """Level of the heading above prose."""
    is_body = False
    """It is the text of an item, and has no label."""
    lines: Sequence[Span] = ()
    """Lines of text that continue the block."""
    paragraphs: Sequence[tuple[str, Block]] = ()

    def __init__(self, field: Field, text: str, start: int, stop: int) -> None:
        self.field = field
        self.text = text
        self.start = start
        """From its label or heading, or where the text itself begins when it has none."""
        self.stop = stop

    @property
    def end(self) -> int:
        return core_end(self.text, self.start, self.stop)


class ListSpot:
    """A list of items or lines with its label or heading."""

    level = 0
    """Level of the items' headings; 0 for bullets and blocks without heading."""
    inline: Span | None = None
    block: Block | None = None

    def __init__(self, field: Field, text: str, start: int, stop: int, first: int) -> None:
        self.field = field
        self.text = text
        self.start = start
        self.stop = stop
        self.first = first
        """Where its first element begins at the earliest."""
        self.nodes: list[Node] = []
        self.value: list[Any] = []

    @property
    def end(self) -> int:
        return core_end(self.text, self.start, self.stop)

    @property
    def anchor(self) -> int:
        """Where a first element goes."""
        return core_end(self.text, self.start, self.first)


class Node:
    """One object: the note as a whole, an item of a list, an element of a plain list, or a record."""

    title = ""
    title_span: Span = (0, 0)
    marker: Prop | None = None
    body: TextSpot | None = None
    block: Block | None = None
    level = 0
    """Level of its heading in a note with prose; else 0."""
    inline: Span | None = None
    """Words behind the label of a record: the note's own."""
    first_run = -1
    """End of the property lines right behind its first line."""

    def __init__(self, plan: Plan, text: str, start: int, stop: int, field: Field | None) -> None:
        self.plan = plan
        self.text = text
        self.start = start
        self.stop = stop
        self.field = field
        """The field that holds it; None for the note as a whole."""
        self.value: Value = {}
        self.spots: dict[str, Prop | TextSpot | ListSpot | Node] = {}
        self.fields_from = stop
        """What stands before its first field ends here, blanks included."""

    @property
    def end(self) -> int:
        return core_end(self.text, self.start, self.stop)

    @property
    def fields_at(self) -> int:
        """Where a first field goes."""
        return core_end(self.text, self.start, self.fields_from)

    @property
    def props_at(self) -> int:
        """Where a first property goes."""
        if self.block is None:
            return self.fields_at
        end = self.first_run if self.first_run >= 0 else self.block.line
        return end - 1 if self.text[end - 1 : end] == "\r" else end
