"""Lists of bare names where something was to be said of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twinpage.core.fields import Found, fields
from twinpage.model.kind import Field, Shape, Value

_LEAST = 3
_LONGEST = 59
"""A longer title says something by itself."""


def stubs(shape: Shape, value: Value) -> Iterator[Found]:
    """Lists of at least three items, all short titles and nothing else, where the schema expects more of an item."""
    for found in fields(shape, value, wants_more):
        if found.value and _is_stub(found.field, found.value):
            yield found


def wants_more(field: Field) -> bool:
    """A list of items of which the schema expects more than a title."""
    return field.type == "items" and field.shape is not None and any(inner.expected for inner in field.shape.fields)


def _is_stub(field: Field, held: Any) -> bool:
    if field.shape is None or not isinstance(held, list) or len(held) < _LEAST:
        return False
    title = field.shape.title.name if field.shape.title else "name"
    return all(isinstance(item, dict) and _is_bare(item, title) for item in held)


def _is_bare(item: Value, title: str) -> bool:
    said = {key for key, held in item.items() if held not in (None, "", [], {})}
    return said <= {"id", title} and len(str(item.get(title, ""))) <= _LONGEST
