"""Open conflicts with the words in which people read them: names instead of ids, places instead of pointers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from twinpage.core.choosing.conflict_words import field_at, in_words
from twinpage.core.model_diff import compare, words
from twinpage.core.pointers import look, put
from twinpage.core.schema.words import name_of
from twinpage.core.twins import place_words
from twinpage.model.kind import Kind, Value
from twinpage.model.outcome import ChangeTold, OpenConflict
from twinpage.workspace.opening import Workspace


def told(
    ws: Workspace, kind: Kind | None, values: Iterable[Value], found: Iterable[OpenConflict]
) -> list[OpenConflict]:
    """The same with name, place and values in words. ``values``: what the sides say, to name items by."""
    sides = [value for value in values if value]
    return [_told(ws, kind, sides, conflict) if kind else conflict for conflict in found]


def _told(ws: Workspace, kind: Kind, sides: list[Value], conflict: OpenConflict) -> OpenConflict:
    pointer = conflict.pointer
    called = _called(ws, kind, sides, pointer)
    parts = (conflict.base, conflict.other, conflict.mine)
    name = next((side["name"] for side in sides if isinstance(side.get("name"), str)), "")
    return replace(
        conflict,
        name=name or conflict.artifact.rpartition("/")[2],
        place=_place(kind, sides, conflict),
        words=tuple(tuple(in_words(part, pointer, kind, called)) for part in parts),
        changed=tuple(_changes(kind, conflict, called)) if not pointer else (),
    )


def _changes(kind: Kind, conflict: OpenConflict, called: Callable[[str], str]) -> Iterator[ChangeTold]:
    """What the side that did not remove the artifact changed of it."""
    there = conflict.mine if conflict.other is None else conflict.other
    if not isinstance(conflict.base, dict) or not isinstance(there, dict):
        return
    for one in compare(conflict.base, there, kind, called):
        texts = one.old, one.new
        if not all(isinstance(text, str) for text in texts) or one.action == "renamed":
            yield ChangeTold(words(one))
        else:
            before, now = (tuple(in_words(text, one.pointer, kind, called)) for text in texts)
            yield ChangeTold(words(one), before, now)


def _place(kind: Kind, sides: list[Value], conflict: OpenConflict) -> str:
    """The place by the names of the side that has it: an item may be gone from the other."""
    pointer = conflict.pointer
    where = pointer.rpartition("/")[0] if conflict.mine is None else pointer
    side = next((side for side in sides if look(side, where) is not None), sides[0] if sides else {})
    if conflict.mine is None and conflict.other is not None:
        side = put(side, pointer, conflict.other)
    words = place_words(kind, side, pointer)
    return words[:1].upper() + words[1:]


def _called(ws: Workspace, kind: Kind, sides: list[Value], pointer: str) -> Callable[[str], str]:
    field = field_at(pointer, kind)
    names: dict[str, str] = {}
    if field is not None and field.type == "items":
        for side in reversed(sides):
            items: Any = look(side, pointer)
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict) and isinstance(item.get("id"), str):
                    names[item["id"]] = name_of(item, field.shape) or item["id"]
    doubled = [name for name in names.values() if list(names.values()).count(name) > 1]

    def called(identifier: str) -> str:
        if identifier in names:
            name = names[identifier]
            return f"{name} ({identifier})" if name in doubled else name
        card = ws.vault.index.card(identifier)
        return card.name if card is not None and card.name else identifier

    return called
