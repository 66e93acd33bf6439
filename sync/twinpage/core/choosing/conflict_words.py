"""A field and a value as people read them, for the conflicts that a note shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from twinpage.core import pointers
from twinpage.model.kind import Field, Kind, Shape
from twinpage.model.regex import regex

Called = Callable[[str], str]

_TRIGGERS = regex(r"\[(?=[\[!])|\{(?=\{)|\((?=\()|%(?=%)|\$(?=\$)|:(?=:)|`(?=``)|~(?=~~)|(?<=[ \t])(?=\^)")
_TAG = regex(r"<(?=[A-Za-z/!?])")
_CONTROL = regex(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def place_in_words(pointer: str, kind: Kind) -> str:
    """The labels and item ids on the way to a field: ``Stages, awareness, Emotion``."""
    return ", ".join(_plain(word.replace("\n", " ")).replace("`", "'") for word, _ in _way(pointer, kind))


def described(value: Any, pointer: str, kind: Kind) -> list[str]:
    """The lines in which a value is shown, none of which can be anything but text; none for an absent value."""
    if value is None:
        return []
    return [_plain(line) for line in in_words(value, pointer, kind)]


def in_words(value: Any, pointer: str, kind: Kind, called: Called = str) -> list[str]:
    """The same for a terminal, as it was typed. ``called`` tells the name of what an id of another artifact, or an id
    in an order of items, stands for."""
    if value is None:
        return []
    way = list(_way(pointer, kind))
    field = way[-1][1] if way else None
    shape = field.shape if field else kind.shape
    return "\n".join(_lines(value, field, shape, called)).split("\n")


def field_at(pointer: str, kind: Kind) -> Field | None:
    """The field that a pointer names, or that lists what it names."""
    way = list(_way(pointer, kind))
    return way[-1][1] if way else None


def _way(pointer: str, kind: Kind) -> Iterator[tuple[str, Field | None]]:
    """Each step of a pointer: its word, and the field that it is or that lists it."""
    shape: Shape | None = kind.shape
    field: Field | None = None
    in_list = False
    for part in pointers.parts(pointer):
        if in_list:
            yield part, field
            in_list = False
            continue
        field = _named(shape, part)
        yield field.label if field else part, field
        shape = field.shape if field else None
        in_list = field is not None and field.type in ("items", "lines")


def _named(shape: Shape | None, name: str) -> Field | None:
    if shape is None:
        return None
    return next((field for field in (*shape.fields, shape.title, shape.body) if field and field.name == name), None)


def _lines(value: Any, field: Field | None, shape: Shape | None, called: Called) -> Iterator[str]:
    match value:
        case bool():
            yield "yes" if value else "no"
        case str():
            yield from (called(value) if _is_id(field) else value).split("\n")
        case list():
            for element in value:
                lead = "- "
                for line in _lines(element, field, shape, called):
                    yield f"{lead}{line}"
                    lead = "  "
        case dict():
            yield from _fields(value, shape, called)
        case _:
            yield json.dumps(value, ensure_ascii=False)


def _is_id(field: Field | None) -> bool:
    """A text there is a reference, or one id of an order of items."""
    return field is not None and (field.type in ("reference", "items") or field.item == "reference")


def _fields(value: dict[str, Any], shape: Shape | None, called: Called) -> Iterator[str]:
    title = shape.title if shape else None
    if title and isinstance(value.get(title.name), str):
        yield value[title.name]
    for name, part in value.items():
        field = _named(shape, name)
        if name == "id" or (field is not None and field is title):
            continue
        lines = list(_lines(part, field, field.shape if field else None, called))
        if len(lines) == 1 and not isinstance(part, list | dict):
            yield f"{field.label if field else name}: {lines[0]}"
        else:
            yield f"{field.label if field else name}:"
            yield from (f"  {line}" for line in lines)


def _plain(line: str) -> str:
    """Text that no app takes for a link, embed, property, code, comment or HTML, and that shows as it was typed."""
    line = _CONTROL.sub(" ", line)
    return _TAG.sub(r"\\<", _TRIGGERS.sub(lambda found: f"{found[0]}\\", line))
