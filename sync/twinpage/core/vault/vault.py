"""The vault as the rules, embeds and the lens may ask about it.

Every answer depends on a few named things only; an implementation can record them (see ``Vault``), so that after a
change just the subjects that asked about the changed thing are looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from msgspec import Struct

from twinpage.core.vault.mentions import CaseNames
from twinpage.model.kind import Kind, Value
from twinpage.model.problem import Problem
from twinpage.model.reading import Link, Reading
from twinpage.model.signoff import Signed
from twinpage.model.source import Source

Side = Literal["note", "file"]

RESTING = frozenset({"archived", "inactive"})
"""Statuses whose artifacts neither count nor are flagged."""


class Card(Struct, frozen=True, array_like=True):
    """What others may want to know of one artifact without reading it."""

    id: str
    kind: str
    name: str
    path: str
    """Vault path of the artifact file; empty when there is none."""
    note_path: str
    """Vault path of its note; empty when there is none."""
    title: str
    """Title of its note, by which links name it; empty when there is no note."""
    case: str
    status: str
    example: bool
    """It says of itself that it is an example; for parts of a case see ``Vault.is_example``."""
    aliases: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    """(field name, target id), in schema order; lists of references give one pair an element."""
    metamodel_id: str = ""
    stages: tuple[int, int] = (0, 0)
    """How many stages it has, and how many of them have touchpoints. A sum that no rule asks for."""

    @property
    def resting(self) -> bool:
        return self.status in RESTING


class Note(Struct, frozen=True):
    """One note that is a twin, or would like to be."""

    path: str
    text: str
    digest: str
    title: str
    artifact_id: str
    """As the note says; empty for a new handwritten note."""
    artifact_kind: str
    reading: Reading | None
    """None when its kind is unknown or its front matter cannot be read."""
    problems: tuple[Problem, ...]
    """Of the note as a whole and of the reading."""
    links: tuple[Link, ...]
    ignored: tuple[tuple[str, str], ...] = ()
    """(code, reason) of its property ``flags-ignored``."""


class Subject(Struct, frozen=True):
    """What one rule looks at: an artifact with both its twins, or one file that is no artifact."""

    card: Card | None
    kind: Kind | None
    value: Value
    """The artifact file's value, else the note's, else empty."""
    file: Source | None
    note: Note | None

    @property
    def id(self) -> str:
        return self.card.id if self.card else ""

    @property
    def name(self) -> str:
        return self.card.name if self.card else ""

    @property
    def held(self) -> bool:
        """A twin has something that must be mended before anything of it is carried over."""
        sides = (self.note.problems if self.note else (), self.file.problems if self.file else ())
        return any(problem.holds and problem.code != "TP201" for problems in sides for problem in problems)

    def problems(self, code: str) -> list[tuple[Side, Problem]]:
        """The readers' findings with this code, as (side, problem)."""
        found: list[tuple[Side, Problem]] = []
        found += (("note", p) for p in (self.note.problems if self.note else ()) if p.code == code)
        found += (("file", p) for p in (self.file.problems if self.file else ()) if p.code == code)
        return found


class Vault(Protocol):
    """Look-ups. In the comments: the key that an answer depends on."""

    @property
    def dialect(self) -> str: ...
    @property
    def today(self) -> str:
        """ISO date; an input, never the clock."""

    def options(self, code: str) -> Mapping[str, int | str | bool]:
        """Options of a rule: its defaults under the settings' ``[rules.CODE]``."""

    def needs_of_team(self, kind: str) -> tuple[tuple[str, str], ...]:
        """``[needs]`` of the settings for a kind: (kind of the partner, field by which it names the artifact)."""

    def kind(self, name: str) -> Kind | None: ...
    def card(self, artifact: str) -> Card | None:
        """key ``id:<artifact>``"""

    def is_example(self, card: Card) -> bool:
        """It is an example case or belongs to one. key ``id:<case>``"""

    def claims(self, artifact: str) -> tuple[str, ...]:
        """Paths of all files and notes that claim this id, sorted. key ``id:<artifact>``"""

    def referrers(self, target: str, kind: str, by: str) -> tuple[Card, ...]:
        """Artifacts of ``kind`` whose field ``by`` names ``target``, by id, resting ones too. key ``ref:<target>``"""

    def of_kind(self, kind: str) -> tuple[Card, ...]:
        """All of one kind by id. A broad dependency, for small kinds such as cases. key ``kind:<kind>``"""

    def case_names(self) -> CaseNames:
        """Names and aliases of all cases, to be looked for in texts; best built once. key ``kind:case``"""

    def resolve(self, target: str) -> str | None:
        """Id of the artifact whose note a link names. key ``title:<folded>``"""

    def page(self, target: str) -> str | None:
        """Path of the note, artifact or not, that a link names. key ``title:<folded>``"""

    def examples(self, artifact_type: str) -> tuple[Card, ...]:
        """What the note of an artifact type embeds: artifacts of it in example cases, by id. key ``type:<id>``"""

    def signed(self, artifact: str) -> Signed:
        """Its sign-offs. No key: when they change, the artifact is looked at anew."""

    def similar(self, text: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Up to three titles or ids that somebody may have meant; for words in messages only. No key."""
