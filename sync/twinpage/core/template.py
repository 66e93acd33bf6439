"""What a new artifact of a kind starts with."""

from __future__ import annotations

from typing import Any

from twinpage.core.ids import missing_for_id
from twinpage.core.vault.vault import Card
from twinpage.errors import Usage
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.names import canonical_metamodel_id, slug
from twinpage.model.page import Page


def template(kind: Kind, name: str, case: str, target: Card | None) -> Value:
    """The smallest value that the kind's schema accepts, with ``case`` and what it is for.

    Raises Usage when this kind cannot be for such an artifact.
    """
    value: Value = {"name": name}
    fields = kind.shape.by_name
    if target is not None:
        value[_field_for(kind, target).name] = target.id
    if "case" in fields:
        of_target = (target.id if target.kind == "case" else target.case) if target is not None else ""
        if case or of_target:
            value["case"] = case or of_target
    if kind.name == "artifact-type":
        value["metamodel-id"] = canonical_metamodel_id(name)
    for field in kind.shape.fields:
        if field.required and field.name not in value and field.place != "hidden":
            start = _start(field)
            if start is not None:
                value[field.name] = start
    return value


def with_headings(page: Page, fields: list[Field]) -> str:
    """The note with an empty heading for each of these fields at its end."""
    text = page.text.rstrip("\n")
    body = page.front.body < len(text)
    for field in fields:
        title = f"{field.icon} {field.label}".strip()
        if page.syntax.markup.outline:
            text += f"\n- ## {title}" if body else f"\n\n- ## {title}"
        else:
            text += f"\n\n## {title}" if body else f"\n## {title}"
        body = True
    return text if page.syntax.markup.outline else text + "\n"


def lacking(kind: Kind, value: Value) -> str:
    """A reference that the value needs and nobody can guess: the name of its field; empty when there is none."""
    required = (f.name for f in kind.shape.fields if f.required and f.type == "reference" and f.name not in value)
    return missing_for_id(kind, value) or next(required, "")


def _field_for(kind: Kind, target: Card) -> Field:
    named = [f for f in kind.shape.fields if f.type == "reference" and target.kind in f.to and f.name != "relations"]
    if not named:
        raise Usage(f"A {kind.title.lower()} is not for a {target.kind}: leave --for out, or name another artifact.")
    return named[0]


def _start(field: Field) -> Any:
    if field.choices:
        return field.choices[0]
    match field.type:
        case "items":
            return [_item(field, field.shape)] if field.shape else []
        case "lines":
            return [f"First {field.label.lower().removesuffix('s')}"]
        case "line" | "text":
            return field.label
        case "boolean":
            return False
        case "integer" | "number":
            return field.example
        case _:
            return None


def _item(field: Field, shape: Shape) -> Value:
    title = f"First {field.label.lower().removesuffix('s')}"
    item: Value = {"id": slug(title)} if shape.identified else {}
    if shape.title:
        item[shape.title.name] = title
    return item
