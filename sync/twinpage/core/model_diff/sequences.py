"""Two lists side by side: what was added, removed, given another id, reworded in place or moved."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from msgspec import Struct


class Paired(Struct, frozen=True):
    """Indexes into the two lists."""

    both: tuple[tuple[int, int], ...]
    """In the order of the new list."""
    removed: tuple[int, ...]
    added: tuple[int, ...]
    moved: tuple[int, ...]
    """Indexes into the new list of paired elements that do not stand where they stood among the others: as few as
    explain the new order."""


def same(old: Any, new: Any) -> bool:
    """Equal as JSON: ``true`` is no 1, but 1.0 is 1; the order of keys says nothing."""
    if old != new:
        return False
    if isinstance(old, str):
        return True
    return repr(old) == repr(new) or _same(old, new)  # what is written alike need not be walked through


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(part, new[name]) for name, part in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return bool(old == new)


def pair(old: Sequence[Any], new: Sequence[Any]) -> Paired:
    """Elements are the same by id, else by content; what is left then by content without the id, by name, and, where
    one plain element stands in the place of one other, by place."""
    before, after = _keys(old), _keys(new)
    if before == after:
        return Paired(tuple((index, index) for index in range(len(new))), (), (), ())
    there = {key: index for index, key in enumerate(before)}
    both = {index: there[key] for index, key in enumerate(after) if key in there}
    _pair_left(old, new, both, _content)
    _pair_left(old, new, both, _named)
    _pair_in_place(old, new, both)
    pairs = sorted(both.items())
    taken = set(both.values())
    still = _longest_rise([index for _, index in pairs])
    return Paired(
        tuple((was, now) for now, was in pairs),
        tuple(index for index in range(len(old)) if index not in taken),
        tuple(index for index in range(len(new)) if index not in both),
        tuple(now for place, (now, _) in enumerate(pairs) if place not in still),
    )


def item_id(item: Any) -> str | None:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else None


def _keys(elements: Sequence[Any]) -> list[Hashable]:
    """One key an element, no two the same: its id, or its content and how often that came before."""
    names = [item_id(element) for element in elements]
    if None not in names and len(set(names)) == len(names):
        return [(("id", name), 1) for name in names]
    seen: Counter[Hashable] = Counter()
    keys: list[Hashable] = []
    for element, name in zip(elements, names, strict=True):
        key: Hashable = ("id", name) if name is not None and not seen["id", name] else ("content", _text(element))
        seen[key] += 1
        keys.append((key, seen[key]))
    return keys


def _text(element: Any) -> str:
    return json.dumps(_plain_numbers(element), sort_keys=True)


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain_numbers(part) for name, part in value.items()}
    return [_plain_numbers(part) for part in value] if isinstance(value, list) else value


def _content(item: Any) -> str | None:
    rest = {name: part for name, part in item.items() if name != "id"} if item_id(item) is not None else {}
    return _text(rest) if rest else None


def _named(item: Any) -> str | None:
    name = item.get("name") if isinstance(item, dict) else None
    return name if isinstance(name, str) and name else None


def _pair_left(old: Sequence[Any], new: Sequence[Any], both: dict[int, int], key_of: Any) -> None:
    """Pair what is left where a key stands for one element of each side only."""
    taken = set(both.values())
    sides: list[dict[str, list[int]]] = [{}, {}]
    for side, elements, passed in ((sides[0], old, taken), (sides[1], new, both)):
        for index, element in enumerate(elements):
            key = None if index in passed else key_of(element)
            if key is not None:
                side.setdefault(key, []).append(index)
    for key, indexes in sides[1].items():
        others = sides[0].get(key, [])
        if len(indexes) == len(others) == 1:
            both[indexes[0]] = others[0]


def _pair_in_place(old: Sequence[Any], new: Sequence[Any], both: dict[int, int]) -> None:
    """One element without an id in the gap where one other was: between the same two neighbours."""
    back = {was: now for now, was in both.items()}
    gaps: dict[int, list[int]] = {}
    last = -1
    for index in range(len(old)):
        if index in back:
            last = back[index]
        else:
            gaps.setdefault(last, []).append(index)
    last = -1
    here: dict[int, list[int]] = {}
    for index in range(len(new)):
        if index in both:
            last = index
        else:
            here.setdefault(last, []).append(index)
    for anchor, indexes in here.items():
        others = gaps.get(anchor, [])
        if len(indexes) == len(others) == 1 and item_id(new[indexes[0]]) is item_id(old[others[0]]) is None:
            both[indexes[0]] = others[0]


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Places of a longest rising run of numbers, no two of which are the same."""
    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        before.append(places[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        places[at : at + 1] = [place]
    found = set()
    place = places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
