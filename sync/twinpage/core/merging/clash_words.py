"""What clashes between two branches, as people say it: names of fields and items, and who removed what."""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.choosing.conflicts import Open
from twinpage.core.twins import place_words
from twinpage.model.kind import Kind, Value


def clash_words(opens: Iterable[Open], kind: Kind, value: Value) -> tuple[str, ...]:
    """Each as a clause: ``both changed goal``. ``value``: what came of the merge."""
    return tuple(_clause(left, place_words(kind, value, left.pointer)) for left in opens)


def _clause(left: Open, place: str) -> str:
    if left.other is not None:
        return f"both changed {place}"
    one, other = ("ours", "theirs") if left.from_ == "ours" else ("theirs", "ours")
    return f"{one} removed {place}, which {other} changed, so it stays as {other} has it"
