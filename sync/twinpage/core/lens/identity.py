"""Items keep their ids: by marker, by equal name, by likeness between matched neighbours; else a new id."""

from __future__ import annotations

import json
from itertools import repeat
from typing import Any

from twinpage.core.lens.located import ListSpot, Node
from twinpage.model.kind import Value
from twinpage.model.names import slug
from twinpage.model.remembering import remembered

LIKE = 0.6
"""How much of what two items hold must be alike for the one to be the other, renamed."""


@remembered(8192)
def slug_of(title: str) -> str:
    """The id that an item of this name has unless it carries another."""
    return slug(title)


_LONG = 3000
"""Longer contents are compared by their words' sets: comparing letters takes too long."""


def give_ids(node: Node, reference: Value | None) -> None:
    """Give every item below a node its id, from the reference where one of its items is meant."""
    for spot in node.spots.values():
        if isinstance(spot, Node):
            known = reference.get(spot.field.name) if reference and spot.field else None
            give_ids(spot, known if isinstance(known, dict) else None)
        elif isinstance(spot, ListSpot) and spot.nodes and spot.nodes[0].plan.shape.fields:
            known = reference.get(spot.field.name) if reference else None
            _give_list(spot.nodes, [v for v in known if isinstance(v, dict)] if isinstance(known, list) else [])


def _give_list(items: list[Node], known: list[Value]) -> None:
    if not items[0].plan.identified:
        for item in items:
            give_ids(item, None)
        return
    known = [v for v in known if isinstance(v.get("id"), str)]
    by_id = {v["id"]: v for v in known}
    for item, own in zip(items, _ids(items, known), strict=True):
        item.value["id"] = own
        give_ids(item, by_id.get(own))


def _ids(items: list[Node], known: list[Value]) -> list[str]:
    title = items[0].plan.title
    title_key = title.name if title else ""
    if len(items) == len(known):
        names = {item.title for item in items}
        if len(names) == len(items) and all(map(_is_same, items, known, repeat(title_key))):
            return [value["id"] for value in known]
    ids: list[str] = [""] * len(items)
    used: set[str] = set()
    for place, item in enumerate(items):
        mark = item.marker.value if item.marker else ""
        if mark and mark not in used:
            ids[place] = mark
            used.add(mark)
    by_name: dict[Any, list[str]] = {}
    for value in reversed(known):
        if isinstance(name := value.get(title_key), str):
            by_name.setdefault(name, []).append(value["id"])
    for place, item in enumerate(items):
        named = by_name.get(item.title)
        while named and not ids[place]:
            own = named.pop()
            if own not in used:
                ids[place] = own
                used.add(own)
    if known and "" in ids:
        _match_between(items, known, ids, used, title_key)
    reserved = used.union(value["id"] for value in known)
    numbers: dict[str, int] = {}
    for place, item in enumerate(items):
        if not ids[place]:
            ids[place] = _free(slug_of(item.title), reserved, numbers)
    return ids


def _is_same(item: Node, value: Value, title: str) -> bool:
    return item.title == value.get(title) and (item.marker is None or item.marker.value == value["id"])


def _free(wanted: str, taken: set[str], numbers: dict[str, int]) -> str:
    own = wanted
    while own in taken:
        numbers[wanted] = numbers.get(wanted, 1) + 1
        own = f"{wanted}-{numbers[wanted]}"
    taken.add(own)
    return own


def _match_between(items: list[Node], known: list[Value], ids: list[str], used: set[str], title: str) -> None:
    """A renamed item stands between the same neighbours and still holds most of what it held."""
    tries = _TRIES
    place_of = {value["id"]: place for place, value in enumerate(known)}
    at = 0
    while at < len(items):
        if ids[at]:
            at += 1
            continue
        stop = at
        while stop < len(items) and not ids[stop]:
            stop += 1
        low = place_of.get(ids[at - 1], -1) if at else -1
        high = place_of.get(ids[stop], len(known)) if stop < len(items) else len(known)
        free = [place for place in range(low + 1, high) if known[place]["id"] not in used]
        for place in range(at, stop):
            best, likeness = -1, LIKE
            for candidate in free[: min(_CANDIDATES, tries)]:
                tries -= 1
                found = alike(items[place].value, known[candidate], title)
                if found > likeness or (found == likeness and best < 0):
                    best, likeness = candidate, found
            if best >= 0:
                ids[place] = known[best]["id"]
                used.add(ids[place])
                free = [candidate for candidate in free if candidate > best]
        at = stop


_CANDIDATES = 30
"""So many items are compared with a new one at most."""

_TRIES = 300
"""And so many comparisons are made in one list: nobody renames more in one go."""


def alike(one: Value, other: Value, title: str) -> float:
    """From 0 to 1: likeness of what two items hold besides the name; of their names, if nothing else."""
    mine = {key: value for key, value in one.items() if key not in ("id", title)}
    theirs = {key: value for key, value in other.items() if key not in ("id", title)}
    if mine and _without_ids(mine) == _without_ids(theirs):
        return 1.0
    if not mine and not theirs:
        return _ratio(str(one.get(title, "")), str(other.get(title, "")))
    return _ratio(_words(mine), _words(theirs))


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(part) for key, part in value.items() if key != "id"}
    return [_without_ids(part) for part in value] if isinstance(value, list) else value


def _words(value: Value) -> str:
    return json.dumps(_without_ids(value), sort_keys=True, ensure_ascii=False)


def _ratio(one: str, other: str) -> float:
    if len(one) + len(other) > _LONG:
        mine, theirs = set(one.split()), set(other.split())
        return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))
    from difflib import SequenceMatcher  # most notes have nothing that was renamed

    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE else 0.0
