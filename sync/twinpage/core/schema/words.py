"""A schema's complaint as a colleague would say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from json import dumps
from typing import Any

from msgspec import Struct

from twinpage.core.pointers import join
from twinpage.core.schema.forms import form, said
from twinpage.core.wording import label_in_text, listed, words
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.names import slug

Path = Sequence[str | int]

_LONGEST_SHOWN = 40


class Complaint(Struct, frozen=True):
    """One sentence about one place; of several about one place, that of the lowest rank is shown."""

    pointer: str
    message: str
    rank: int = 9


class _Spot(Struct, frozen=True):
    """A place in a value: the field there (None inside what no field describes) and the shape of what it holds."""

    field: Field | None
    shape: Shape | None
    element: bool
    """It is one element of the field's list."""


def sentence(error: Any, value: Value, kind: Kind) -> Iterator[Complaint]:
    """What one error of jsonschema means; ``error`` is a ``jsonschema.ValidationError``."""
    path = list(error.absolute_path)
    pointer = pointer_of(path, value)
    spot = _spot(path, kind)
    what = path_words(path, value, kind)
    if not isinstance(error.schema, Mapping):
        yield Complaint(pointer, f"{what} is not allowed. Remove it.")
        return
    match error.validator:
        case "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield Complaint(join(pointer, name), _missing(name, what, spot.shape, error.instance), 1)
        case "additionalProperties" | "unevaluatedProperties":
            for name in _surplus(error, spot.shape, not path):
                yield Complaint(join(pointer, name), _unknown_field(name, what, spot.shape, error, not path), 1)
        case "minItems" if not error.instance:
            owner = path_words(path[:-1], value, kind)
            label = label_in_text(spot.field.label) if spot.field else str(path[-1])
            yield Complaint(pointer, f"{owner} has no {label}. Add at least one {singular(label)}.", 2)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            yield Complaint(pointer, _out_of_range(what, error), 3)
        case "enum" | "const":
            yield Complaint(pointer, _not_a_choice(what, error), 2)
        case "not" if isinstance(error.validator_value, Mapping) and "x-form" in error.validator_value:
            yield Complaint(pointer, f"{what} takes {error.validator_value['x-form']}. Keep one of them.", 4)
        case _:
            rank = 0 if error.validator == "type" else 5
            yield Complaint(pointer, _not_the_form(what, spot, error), rank)


def pointer_of(path: Path, value: Any) -> str:
    """The pointer of a path of keys and indices: by ids where items have them and no earlier item has the same."""
    pointer = ""
    for step in path:
        part: str | int = step
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            ids = [item.get("id") if isinstance(item, dict) else None for item in value[: step + 1]]
            own = ids[step]
            part = own if isinstance(own, str) and own and ids.index(own) == step else step
            value = value[step]
        else:
            value = value.get(step) if isinstance(value, dict) else None
        pointer = join(pointer, part)
    return pointer


def path_words(path: Path, value: Any, kind: Kind) -> str:
    """A place as people say it, with a capital: ``Experience of touchpoint Door of stage Arrival``, ``The journey``."""
    parts: list[str] = []
    shape: Shape | None = kind.shape
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
            parts[-1] = f"{singular(parts[-1])} {name_of(value, shape) or step + 1}"
            continue
        field = shape.by_name.get(step) if shape else None
        parts.append(label_in_text(field.label) if field else _cut(words(step)))
        value = value.get(step) if isinstance(value, dict) else None
        shape = field.shape if field else None
    phrase = " of ".join(reversed(parts)) or f"the {words(kind.name)}"
    return phrase[:1].upper() + phrase[1:]


def name_of(item: Any, shape: Shape | None) -> str:
    """What an item is called; empty when it has no name."""
    title = shape.title.name if shape and shape.title else "name"
    name = item.get(title) if isinstance(item, dict) else None
    return _cut(name.strip()) if isinstance(name, str) else ""


_PLURALS = (
    ("criteria", "criterion"),
    ("ies", "y"),
    ("sses", "ss"),
    ("iases", "ias"),
    ("ches", "ch"),
    ("xes", "x"),
    ("ss", "ss"),
    ("s", ""),
)


def singular(label: str) -> str:
    """One of many: ``stage`` for ``stages``, ``strategy`` for ``strategies``, ``KPI`` for ``KPIs``."""
    for many, one in _PLURALS:
        if label.endswith(many):
            return label[: -len(many)] + one
    return label


def _spot(path: Path, kind: Kind) -> _Spot:
    spot = _Spot(None, kind.shape, False)
    for step in path:
        if isinstance(step, int):
            spot = _Spot(spot.field, spot.shape, True)
        else:
            field = spot.shape.by_name.get(step) if spot.shape else None
            spot = _Spot(field, field.shape if field else None, False)
    return spot


def _missing(name: str, what: str, shape: Shape | None, instance: Value) -> str:
    if name == "id":
        own = next((instance[k] for k in _titles(shape) if isinstance(instance.get(k), str)), "")
        return f"{what} has no id. Give it one, such as {slug(own) or 'first-visit'}."
    field = shape.by_name.get(name) if shape else None
    if field is None:
        return f"{what} has no {words(name)}. Add it."
    label = label_in_text(field.label)
    if field.type in ("items", "lines"):
        return f"{what} has no {label}. Add at least one {singular(label)}."
    return f"{what} has no {label}. Add {field.form or 'it'}."


def _titles(shape: Shape | None) -> tuple[str, ...]:
    return (shape.title.name,) if shape and shape.title else ("name",)


def _surplus(error: Any, shape: Shape | None, top: bool) -> list[str]:
    known = set(error.schema.get("properties", ())) | ({"kind", "id", "schema"} if top else set())
    if shape:
        known |= {*shape.by_name, *(("id",) if shape.identified else ())}
    return [name for name in error.instance if name not in known]


def _unknown_field(name: str, what: str, shape: Shape | None, error: Any, top: bool) -> str:
    known = list(shape.by_name) if shape else list(error.schema.get("properties", ()))
    close = get_close_matches(name, known, 1)
    otherwise = "move it to extras" if top else "put what it says into another field"
    if close:
        return f"{what} has no field {_cut(name)}. If you meant {close[0]}, write that; if not, {otherwise}."
    return f"{what} has no field {_cut(name)}. {otherwise[:1].upper()}{otherwise[1:]}, or remove it."


def _out_of_range(what: str, error: Any) -> str:
    schema: Mapping[str, Any] = error.schema
    number = "whole number" if schema.get("type") == "integer" else "number"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{what} is {_shown(error.instance)}; it goes from {low} to {high}. Write a {number} in that range."
    limit = f"{_SIDES[error.validator]} {error.validator_value}"
    return f"{what} is {_shown(error.instance)}, which is out of range. Write a {number} of {limit}."


_SIDES = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}


def _not_a_choice(what: str, error: Any) -> str:
    given = _shown(error.instance)
    choices = error.validator_value if error.validator == "enum" else [error.validator_value]
    spoken = [said(choice) for choice in choices]
    close = get_close_matches(error.instance.strip().lower(), spoken, 1) if isinstance(error.instance, str) else []
    if len(spoken) == 1:
        return f"{what} is {given}; here it is {spoken[0]}. Write {spoken[0]}."
    if close:
        return f"{what} is {given}; it can be {listed(spoken, 'or')}. If you meant {close[0]}, write that."
    return f"{what} is {given}; it can be {listed(spoken, 'or')}. Choose one of them."


def _not_the_form(what: str, spot: _Spot, error: Any) -> str:
    instance, field = error.instance, spot.field
    takes = field.form if field and (spot.element or field.type not in ("items", "lines")) else form(error.schema)
    many = field is not None and not spot.element and field.type in ("items", "lines")
    if isinstance(instance, str) and not instance.strip():
        otherwise = "" if field and field.required else ", or leave it out"
        return f"{what} {'are' if many else 'is'} empty. Write {takes or 'something'}{otherwise}."
    is_, it_takes = ("are", "they take") if many else ("is", "it takes")
    return f"{what} {is_} {_shown(instance)}; {it_takes} {takes or 'something else'}. Write it that way."


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false"}.get(value, "null") if value is not None else "null"
    return _cut(dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * _LONGEST_SHOWN]).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."
