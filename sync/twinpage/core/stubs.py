"""Lists of bare names where something was to be said of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twinpage.core.fields import Found, fields, is_item_list
from twinpage.model.kind import Field, Shape, Value

_LEAST = 3
_LONGEST = 59
"""A longer title says something by itself."""


def stubs(shape: Shape, value: Value) -> Iterator[Found]:
    """The lists of a value that are stubs, in schema order."""
    for found in fields(shape, value, is_item_list):
        if found.value and is_stub(found.field, found.value):
            yield found


def is_stub(field: Field, held: Any) -> bool:
    """At least three items, all with short titles and nothing else, where the schema expects more of an item."""
    if field.shape is None or not isinstance(held, list) or len(held) < _LEAST:
        return False
    title = field.shape.title.name if field.shape.title else "name"
    wants_more = any(inner.expected for inner in field.shape.fields)
    return wants_more and all(isinstance(item, dict) and _is_bare(item, title) for item in held)


def _is_bare(item: Value, title: str) -> bool:
    said = {key for key, held in item.items() if held not in (None, "", [], {})}
    return said <= {"id", title} and len(str(item.get(title, ""))) <= _LONGEST
