"""Ending conflicts: what both sides say once somebody has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twinpage.core import pointers
from twinpage.model.conflict import Conflict
from twinpage.model.decision import Clash, Decision, Gone, Merge, ToPage
from twinpage.model.kind import Value

NOTE, FILE = "note", "file"
OTHER, MINE = ("note", "theirs"), ("file", "ours")
"""The artifact file keeps its own value, so it is ``ours``; the other value came from the note, or from a branch."""


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


def settle_merge(value: Value, chosen: Mapping[str, Any]) -> Value:
    """An artifact with conflicts that git's merge left in it, decided: these pointers have these values.

    Of several at one pointer the first is decided; the others have more versions to choose from.
    """
    entries = list(value.get("conflicts", ()))
    decided = set()
    for entry in list(entries):
        pointer = entry.get("pointer", "")
        if pointer not in chosen or pointer in decided or entry.get("from", NOTE) == NOTE:
            continue
        decided.add(pointer)
        if pointers.look(value, pointer) != chosen[pointer]:
            value = pointers.put(value, pointer, chosen[pointer])
        entries.remove(entry)
    rest = {name: part for name, part in value.items() if name != "conflicts"}
    return {**rest, "conflicts": entries} if entries else rest
