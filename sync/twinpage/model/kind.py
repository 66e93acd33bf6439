"""What an artifact is and how its fields are written: the nouns compiled from a kind's JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

Value = dict[str, Any]
"""Plain JSON of one artifact: the schema is the only model of it."""

FieldType = Literal["line", "text", "integer", "number", "boolean", "reference", "lines", "items", "record", "opaque"]
"""``line``: one line of text. ``text``: markdown. ``lines``: an array of scalars or references (see ``item``).
``items``: an array of objects. ``record``: one object. ``opaque``: anything else, never in a note."""

Place = Literal["title", "body", "property", "section", "bullets", "headings", "hidden"]
"""``section`` is the place of a text or a record, ``bullets`` that of a list: at page level under a heading of its own,
inside items and records under a labelled bullet. ``property``: a page property, a labelled bullet or block property."""


class Field(Struct, frozen=True):
    """One field of a kind or of an item, and its place in a note."""

    name: str
    """The JSON key; the property key in both dialects too."""
    label: str
    """What a section or a labelled bullet is called, such as ``Moment of truth``."""
    type: FieldType
    place: Place
    icon: str = ""
    link: bool = False
    """The names of this list are written as links."""
    to: tuple[str, ...] = ()
    """For references: the kinds that it may point to; empty means any."""
    item: Literal["line", "integer", "number", "reference"] = "line"
    choices: tuple[str, ...] = ()
    format: str = ""
    """``date`` for a line that is a day; else empty."""
    unordered: bool = False
    """A list that is a set: two people's additions unite."""
    required: bool = False
    expected: bool = False
    """Flagged when absent (``x-expected``), never an error."""
    shape: Shape | None = None
    form: str = ""
    """What may be written, in words: ``a whole number from -2 to 2``; of a list, what each element is."""
    example: Any = None
    """A value that its schema allows, where the schema tells one; of a list, one element."""
    description: str = ""


class Shape(Struct, frozen=True, eq=False):
    """The fields of one object, in schema order. Shapes of nested items may contain themselves.

    No ``id`` is among them, and of a whole artifact no ``kind`` and ``schema``: these come first.
    """

    fields: tuple[Field, ...] = ()
    title: Field | None = None
    body: Field | None = None
    identified: bool = False
    """Its objects carry an ``id`` of their own."""
    by_label: Mapping[str, Field] = field(default_factory=dict)
    """Folded label or name -> field, for everything that is neither title nor body nor hidden."""
    by_name: Mapping[str, Field] = field(default_factory=dict)


class Need(Struct, frozen=True):
    """A partner that an artifact should have: some ``kind`` that names it in its field ``by``."""

    kind: str
    by: str
    code: str


class Embed(Struct, frozen=True):
    """A section of a note that shows others: it is never read as a value."""

    label: str
    """The section's title, such as ``Examples``."""
    icon: str = ""
    kind: str = ""
    """Kind of the partners shown; empty for the examples of an artifact type."""
    by: str = ""
    """The field by which the partner names this artifact, such as ``profile``; empty for examples."""


class Kind(Struct, frozen=True, eq=False):
    """One kind of artifact, compiled from its schema."""

    name: str
    title: str
    version: str
    """``1.0`` in ``"schema": "journey/1.0"``."""
    description: str
    schema: Mapping[str, Any]
    shape: Shape
    folder: str
    """Vault folder of a new note, such as ``Journeys``; ``""`` is the vault's top."""
    ids: str
    """Pattern of its ids, such as ``{case}/journeys/{slug}`` or ``topics/{slug}``."""
    needs: tuple[Need, ...] = ()
    bound_type: str = ""
    """Canonical metamodel id of the artifact type bound to this kind (``x-type``), such as ``profile-(id)/journey``."""
    embeds: tuple[Embed, ...] = ()
    """Sections that show embeds of partners or examples, in order (``x-embeds``)."""
    origin: str = ""
    """Vault path of a team's own schema file; empty for a shipped kind."""

    @property
    def schema_name(self) -> str:
        return f"{self.name}/{self.version}"
