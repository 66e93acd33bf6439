"""The ``schema`` of an artifact: a kind and the version of its schema."""

from __future__ import annotations

from msgspec import Struct

from twinpage.model.regex import regex

_FORM = regex(r"([^/]+)/(\d{1,6})\.(\d{1,6})")


class SchemaName(Struct, frozen=True):
    """``journey/1.0``, taken apart."""

    kind: str
    version: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.kind}/{self.version[0]}.{self.version[1]}"


def read_schema_name(said: object) -> SchemaName | None:
    """None for whatever is no name of a schema."""
    match = _FORM.fullmatch(said) if isinstance(said, str) else None
    return SchemaName(match[1], (int(match[2]), int(match[3]))) if match else None
