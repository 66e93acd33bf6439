"""A note that was read: each value with its place, so that a changed value can be put exactly there."""

from __future__ import annotations

from typing import Any

from twinpage.core.lens.plan import Plan
from twinpage.model.kind import Field, Value
from twinpage.model.page import Property, Span


class Block:
    """One block of an outline: its first line, the lines that continue it, the blocks under it."""

    __slots__ = ("bullet", "content", "end", "heading", "kids", "line", "own", "start", "text", "width", "ws")

    def __init__(self, start: int, ws: str, width: int, heading: int, text: int, content: str, line: int) -> None:
        self.start = start
        self.ws = ws
        self.width = width
        self.heading = heading
        self.text = text
        """Where its content begins, behind bullet and heading marks."""
        self.content = content
        self.line = line
        """End of its first line."""
        self.own = line
        """Where the lines of its own end."""
        self.end = line
        self.bullet = True
        self.kids: list[Block] = []


class Prop:
    """A scalar or a list on one line: a page property, a labelled bullet, a property of a block."""

    __slots__ = ("block", "end", "field", "held", "page", "start", "value", "value_end", "value_start")

    def __init__(self, field: Field, start: int, end: int, value_start: int, value_end: int) -> None:
        self.field = field
        self.start = start
        self.end = end
        self.value_start = value_start
        self.value_end = value_end
        self.value: Any = None
        self.held = False
        self.block: Block | None = None
        self.page: Property | None = None


class TextSpot:
    """A text: prose below a heading, or the paragraphs of a block."""

    __slots__ = ("block", "end", "field", "inline", "level", "lines", "node", "paragraphs", "start", "stop", "value")

    def __init__(self, field: Field, start: int, end: int) -> None:
        self.field = field
        self.start = start
        """From its label or heading, or where the text itself begins when it has none."""
        self.end = end
        self.value = ""
        self.block: Block | None = None
        """The block that it belongs to; None for prose."""
        self.inline: Span | None = None
        """The value behind its label."""
        self.lines: list[Span] = []
        """Lines of text: of prose without its comments, or those that continue the block."""
        self.paragraphs: list[tuple[str, Block]] = []
        self.level = 0
        """Level of the heading above prose."""
        self.stop = end
        """Where prose must end at the latest."""
        self.node: Node | None = None
        """The item whose body it is."""


class ListSpot:
    """A list of items or lines with its label or heading."""

    __slots__ = ("anchor", "block", "end", "field", "inline", "level", "nodes", "start", "value", "ws")

    def __init__(self, field: Field, start: int, end: int, anchor: int) -> None:
        self.field = field
        self.start = start
        self.end = end
        self.anchor = anchor
        """Where a first element goes."""
        self.nodes: list[Node] = []
        self.value: list[Any] = []
        self.ws = ""
        """Indentation of its elements."""
        self.level = 0
        """Level of the items' headings; 0 for bullets and blocks without heading."""
        self.inline: Span | None = None
        self.block: Block | None = None


Spot = "Prop | TextSpot | ListSpot | Node"


class Node:
    """One object: the note as a whole, an item of a list, an element of a plain list, or a record."""

    __slots__ = (
        "block",
        "end",
        "field",
        "fields_at",
        "inline",
        "level",
        "marker",
        "parent",
        "plan",
        "private",
        "props_at",
        "spots",
        "start",
        "text",
        "title",
        "title_span",
        "value",
        "ws",
    )

    def __init__(self, plan: Plan, start: int, end: int, parent: Node | None, field: Field | None) -> None:
        self.plan = plan
        self.start = start
        self.end = end
        self.parent = parent
        self.field = field
        """The field of the parent that holds it; None for the note as a whole."""
        self.value: Value = {}
        self.title = ""
        self.title_span: Span = (start, start)
        self.marker: Prop | None = None
        self.text: TextSpot | None = None
        self.spots: dict[str, Prop | TextSpot | ListSpot | Node] = {}
        self.block: Block | None = None
        self.level = 0
        """Level of its heading in a note with prose; else 0."""
        self.ws = ""
        """Indentation of its labelled bullets or blocks."""
        self.fields_at = end
        """Where a first field goes."""
        self.props_at = start
        """Where a first property goes."""
        self.private: list[Span] = []
        """Blocks and lines that belong to the note alone."""
        self.inline: Span | None = None
