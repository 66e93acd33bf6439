"""Nouns of the import: lines that know where they came from, and what a layout finds in a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from twinpage.model.kind import Value
from twinpage.model.names import free_id


class Line(NamedTuple):
    """One source line, without its line end. ``number`` counts from 1."""

    path: str
    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


class Document(Struct, frozen=True):
    """One source file as text, split at line feeds only."""

    path: str
    lines: tuple[Line, ...]

    @property
    def stem(self) -> str:
        """File name without folder and without ``.md`` or ``.txt``."""
        name = self.path.rpartition("/")[2]
        stem, dot, ending = name.rpartition(".")
        return stem if dot and ending.lower() in ("md", "txt", "markdown") else name


class Unplaced(Struct, frozen=True):
    """One source line that no artifact holds. ``line`` is 0 when the file could not be read as text at all."""

    path: str
    line: int
    text: str
    why: str
    """A plain clause such as ``no stages were recognised``."""


MISSING = "it embeds a page that is not among the documents"
"""Why an embed is in no artifact."""


class Example(Struct, frozen=True):
    """What one case says for one artifact type, still as lines."""

    case: str
    type_id: str
    """Canonical metamodel id."""
    heading: tuple[Line, ...]
    """The lines that say whose example it is."""
    body: tuple[Line, ...]


STRUCTURE = ""
"""Stands for a field where lines mean no field but the place of others."""


class Draft(Struct):
    """An artifact in the making: each field with the source lines that it came from."""

    kind: str
    id: str
    values: Value = field(default_factory=dict)
    sources: dict[str, list[Line]] = field(default_factory=dict)

    def put(self, name: str, value: object, lines: Iterable[Line] = ()) -> None:
        """Give a field its value, unless that is empty. A field that says something else already keeps it."""
        if value in ("", None, [], {}):
            return
        if self.values.get(name, value) == value:
            self.change(name, value, lines)
        else:
            self.put_extra(name, value, lines)

    def change(self, name: str, value: object, lines: Iterable[Line] = ()) -> None:
        """Give a field a value that holds its former one."""
        self.values[name] = value
        self.sources.setdefault(name, []).extend(lines)

    def add_text(self, name: str, text: str, lines: Iterable[Line]) -> None:
        """Give a text field its value, or continue it with a new paragraph."""
        if text:
            before = self.values.get(name)
            self.change(name, f"{before}\n\n{text}" if before else text, lines)

    def put_extra(self, name: str, value: object, lines: Iterable[Line]) -> None:
        """Keep what no field has a place for; nothing that is kept already is covered."""
        extras = self.values.setdefault("extras", {})
        extras[free_id(name, lambda taken: taken in extras and extras[taken] != value)] = value
        self.sources.setdefault("extras", []).extend(lines)


class Found(Struct):
    """What a layout made of one document. A line that is nowhere here will be reported as unplaced."""

    drafts: list[Draft] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    structure: list[Line] = field(default_factory=list)
    """Lines whose whole meaning is where other lines ended up, such as the heading of a section."""
    unplaced: list[Unplaced] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Known(Struct, frozen=True):
    """What a layout may know of the other documents."""

    cases: frozenset[str]
    """Folded names of cases."""
    examples: frozenset[tuple[str, str]]
    """(metamodel id, folded case) of the examples that have a document of their own."""
    classes: frozenset[str] = frozenset()
    """Folded names of classes whose list has a document of its own."""


class Layout(Struct, frozen=True):
    """One way in which documents are written. ``read`` is only asked about documents that it recognises."""

    name: str
    recognises: Callable[[Document], bool]
    cases: Callable[[Document], tuple[str, ...]]
    """Names that may be cases; a name that several documents give is one."""
    own_examples: Callable[[Document], tuple[tuple[str, str], ...]]
    """(metamodel id, case) if the document is nothing but one example."""
    read: Callable[[Document, Known], Found]


class ImportResult(Struct, frozen=True):
    """Artifacts, sorted by id and valid for their kinds, and everything that a person should know about them."""

    artifacts: tuple[Value, ...]
    report: tuple[Unplaced, ...]
    """Every non-blank source line that is in no artifact."""
    repaired: tuple[str, ...]
    """Paths of the documents whose mojibake was repaired."""
    remarks: tuple[str, ...]
    """Decisions that a person may want to undo, as plain sentences."""
    sources: Mapping[str, Mapping[str, tuple[Line, ...]]]
    """Artifact id -> field, or STRUCTURE -> the lines that it was made from."""
