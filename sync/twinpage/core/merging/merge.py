"""Three-way merge of what both twins say, guided by the shape of their kind: field by field, items by id.

Every function here answers with a ``Trio``: what the note shall say, what the file shall say, and what both agree on,
which is the base of the next pass. Without a conflict all three are one. Values are shared, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from twinpage.core import pointers
from twinpage.core.merging.merge_order import merge_order
from twinpage.core.merging.merge_text import combine, merge_text
from twinpage.model.conflict import Conflict
from twinpage.model.kind import Field, Shape, Value

Trio = tuple[Any, Any, Any]
Item = Callable[[str, Any, Any, Any], Trio]

UNKNOWN: Final = object()
"""The base of something that nobody remembers, other than None: known to have been absent."""


class Merged(Struct, frozen=True):
    """What came of a merge. Without conflicts the views are equal; else each keeps its own at the pointers."""

    note_view: Value
    file_view: Value
    agreed: Value
    """The base to remember, as it was where there is a conflict. Merging the views with it again changes nothing."""
    conflicts: tuple[Conflict, ...]

    @property
    def view(self) -> Value:
        """One view for where only one can be: the note's own at conflicts, but what the file edited is not removed."""
        view = self.note_view
        for conflict in self.conflicts:
            if conflict.note is None:
                view = pointers.put(view, conflict.pointer, conflict.file, self.file_view)
        return view


def merge(base: Value | None, note: Value, file: Value, shape: Shape) -> Merged:
    """Bring two views of one artifact together. ``base`` None: nobody knows what they had in common.

    Without a base a field or item that one side lacks was never expressed there, and the other side's is kept.
    Swapping ``note`` and ``file`` swaps the answer's sides. The order of items is merged apart from what they hold; its
    conflicts are lists of ids at the list's pointer. A list of items without ids conflicts as a whole.
    """
    found: list[Conflict] = []
    if note == file:
        return Merged(note, note, note, ())
    if base is not None and note == base:
        return Merged(file, file, file, ())
    if base is not None and file == base:
        return Merged(note, note, note, ())
    ours, theirs, agreed = _fields(UNKNOWN if base is None else base, note, file, shape, "", found)
    return Merged(ours, theirs, agreed, tuple(sorted(found, key=lambda conflict: conflict.pointer)))


def _fields(base: Any, note: Value, file: Value, shape: Shape | None, at: str, found: list[Conflict]) -> Trio:
    layout = _layout(shape) if shape else {}
    names = [name for name in layout if name in note or name in file]
    strange = {*note, *file} - layout.keys()
    trio: Trio = ({}, {}, {})
    for name in [*sorted(strange), *names] if strange else names:
        was = UNKNOWN if base is UNKNOWN else base.get(name)
        merged = _field(was, note.get(name), file.get(name), layout.get(name), pointers.join(at, name), found)
        for side, part in zip(trio, merged, strict=True):
            if part is not None and part is not UNKNOWN:
                side[name] = part
    return trio


@lru_cache(maxsize=1024)
def _layout(shape: Shape) -> dict[str, Field]:
    special = [field for field in (shape.title, shape.body) if field]
    return {field.name: field for field in [*special, *shape.fields]}


def _one_sided(base: Any, note: Any, file: Any) -> Trio | None:
    """The answer when at most one side changed."""
    if note == file:
        return note, note, note
    if base is UNKNOWN:
        side = file if note is None else note
        return (side, side, side) if note is None or file is None else None
    if note == base:
        return file, file, file
    if file == base:
        return note, note, note
    return None


def _field(base: Any, note: Any, file: Any, field: Field | None, at: str, found: list[Conflict]) -> Trio:
    settled = _one_sided(base, note, file)
    if settled is None and field is not None:
        settled = _both_changed(base, note, file, field, at, found)
    return settled or _conflict(base, note, file, at, found)


def _conflict(base: Any, note: Any, file: Any, at: str, found: list[Conflict]) -> Trio:
    found.append(Conflict(at, None if base is UNKNOWN else base, note, file))
    return note, file, base


def _both_changed(base: Any, note: Any, file: Any, field: Field, at: str, found: list[Conflict]) -> Trio | None:
    known = None if base is UNKNOWN else base
    match field.type:
        case "text" if isinstance(known, str) and isinstance(note, str) and isinstance(file, str):
            text = merge_text(known, note, file)
            return None if text is None else _all(text or None)
        case "record" if isinstance(note, dict) and isinstance(file, dict) and isinstance(known, dict | None):
            inner = base if base is UNKNOWN else known or {}
            ours, theirs, agreed = _fields(inner, note, file, field.shape, at, found)
            return ours or None, theirs or None, agreed or None
        case "lines" | "items":
            lists = [known or [], note or [], file or []]
            if not all(isinstance(side, list) for side in lists):
                return None
            if field.type == "lines":
                return _lines(base, lists, field.unordered)
            if field.shape and field.shape.identified:
                return _identified(base, lists, field.shape, at, found)
            return _nameless(lists, field)
        case _:
            return None


def _all(part: Any) -> Trio:
    return part, part, part


def _lines(base: Any, lists: list[list[Any]], unordered: bool) -> Trio | None:
    elements = {_key(element): element for side in lists for element in side}
    was, note, file = ([_key(element) for element in side] for side in lists)
    if unordered:
        note, file = list(dict.fromkeys(note)), list(dict.fromkeys(file))
        removed = set() if base is UNKNOWN else {key for key in was if key not in note or key not in file}
        order = merge_order(was, note, file, {*note, *file} - removed)
        # A set has no order to disagree about; any will do that does not depend on the sides.
        return _all([elements[key] for key in min(order.note, order.file)] or None)
    merged = None if base is UNKNOWN else combine(was, note, file)
    return None if merged is None else _all([elements[key] for key in merged] or None)


def _key(element: Any) -> str:
    return json.dumps(element, sort_keys=True, ensure_ascii=False)


def _identified(base: Any, lists: list[list[Any]], shape: Shape, at: str, found: list[Conflict]) -> Trio | None:
    """Items by id; None when some have none, or share one."""
    sides = [_by(side, "id") for side in lists]
    if any(side is None for side in sides):
        return None

    def item(name: str, was: Any, note: Any, file: Any) -> Trio:
        was = UNKNOWN if base is UNKNOWN and was is None else was
        pointer = pointers.join(at, name)
        settled = _one_sided(was, note, file)
        if settled is None and was is not None and note is not None and file is not None:
            settled = _fields(was, note, file, shape, pointer, found)
        return settled or _conflict(was, note, file, pointer, found)

    before = len(found)
    trio, note_order, file_order = _items([side or {} for side in sides], item)
    if note_order != file_order:
        if base is UNKNOWN:
            # The base to remember will know none of these items; conflict as the next pass will with that base.
            del found[before:]
            return _identified(None, lists, shape, at, found)
        # Items that the base does not know stay out of it, or its order would decide for a side in the next pass.
        was = list(sides[0] or {})
        found.append(Conflict(at, was or None, note_order, file_order))
        kept = [element for element in trio[2] if element["id"] in (sides[0] or {})]
        return trio[0], trio[1], pointers.ordered(kept, was) or None
    return trio[0] or None, trio[1] or None, trio[2] or None


def _items(sides: list[dict[str, Any]], item: Item) -> tuple[Trio, list[str], list[str]]:
    """Items merged one by one and laid in order; with the order of both sides."""
    was, note, file = sides
    names = [*was, *sorted((note.keys() | file.keys()) - was.keys())]
    merged = {name: item(name, was.get(name), note.get(name), file.get(name)) for name in names}
    stay = {name for name, trio in merged.items() if trio[0] is not None or trio[1] is not None}
    order = merge_order(list(was), list(note), list(file), stay)
    ours, theirs, agreed = (
        [merged[name][side] for name in names if merged[name][side] is not None and merged[name][side] is not UNKNOWN]
        for side, names in enumerate((order.note, order.file, order.note))
    )
    return (ours, theirs, agreed), order.note, order.file


def _nameless(lists: list[list[Any]], field: Field) -> Trio | None:
    """Items without ids: by title where that names each of them, else by place, else as they stand; all or nothing.

    An index would name another element as soon as somebody adds one, so what does not merge conflicts as a whole.
    """
    shape, found = field.shape, list[Conflict]()

    def item(name: str, was: Any, note: Any, file: Any) -> Trio:
        settled = _one_sided(was, note, file)
        if settled is None and was is not None and note is not None and file is not None:
            settled = _fields(was, note, file, shape, name, found)
        return settled or _conflict(was, note, file, name, found)

    titled = [_by(side, shape.title.name) if shape and shape.title else None for side in lists]
    if not any(side is None for side in titled):
        trio, note_order, file_order = _items([side or {} for side in titled], item)
        return None if found or note_order != file_order else _all(trio[0] or None)
    dicts = all(isinstance(element, dict) for side in lists for element in side)
    if dicts and len({len(side) for side in lists}) == 1:
        pairs = [item(str(place), *elements) for place, elements in enumerate(zip(*lists, strict=True))]
        return None if found else _all([trio[0] for trio in pairs])
    return _lines(None, lists, unordered=False)


def _by(items: list[Any], key: str) -> dict[str, Any] | None:
    """The items by what they have at ``key``; None unless each has a text of its own there."""
    named: dict[str, Any] = {}
    for item in items:
        name = item.get(key) if isinstance(item, dict) else None
        if not isinstance(name, str) or not name or name in named:
            return None
        named[name] = item
    return named
