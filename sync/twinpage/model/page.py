"""A note as it stands, and what distinguishes one note-taking app's way of writing from another's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from re import Pattern

from msgspec import Struct
from msgspec.structs import replace

from twinpage.model.edit import Digest, digest
from twinpage.model.problem import Problem
from twinpage.model.reading import Link
from twinpage.model.remembering import remembered

Span = tuple[int, int]
"""Character offsets: start, and end (exclusive)."""


@remembered(4096)
def property_key(key: str) -> str:
    """What counts of a property's key: case, ``_`` and blanks do not. ``Last_reviewed`` is ``last-reviewed``."""
    return "-".join(key.casefold().replace("_", " ").replace("-", " ").split())


class Property(Struct, frozen=True):
    """One property of the whole note. A list is a tuple; a single value may stand for a list of one."""

    key: str
    """As typed."""
    value: str | tuple[str, ...]
    start: int
    end: int
    """From the key to the end of the value."""
    value_start: int
    value_end: int
    elements: tuple[Span, ...] = ()
    """Where the elements of a list stand that is written one a line."""


class Hidden(Struct, frozen=True):
    """Lines in which nothing is markup: code, mathematics, comments."""

    start: int
    end: int
    comment: bool
    """It is the note's own: no part of any value."""


class Front(Struct, frozen=True):
    """The properties of a note and where its body begins."""

    properties: Mapping[str, Property]
    """By :func:`property_key`."""
    body: int
    insert: int
    """Where another property goes; at the start of a line, or at the end of a note without a line."""
    problems: tuple[Problem, ...] = ()
    present: bool = True
    """There is a place for properties already: front matter, or a first property."""
    again: tuple[Property, ...] = ()
    """Properties that stand above with another value; the first one counts."""


class Markup(Struct, frozen=True):
    """How an app writes what the lens reads: constants, no decisions."""

    outline: bool
    """Everything is a block of one outline; else headings hold prose and bullets."""
    block: Pattern[str]
    """After a line feed: a line that starts a block. Groups: indentation, heading marks after a bullet, heading
    marks without one, content. A match without groups ends the blocks before it."""
    tab: int
    """How many columns a tab counts."""
    property_line: Pattern[str] | None
    """A line of a block that is a property. Groups: key, value."""
    trigger: Pattern[str]
    """In outline text: indentation, backslashes, then something that would not be read as text."""
    prose_trigger: Pattern[str]
    """The same in prose."""
    starred: bool
    """In continuation lines ``* `` stands for ``- ``."""
    label_needs_colon: bool
    openers: tuple[str, ...]
    """What can open hidden lines; a text without any of them has none."""
    hidden: Callable[[str], tuple[tuple[Hidden, ...], tuple[Problem, ...]]]
    yes: str
    no: str
    embed: str
    """With ``{}`` for the target."""
    own_properties: frozenset[str]
    """Properties that the app keeps in a block for itself."""


class Dialect(Struct, frozen=True, eq=False):
    """One note-taking app's way of writing notes."""

    name: str
    markup: Markup
    read_front: Callable[[str], Front]
    read_links: Callable[[Page], tuple[Link, ...]]
    settings_folder: str
    """The folder by which a vault of this app is known."""
    file_name: Callable[[str], str]
    """A note's file name, ``.md`` included, by its title."""
    title_of: Callable[[Page], str]
    """What links call a note."""

    def parse(self, path: str, text: str) -> Page:
        """Read a note. Never raises: what is odd is in the page's problems."""
        return Page(path, text, self, self.read_front(text))


class Page(Struct, frozen=True, eq=False, dict=True):
    """One note. ``text`` is the truth; everything else is spans into it."""

    path: str
    text: str
    syntax: Dialect
    front: Front

    @property
    def dialect(self) -> str:
        return self.syntax.name

    @property
    def properties(self) -> Mapping[str, Property]:
        return self.front.properties

    @cached_property
    def title(self) -> str:
        return self.syntax.title_of(self)

    def with_problem(self, problem: Problem) -> Page:
        """The same page with one more problem of the whole note."""
        front = replace(self.front, problems=(*self.front.problems, problem))
        return Page(self.path, self.text, self.syntax, front)

    @cached_property
    def digest(self) -> Digest:
        return digest(self.text.encode("utf-8", "surrogatepass"))

    @cached_property
    def padded(self) -> str:
        """The text behind one line feed: a scan for ``\\n...`` finds every line, at the offset of its start."""
        return "\n" + self.text

    @cached_property
    def _hidden(self) -> tuple[tuple[Hidden, ...], tuple[Problem, ...]]:
        markup, text = self.syntax.markup, self.text
        if not any(opener in text for opener in markup.openers):
            return (), ()
        return markup.hidden(text)

    @property
    def hidden(self) -> tuple[Hidden, ...]:
        """Code, mathematics and comments, in order; front matter is never among them."""
        return self._hidden[0]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Of the note as a whole: front matter that cannot be read, a fence or comment that is never closed."""
        return self.front.problems + self._hidden[1]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Links and embeds outside code and comments, in order."""
        return self.syntax.read_links(self)

    def property(self, key: str) -> str:
        """One property as text; empty when it is absent; a list joined by commas."""
        found = self.front.properties.get(property_key(key))
        if found is None:
            return ""
        return found.value if isinstance(found.value, str) else ", ".join(found.value)

    def property_list(self, key: str) -> tuple[str, ...]:
        """One property as a list; a single value is a list of one."""
        found = self.front.properties.get(property_key(key))
        if found is None or not found.value:
            return ()
        return (found.value,) if isinstance(found.value, str) else found.value
