"""JSON pointers into values, in which an item that has an ``id`` is named by it and any other element by its index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twinpage.model.kind import Value


def join(pointer: str, part: str | int) -> str:
    """The pointer of a part of what ``pointer`` names."""
    return f"{pointer}/{str(part).replace('~', '~0').replace('/', '~1')}"


def parts(pointer: str) -> tuple[str, ...]:
    """The names and ids of a pointer; none for the whole value."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def look(value: Any, pointer: str) -> Any:
    """What stands at a pointer; None when nothing does."""
    for part in parts(pointer):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list):
            index = _index(value, part)
            value = None if index is None else value[index]
        else:
            return None
    return value


def put(value: Value, pointer: str, part: Any, like: Value | None = None) -> Value:
    """A copy with ``part`` at the pointer, everything else shared; None removes it, and a list that is empty then.

    A new item goes after the item that it follows in ``like``, else to the end. A list of ids put where items stand
    only orders them: those ids first to last, every other item after the one that it followed.
    """
    path = parts(pointer)
    changed = _put(value, path, part, like) if path else (part or {})
    return changed if isinstance(changed, dict) else {}


def ordered(items: list[Any], ids: list[str]) -> list[Any]:
    """The items in the order of ``ids``; an item that is not named stays behind the one that it followed."""
    rank = {name: place for place, name in enumerate(ids)}
    followers: dict[str | None, list[Any]] = {}
    last: str | None = None
    named: dict[str, Any] = {}
    for item in items:
        name = _name(item)
        if name is not None and name in rank and name not in named:
            named[name] = item
            last = name
        else:
            followers.setdefault(last, []).append(item)
    result = list(followers.get(None, ()))
    for name in sorted(named, key=rank.__getitem__):
        result.append(named[name])
        result.extend(followers.get(name, ()))
    return result


def _put(value: Any, path: tuple[str, ...], part: Any, like: Any) -> Any:
    """The changed copy of a value; None when nothing is left of it."""
    name, rest = path[0], path[1:]
    if isinstance(value, list):
        return _put_element(value, name, rest, part, like)
    fields = dict(value) if isinstance(value, dict) else {}
    old = fields.get(name)
    below = like.get(name) if isinstance(like, dict) else None
    if rest:
        if old is None:
            # Only the other side tells whether the missing container is a list of items.
            old = [] if isinstance(below, list) else {}
        new = _put(old, rest, part, below)
    elif isinstance(old, list) and _is_order(old, part):
        new = ordered(old, part)
    else:
        new = old if isinstance(below, list) and _is_order(below, part) else part  # an order of items that are not here
    if new is None or (rest and not new):
        fields.pop(name, None)
    else:
        fields[name] = new
    return fields


def _put_element(items: list[Any], name: str, rest: tuple[str, ...], part: Any, like: Any) -> list[Any]:
    index = _index(items, name)
    others = like if isinstance(like, list) else []
    its_like = _index(others, name)
    below = None if its_like is None else others[its_like]
    if rest:
        if index is None:
            return items
        return [*items[:index], _put(items[index], rest, part, below), *items[index + 1 :]]
    if index is not None:
        return [*items[:index], *([] if part is None else [part]), *items[index + 1 :]]
    if part is None:
        return items
    place = _place(items, others, its_like)
    return [*items[:place], part, *items[place:]]


def _place(items: list[Any], others: list[Any], index: int | None) -> int:
    """Where an item belongs that stands at ``index`` of ``others``."""
    if index is None:
        return len(items)
    for other in reversed(others[:index]):
        found = _index(items, str(_name(other)))
        if found is not None:
            return found + 1
    return 0


def _is_order(old: list[Any], part: Any) -> bool:
    return (
        isinstance(part, list)
        and any(_name(item) is not None for item in old)
        and all(isinstance(name, str) for name in part)
    )


def _index(items: list[Any], name: str) -> int | None:
    for index, item in enumerate(items):
        if _name(item) == name:
            return index
    if name.isascii() and name.isdigit() and int(name) < len(items) and _name(items[int(name)]) is None:
        return int(name)
    return None


def _name(item: Any) -> str | None:
    name = item.get("id") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None


def walk(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a value with its pointer, in order."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from walk(part, join(pointer, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from walk(part, join(pointer, _name(part) or index))
    else:
        yield pointer, value


def loses_items(before: Any, after: Any) -> bool:
    """Whether a list of items, at any depth, has one in ``before`` that is not in ``after``."""
    if isinstance(before, dict):
        now = after if isinstance(after, dict) else {}
        return any(loses_items(part, now.get(name)) for name, part in before.items() if isinstance(part, dict | list))
    items = [item for item in before if isinstance(item, dict) and "id" in item] if isinstance(before, list) else []
    there = {item["id"]: item for item in after if isinstance(item, dict) and "id" in item} if items and after else {}
    return any(item["id"] not in there or loses_items(item, there[item["id"]]) for item in items)
