"""What a note says of an artifact file, and laying it back over the file.

A view is an artifact without ``kind``, ``id``, ``schema`` and what no note shows (hidden and opaque fields); an item
keeps its ``id``. The artifact file alone has what the note never expressed: fields, or items, that stood in the file
when the twins last agreed but not in the note's view.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from twinpage.model.kind import Field, Kind, Shape, Value


def view_of(value: Value, kind: Kind) -> Value:
    """What a note could say of an artifact. Empty means absent."""
    view = _view(value, kind.shape)
    view.pop("id", None)  # the id of an artifact is not said by any field; those of its items are
    return view


def expressed(
    base_value: Value, base_view: Value, value_now: Value, kind: Kind, view_now: Value | None = None
) -> Value:
    """The view of an artifact file without what its note did not express when both last agreed.

    What is new in the file counts as to be expressed, and so does what the note says by now (``view_now``).
    """
    return _expressed(view_of(base_value, kind), base_view, view_of(value_now, kind), kind.shape, view_now or {})


def without_unexpressed(note_view: Value, file_view: Value, kind: Kind) -> Value:
    """A file's view, when there is no base, without the fields that the note lacks. Items stay, so that lists unite."""
    return _common(note_view, file_view, kind.shape)


def overlay(value: Value, old_view: Value | None, new_view: Value, kind: Kind) -> Value:
    """Lay a note's view over an artifact, items by id. ``old_view``: what the note expressed before; None: unknown.

    Hidden fields and what the note never expressed stay; what it expressed before and lacks now goes.
    ``overlay(a, v, v)`` is ``a`` for the ``v`` that its note expresses.
    """
    return _laid(value, old_view or {}, new_view, kind.shape)


@lru_cache(maxsize=1024)
def _layout(shape: Shape) -> dict[str, Field]:
    """The fields that a note can show, by name."""
    special = [field for field in (shape.title, shape.body) if field]
    shown = [field for field in [*shape.fields, *special] if field.place != "hidden" and field.type != "opaque"]
    return {field.name: field for field in shown}


def _is_empty(part: Any) -> bool:
    return part is None or (isinstance(part, str | list | dict) and not part)


def _view(value: Value, shape: Shape) -> Value:
    layout = _layout(shape)
    view: Value = {}
    for name, part in value.items():
        field = layout.get(name)
        if field is None:
            if name == "id" and shape.identified:
                view[name] = part
            continue
        if (inner := field.shape) is not None:
            if isinstance(part, list):
                part = [_view(item, inner) if isinstance(item, dict) else item for item in part]
            elif isinstance(part, dict):
                part = _view(part, inner)
        if part or not _is_empty(part):
            view[name] = part
    return view


def _expressed(was: Value, said: Value, now: Value, shape: Shape, anew: Value) -> Value:
    layout = _layout(shape)
    view: Value = {}
    for name, part in now.items():
        before, there = was.get(name), said.get(name)
        field = layout.get(name)
        if there is None and before is not None and name not in anew:
            continue
        if before is not None and before != there and field is not None and field.shape is not None:
            part = _expressed_part(before, there, part, field.shape, anew.get(name))
        if not _is_empty(part):
            view[name] = part
    return view


def _expressed_part(was: Any, said: Any, now: Any, shape: Shape, anew: Any) -> Any:
    if all(isinstance(part, dict) for part in (was, said, now)):
        return _expressed(was, said, now, shape, anew if isinstance(anew, dict) else {})
    if said is None and anew is not None:
        said = [] if isinstance(now, list) else said
    if not all(isinstance(part, list) for part in (was, said, now)):
        return now
    told = anew if isinstance(anew, list) else []
    before, there, again = (_matches(now, others, shape) for others in (was, said, told))
    items = []
    for place, item in enumerate(now):
        if place in before and place not in there and place not in again:
            continue
        if place not in before or not isinstance(item, dict):
            items.append(item)
            continue
        of_base, of_note = (others[at[place]] if place in at else {} for others, at in ((said, there), (told, again)))
        items.append(_expressed(was[before[place]], of_base, item, shape, of_note))
    return items


def _common(note: Value, file: Value, shape: Shape) -> Value:
    layout = _layout(shape)
    view: Value = {}
    for name, part in file.items():
        there = note.get(name)
        if there is None:
            continue
        field = layout.get(name)
        if field is not None and field.shape is not None and there != part:
            part = _common_part(there, part, field.shape)
        if not _is_empty(part):
            view[name] = part
    return view


def _common_part(note: Any, file: Any, shape: Shape) -> Any:
    if isinstance(note, dict) and isinstance(file, dict):
        return _common(note, file, shape)
    if isinstance(note, list) and isinstance(file, list):
        there = _matches(file, note, shape)
        return [_common(note[there[place]], item, shape) if place in there else item for place, item in enumerate(file)]
    return file


def _laid(value: Value, old: Value, new: Value, shape: Shape) -> Value:
    result = dict(value)
    for name, field in _layout(shape).items():
        if name in new:
            if name not in value or value[name] != new[name]:
                result[name] = _laid_part(value.get(name), old.get(name), new[name], field)
        elif name in old and name in result:
            rest = _laid_part(result.pop(name), old[name], None, field)
            if not _is_empty(rest):
                result[name] = rest
    return {**result, **({"id": new["id"]} if "id" in new else {})}


def _laid_part(part: Any, old: Any, new: Any, field: Field) -> Any:
    """A field of the file with the note's ``new`` in it; None: what is left of it when the note drops it."""
    if field.shape is not None and isinstance(part, dict) and (new is None or isinstance(new, dict)):
        return _laid(part, old if isinstance(old, dict) else {}, new or {}, field.shape)
    if field.shape is not None and isinstance(part, list) and (new is None or isinstance(new, list)):
        return _laid_items(part, old if isinstance(old, list) else [], new or [], field.shape)
    return new


def _laid_items(items: list[Any], old: list[Any], new: list[Any], shape: Shape) -> list[Any]:
    """The note's items in its order; those that it never expressed follow the item that they followed."""
    of_file, before = _matches(new, items, shape), _matches(new, old, shape)
    said_now, said_before = _matches(items, new, shape), _matches(items, old, shape)
    own: dict[int, list[Any]] = {}
    last = -1
    for place, item in enumerate(items):
        if place in said_now:
            last = said_now[place]
        elif isinstance(item, dict) and place not in said_before:
            own.setdefault(last, []).append(item)
    result = own.get(-1, [])[:]
    for place, item in enumerate(new):
        known = old[before[place]] if place in before else {}
        result.append(_laid(items[of_file[place]], known, item, shape) if place in of_file else item)
        result += own.get(place, [])
    return result


def _matches(items: list[Any], others: list[Any], shape: Shape) -> dict[int, int]:
    """For the place of each item the place of the same one among ``others``."""
    by_place = len(items) == len(others)
    named = {key: place for place, key in enumerate(_keys(others, shape, by_place)) if isinstance(others[place], dict)}
    keys = enumerate(_keys(items, shape, by_place))
    return {place: named[key] for place, key in keys if key in named and isinstance(items[place], dict)}


def _keys(items: list[Any], shape: Shape, by_place: bool) -> list[Hashable]:
    """What an item is known by: its id, else its title, else its place, else all of it. Doubles are numbered."""
    keys: list[Hashable] = []
    seen: Counter[Hashable] = Counter()
    for place, item in enumerate(items):
        key: Hashable = place
        title = item.get(shape.title.name) if shape.title and isinstance(item, dict) else None
        if shape.identified and isinstance(item, dict) and isinstance(item.get("id"), str):
            key = ("id", item["id"])
        elif isinstance(title, str) and not shape.identified:
            key = ("title", title)
        elif not by_place:
            key = ("all", json.dumps(item, sort_keys=True))
        keys.append((key, seen[key]))
        seen[key] += 1
    return keys


def filled(view: Value, base: Value, held: tuple[str, ...]) -> Value:
    """A note's view with its held fields as in the base: what cannot be told counts as unchanged."""
    if not held:
        return view
    result = dict(view)
    for pointer in held:
        top = pointer.split("/")[1] if pointer else ""
        if top in base:
            result[top] = _filled_at(result.get(top), base[top], pointer.split("/")[2:])
    return {name: result[name] for name in (*base, *result) if name in result}


def _filled_at(now: object, base: object, rest: list[str]) -> object:
    if not rest or now is None:
        return base
    key, deeper = rest[0], rest[1:]
    if isinstance(now, dict) and isinstance(base, dict):
        return {**now, key: _filled_at(now.get(key), base[key], deeper)} if key in base else now
    if isinstance(now, list) and isinstance(base, list):
        old = {item["id"]: item for item in base if isinstance(item, dict) and "id" in item}
        if not old:
            return base  # which element is held cannot be told once others came or went
        return [
            _filled_at(item, old[key], deeper) if isinstance(item, dict) and item.get("id") == key in old else item
            for item in now
        ]
    return now
