"""The three versions of an artifact that git could not merge by lines, merged by fields and ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from twinpage.core import pointers
from twinpage.core.merging.merge import merge
from twinpage.model.conflict import Conflict
from twinpage.model.kind import Kind, Value


class Versions(Struct, frozen=True):
    """What one twin says on both branches, and what it said before where git tells it."""

    base: Value | None
    ours: Value
    theirs: Value


class Joined(Struct, frozen=True):
    """One value of both branches, with ours where they clash. In the conflicts ``note`` is ours, ``file`` theirs."""

    value: Value
    clashes: tuple[Conflict, ...]
    sides: tuple[Value, Value]
    """Both branches' values with everything in them that merged: what a decision takes its part from."""
    ours: Value
    """What our branch said before."""

    def decided(self, chosen: Mapping[str, Any]) -> Value:
        """The value with what was chosen, by pointer."""
        value = self.value
        for pointer, part in chosen.items():
            like = next((side for side in self.sides if pointers.look(side, pointer) is not None), None)
            if pointers.look(value, pointer) != part:
                value = pointers.put(value, pointer, part, like)
        return value


def join(versions: Versions, kind: Kind) -> Joined:
    """Merge whole artifacts, or views of them: items by id, long text by paragraph.

    Conflicts that the branches carry as data already are none of these: both branches' stay in the value.
    """
    base, ours, theirs = (_bare(side) for side in (versions.base, versions.ours, versions.theirs))
    assert ours is not None
    assert theirs is not None
    ours, theirs = _without_form(base, ours, theirs, kind)
    merged = merge(base, ours, theirs, kind.shape)
    value = _with_entries(merged.note_view, versions)
    return Joined(value, merged.conflicts, (merged.note_view, merged.file_view), versions.ours)


def with_open(value: Value, left: tuple[Conflict, ...], from_: str) -> Value:
    """An artifact with these clashes as open conflicts, in place of those that show the same.

    What was open at a field before stays: it is another version to choose from.
    """
    taken = [(clash.pointer, clash.file) for clash in left]
    kept = [entry for entry in _entries(value) if (entry.get("pointer"), entry.get("other")) not in taken]
    new = [{"pointer": c.pointer, "base": c.base, "other": c.file, "from": from_} for c in left]
    rest = {name: part for name, part in value.items() if name != "conflicts"}
    return {**rest, "conflicts": [*kept, *new]} if kept or new else rest


def _bare(value: Value | None) -> Value | None:
    return None if value is None else {name: part for name, part in value.items() if name != "conflicts"}


def _entries(value: Value) -> list[Value]:
    entries = value.get("conflicts")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _with_entries(value: Value, versions: Versions) -> Value:
    """What either branch has open, but for what the other one decided since both began."""
    before, ours, theirs = (_entries(side or {}) for side in (versions.base, versions.ours, versions.theirs))
    entries = [entry for entry in ours if entry in theirs or entry not in before]
    entries += [entry for entry in theirs if entry not in ours and entry not in before]
    return {**value, "conflicts": entries} if entries else value


def _without_form(base: Value | None, ours: Value, theirs: Value, kind: Kind) -> tuple[Value, Value]:
    """Objects that no field of the kind describes, such as ``extras``: their keys merge one by one."""
    known = {field.name for field in kind.shape.by_name.values() if field.type != "opaque"}
    for name in [name for name in ours if name not in known]:
        one, other, was = ours[name], theirs.get(name), (base or {}).get(name, {})
        if isinstance(one, dict) and isinstance(other, dict) and isinstance(was, dict):
            merged = _keys(None if base is None else was, one, other)
            ours, theirs = {**ours, name: merged[0]}, {**theirs, name: merged[1]}
    return ours, theirs


def _keys(base: Value | None, ours: Value, theirs: Value) -> tuple[Value, Value]:
    """Both sides with what only one of them changed; without a base, with what only one of them has."""
    one, other = dict(ours), dict(theirs)
    for key in dict.fromkeys([*ours, *theirs]):
        was = base.get(key) if base is not None else None
        if was not in (ours.get(key), theirs.get(key)):
            continue
        part = theirs.get(key) if ours.get(key) == was else ours.get(key)
        for side in (one, other):
            side.pop(key, None)
            if part is not None:
                side[key] = part
    return one, other
