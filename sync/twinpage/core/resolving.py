"""Ending conflicts: what both sides say once somebody has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twinpage.core import pointers
from twinpage.errors import UnknownWord
from twinpage.model.decision import Clash, Conflict, Decision, Gone, Merge, ToPage
from twinpage.model.kind import Value

NOTE, FILE = "note", "file"
SIDE_OF = {"note": NOTE, "theirs": NOTE, "file": FILE, "ours": FILE}
"""The artifact file keeps its own value, so it is ``ours``; the other value came from the note."""


def resolved(clash: Clash, chosen: Mapping[str, Any]) -> Decision:
    """The decision once these conflicts (by pointer) have these values; what is not chosen stays open."""
    note_view, file_view, agreed = clash.note_view, clash.file_view, clash.agreed
    still_open: list[Conflict] = []
    for conflict in clash.conflicts:
        if conflict.pointer not in chosen:
            still_open.append(conflict)
            continue
        value = chosen[conflict.pointer]
        note_view = pointers.put(note_view, conflict.pointer, value, file_view)
        file_view = pointers.put(file_view, conflict.pointer, value, note_view)
        agreed = pointers.put(agreed, conflict.pointer, value, note_view)
    if still_open:
        return Clash(note_view, file_view, tuple(still_open), agreed)
    return Merge(note_view)


def resolved_removal(clash: Clash, side: str) -> Decision:
    """The note is gone and the file was edited: which of the two is right."""
    return Gone(NOTE) if side == NOTE else ToPage(clash.file_view)


def values_of(clash: Clash, sides: Mapping[str, str]) -> dict[str, Any]:
    """The value of the chosen side for each pointer. Raises UnknownWord for a pointer that is no open conflict."""
    by_pointer = {conflict.pointer: conflict for conflict in clash.conflicts}
    chosen: dict[str, Any] = {}
    for pointer, side in sides.items():
        conflict = by_pointer.get(pointer)
        if conflict is None:
            raise UnknownWord("open conflict at", pointer, tuple(by_pointer)[:3], "twinpage conflicts")
        chosen[pointer] = conflict.note if SIDE_OF[side] == NOTE else conflict.file
    return chosen


def settle_merge(value: Value, sides: Mapping[str, str]) -> Value:
    """An artifact with conflicts that git's merge left in it, decided: only ``theirs`` puts the other value."""
    entries = list(value.get("conflicts", ()))
    for entry in list(entries):
        side = sides.get(entry.get("pointer", ""))
        if side is None or entry.get("from", NOTE) == NOTE:
            continue
        if side == "theirs":
            value = pointers.put(value, entry["pointer"], entry.get("other"))
        entries.remove(entry)
    rest = {name: part for name, part in value.items() if name != "conflicts"}
    return {**rest, "conflicts": entries} if entries else rest
