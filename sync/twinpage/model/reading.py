"""What reading a note gave: the value, where each field stands, and what was odd."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from twinpage.model.kind import Value
from twinpage.model.problem import Problem


class Link(Struct, frozen=True):
    """One link or embed of a note, outside code and comments. ``start`` and ``end`` span it whole."""

    start: int
    end: int
    target: str
    """What it names, without alias, heading or block part: ``Launch buyer's journey``."""
    embed: bool


class Reading(Struct, frozen=True):
    """A note read as a value of its kind.

    ``value`` holds the expressed fields only, canonical, items with their ids; never ``kind``, ``id`` or ``schema``.
    A field that is held (unresolved link, lost structure) is absent from ``value`` and its pointer is in ``held``.
    """

    value: Value
    problems: tuple[Problem, ...]
    held: tuple[str, ...]
    offset_of: Callable[[str], int | None]
    """Character offset of a field by pointer; None when the note does not express it."""
