"""What a shape means for reading and writing a note: its fields sorted by how they are found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from twinpage.model.kind import Field, Shape
from twinpage.model.labels import fold_label
from twinpage.model.page import property_key

_SCALARS = frozenset({"line", "integer", "number", "boolean", "reference"})

ID = Field(name="id", label="Id", type="line", place="property")
"""How an item carries an id that is not the slug of its name."""

ITEM_ID = "item-id"
"""The key of the same in a Logseq block."""

LABEL_LENGTH = 60
"""Longer texts are never taken for a label."""


def is_property(field: Field) -> bool:
    """It is written as ``key: value``: a scalar, a reference, or a list that its schema puts there."""
    return field.type in _SCALARS or (field.type == "lines" and field.place == "property")


class Plan:
    """The fields of one shape. ``page``: it is a whole note, where text and lists have sections of their own."""

    __slots__ = ("body", "by_name", "fields", "identified", "labels", "properties", "sections", "shape", "title")

    def __init__(self, shape: Shape, page: bool) -> None:
        visible = [f for f in shape.fields if f.place != "hidden" and f.type != "opaque" and f.name != "id"]
        self.shape = shape
        self.title = None if page else shape.title
        self.body = None if page else shape.body
        self.identified = shape.identified and not page
        self.fields: tuple[Field, ...] = tuple(
            f
            for f in visible
            if f is not self.title and f is not self.body and (page or f.place not in ("title", "body"))
        )
        self.by_name: Mapping[str, Field] = {f.name: f for f in self.fields}
        self.labels: dict[str, Field] = {}
        self.sections: dict[str, Field] = {}
        self.properties: dict[str, Field] = {}
        for f in self.fields:
            for word in (f.label, f.name):
                self.labels.setdefault(fold_label(word), f)
                if is_property(f):
                    self.properties.setdefault(property_key(word), f)
                else:
                    self.sections.setdefault(fold_label(word), f)
        if self.identified:
            self.labels.setdefault(fold_label(ID.label), ID)
            self.properties.setdefault(ITEM_ID, ID)


@lru_cache(2048)
def plan_of(shape: Shape, page: bool = False) -> Plan:
    return Plan(shape, page)


NOTHING = Plan(Shape(), False)
"""For the elements of plain lists: they have no fields."""


Label = tuple[Field, str, int]
"""A field, the value behind its label, and where in the content that value begins."""


def label_of(content: str, plan: Plan, needs_colon: bool) -> Label | None:
    """The field that the content of a bullet names, if any."""
    colon = content.find(":", 0, LABEL_LENGTH)
    if colon > 0:
        key = content[:colon]
        field = plan.labels.get(fold_label(key))
        if field is not None and "[" not in key and "\\" not in key:
            value = content[colon + 1 :].removeprefix(":")
            if value[:2] in ("**", "__"):
                value = value[2:]
            if not value or value[0] in " \t":
                value = value.lstrip(" \t")
                return field, value, len(content) - len(value)
    if not needs_colon and len(content) <= LABEL_LENGTH and "\\" not in content:
        field = plan.sections.get(fold_label(content))
        if field is not None:
            return field, "", len(content)
    return None
