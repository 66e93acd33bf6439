"""An output format, and how it may look. Nothing is loaded here of what it words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from twinpage.model.check_outcome import CheckOutcome
    from twinpage.model.event import Event
    from twinpage.model.outcome import ConflictsOutcome, StatusOutcome, SyncOutcome, TrashOutcome
    from twinpage.model.review import Review


class Style(Struct, frozen=True):
    """How an output may look."""

    colour: bool = False
    statistics: bool = False
    """Count flags by code as well."""
    width: int = 100
    """Cells of a line."""


class Output(Struct, frozen=True):
    """One output format. Each function returns the whole text, with its final newline.

    None: the format does not know the command.
    """

    name: str
    check: Callable[[CheckOutcome, Style], str] | None = None
    sync: Callable[[SyncOutcome, Style], str] | None = None
    status: Callable[[StatusOutcome, Style], str] | None = None
    event: Callable[[Event, str, Style], str] | None = None
    """One line of a watcher, with the time at which it is told."""
    trash: Callable[[TrashOutcome, Style], str] | None = None
    conflicts: Callable[[ConflictsOutcome, Style], str] | None = None
    review: Callable[[Review, Style], str] | None = None
