"""The fields of a value with their pointers: by the ids of items where they have ids, else by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from twinpage.model.kind import Field, Shape, Value

Wanted = Callable[[Field], bool]


class Found(Struct, frozen=True):
    """One field of one object of a value; ``value`` is None where the object lacks it."""

    pointer: str
    field: Field
    value: Any
    owner: Value
    """The object that the field belongs to: the artifact or an item."""


def fields(shape: Shape, value: Value, wanted: Wanted, at: str = "") -> Iterator[Found]:
    """Every field that is wanted, present or not, of the value and of the items in it, in schema order.

    ``wanted`` must be a function of its own (not a lambda made on the spot): what a shape holds is remembered by it.
    """
    for field, is_wanted, leads_on in _on_the_way(shape, wanted):
        held = value.get(field.name)
        pointer = f"{at}/{field.name}"
        if is_wanted:
            yield Found(pointer, field, held, value)
        if leads_on and held and field.shape is not None:
            for place, part in parts(field, held):
                yield from fields(field.shape, part, wanted, f"{pointer}{place}")


def parts(field: Field, held: Any) -> Iterator[tuple[str, Value]]:
    """The objects of a field's value with their part of the pointer; whatever is no object is passed over."""
    if isinstance(held, dict):
        yield "", held
    elif isinstance(held, list):
        for position, item in enumerate(held):
            if isinstance(item, dict):
                yield f"/{item_key(item, position)}", item


def item_key(item: Value, position: int) -> str:
    """How a pointer names an item."""
    own = item.get("id")
    return own if isinstance(own, str) and own else str(position)


def is_reference(field: Field) -> bool:
    """It names another artifact, or a list of them."""
    return field.type == "reference" or (field.type == "lines" and field.item == "reference")


def is_expected(field: Field) -> bool:
    return field.expected


def reference_names(shape: Shape) -> Iterator[str]:
    """The fields that name other artifacts, of a shape and all inside it."""
    seen: list[Shape] = []
    ahead = [shape]
    while ahead:
        inner = ahead.pop(0)
        if not any(inner is one for one in seen):
            seen.append(inner)
            yield from (field.name for field in inner.fields if is_reference(field))
            ahead += [field.shape for field in inner.fields if field.shape]


def references(shape: Shape, value: Value) -> Iterator[tuple[str, Field, str]]:
    """Every reference of a value: (pointer, field, id that it names)."""
    for found in fields(shape, value, is_reference):
        if isinstance(found.value, str):
            yield found.pointer, found.field, found.value
        elif isinstance(found.value, list):
            for position, target in enumerate(found.value):
                if isinstance(target, str):
                    yield f"{found.pointer}/{position}", found.field, target


@lru_cache(maxsize=512)
def _on_the_way(shape: Shape, wanted: Wanted) -> tuple[tuple[Field, bool, bool], ...]:
    steps = ((field, wanted(field), _leads_on(field, wanted)) for field in shape.fields)
    return tuple(step for step in steps if step[1] or step[2])


def _leads_on(field: Field, wanted: Wanted) -> bool:
    seen: set[Shape] = set()
    ahead = [field.shape] if field.shape else []
    while ahead:
        shape = ahead.pop()
        if shape in seen:
            continue
        seen.add(shape)
        if any(wanted(inner) for inner in shape.fields):
            return True
        ahead += (inner.shape for inner in shape.fields if inner.shape)
    return False


def prose(shape: Shape, value: Value, at: str = "") -> list[tuple[str, str]]:
    """What people wrote, as (pointer, text): no ids, references, hidden fields or words from a fixed choice."""
    found: list[tuple[str, str]] = []
    _gather(found, shape, value, at)
    return found


def _gather(found: list[tuple[str, str]], shape: Shape, value: Value, at: str) -> None:
    for field in _of_prose(shape):
        held = value.get(field.name)
        if not held:
            continue
        pointer = f"{at}/{field.name}"
        if isinstance(held, str):
            found.append((pointer, held))
        elif field.shape is not None:
            for place, part in parts(field, held):
                _gather(found, field.shape, part, f"{pointer}{place}")
        elif isinstance(held, list):
            found.append((pointer, "\n".join([line for line in held if isinstance(line, str)])))


@lru_cache(maxsize=512)
def _of_prose(shape: Shape) -> tuple[Field, ...]:
    kept = (field for field in shape.fields if field.place != "hidden" and not field.choices)
    return tuple(field for field in kept if not is_reference(field))
