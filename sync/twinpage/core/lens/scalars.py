"""Values on one line: numbers, yes and no, references, lists with commas; read generously, written plainly."""

from __future__ import annotations

import json
from typing import Any

from twinpage.core.lens.resolving import Names
from twinpage.model.kind import Field
from twinpage.model.names import is_artifact_id
from twinpage.model.page import Markup
from twinpage.model.regex import regex
from twinpage.model.text import canonical

_INTEGER = regex(r"[+-]?[0-9]{1,300}")
_NUMBER = regex(r"[+-]?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE_LINK = regex(r"\[\[([^\[\]\n]*)\]\]")
_DAY = regex(r"(\\*)\[\[([0-9]{4}-[0-9]{2}-[0-9]{2})\]\]")
_LINKED = regex(r"(\\*)\[\[[^\[\]\n]*\]\]")


class Unresolved:
    """A reference that leads nowhere: the name that was typed, and whether it was a link."""

    __slots__ = ("link", "name")

    def __init__(self, name: str, link: bool) -> None:
        self.name = name
        self.link = link

    @property
    def typed(self) -> str:
        return f"[[{self.name}]]" if self.link else self.name


def read_scalar(field: Field, raw: str, names: Names) -> Any:
    """The value of a field that is no list. What does not fit its type stays a string, for the schema to complain."""
    kind = field.type if field.type != "lines" else field.item
    raw = canonical(raw)
    if kind == "line":
        return _line(field, raw)
    if kind == "integer":
        return int(raw) if _INTEGER.fullmatch(raw) else raw
    if kind == "number":
        return _number(raw)
    if kind == "boolean":
        word = raw.casefold()
        return True if word in ("true", "yes") else False if word in ("false", "no") else raw
    return _reference(raw, names)


def _line(field: Field, raw: str) -> str:
    if raw[-2:] == "]]":
        if field.link:
            return link_name(raw)
        day = _DAY.fullmatch(raw)
        if day:
            return raw[1:] if day[1] else day[2]
    if field.choices and raw not in field.choices:
        folded = "-".join(raw.casefold().replace("_", " ").replace("-", " ").split())
        return next((choice for choice in field.choices if choice == folded), raw)
    return raw


def _number(raw: str) -> Any:
    if _INTEGER.fullmatch(raw):
        return int(raw)
    if _NUMBER.fullmatch(raw):
        number = float(raw)
        if number.is_integer() and abs(number) <= 2**53:
            return int(number)
        return number if abs(number) != float("inf") else raw
    return raw


def _reference(raw: str, names: Names) -> Any:
    found = _WHOLE_LINK.fullmatch(raw)
    if found:
        target = link_target(found[1])
        known = names.id_of(target) if target else None
        return known if known is not None else Unresolved(target, True)
    if not raw or names.link_to(raw) is not None or is_artifact_id(raw):
        return raw
    return Unresolved(raw, False)


def link_target(inner: str) -> str:
    """What a link names, without the text that it shows and without its heading."""
    name = inner.split("|", 1)[0]
    return (name.split("#", 1)[0] if "#" in name else name).strip()


def is_linked(raw: str) -> bool:
    """Whether a text is one link, with or without backslashes before it."""
    return _LINKED.fullmatch(raw) is not None


def link_name(raw: str) -> str:
    """A name that may be written as a link: what stands between the brackets; an escaped bracket is text."""
    found = _WHOLE_LINK.fullmatch(raw)
    if found:
        return canonical(link_target(found[1])) or raw
    return raw[1:] if raw[:1] == "\\" and _LINKED.fullmatch(raw) else raw


def as_link_name(name: str) -> str:
    """The inverse of link_name: a link where that reads back."""
    if not any(c in name for c in "[]|#^\\\n") and "::" not in name and name == name.strip():
        return f"[[{name}]]"
    return f"\\{name}" if _LINKED.fullmatch(name) else name


def write_scalar(field: Field, value: Any, names: Names, markup: Markup) -> str:
    """The inverse of read_scalar. ``markup`` says how the app writes yes and no."""
    if value is True:
        return markup.yes
    if value is False:
        return markup.no
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    kind = field.type if field.type != "lines" else field.item
    if kind == "reference":
        target = names.link_to(value)
        if target and _reference(f"[[{target}]]", names) == value:
            return f"[[{target}]]"
        return value
    if kind == "line":
        if field.link:
            return as_link_name(value)
        if _DAY.fullmatch(value):
            return f"\\{value}"
    return value


def split_list(raw: str) -> list[str]:
    """The elements of a list with commas. Commas in links or in double quotes do not count."""
    if '"' not in raw and "[[" not in raw:
        return [part for part in (piece.strip() for piece in raw.split(",")) if part]
    parts: list[str] = []
    at = 0
    while at < len(raw):
        part, at = _next_part(raw, at)
        if part:
            parts.append(part)
    return parts


_QUOTED = regex(r'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=,|\Z)')
_PLAIN = regex(r"(?:\[\[[^\[\]\n]*\]\]|[^,])*")


def _next_part(raw: str, at: int) -> tuple[str, int]:
    quoted = _QUOTED.match(raw, at)
    if quoted:
        return quoted[1].replace('""', '"').strip(), quoted.end() + 1
    plain = _PLAIN.match(raw, at)
    end = plain.end() if plain else at
    return raw[at:end].strip(), end + 1


def join_list(parts: list[str]) -> str:
    """The inverse of split_list: an element that would be split or unquoted is put in double quotes."""
    return ", ".join([part if split_list(part) == [part] else '"' + part.replace('"', '""') + '"' for part in parts])
