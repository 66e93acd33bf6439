"""What a review of two states of a model found, before an output words it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from twinpage.model.difference import Difference
from twinpage.model.flag import SEVERITIES, Flag, Severity
from twinpage.model.signoff import SignOff

Happened = Literal["added", "removed", "renamed", "changed", "moved", "unread"]
"""``moved``: it belongs to another case now. ``unread``: its file cannot be read on one of both sides."""


class Named(Struct, frozen=True):
    """An artifact as a report names it."""

    id: str
    kind: str
    name: str
    example: bool = False
    """It is an example case, or belongs to one."""


class Moment(Struct, frozen=True):
    """One of the two states that are compared."""

    label: str
    """As the person said it."""
    commit: str = ""
    """Id of the commit; empty for the files as they are."""


class Count(Struct, frozen=True):
    """How many artifacts of a kind there are."""

    kind: str
    before: int
    after: int
    example: bool = False


class Covered(Struct, frozen=True):
    """How many have what they need: (have it, all), before and after."""

    kind: str
    partner: str
    before: tuple[int, int]
    after: tuple[int, int]
    example: bool = False


class Partner(Struct, frozen=True):
    """An artifact that lost, or got, what it needs."""

    artifact: Named
    partner: str
    """Kind of what it lost or got."""
    lost: bool


class Introduced(Struct, frozen=True):
    """Flags by what became of them, example cases apart."""

    own: tuple[Flag, ...] = ()
    examples: tuple[Flag, ...] = ()

    @property
    def all(self) -> tuple[Flag, ...]:
        return self.own + self.examples

    def count(self, severity: Severity) -> int:
        return sum(flag.severity == severity for flag in self.all)


class BrokenReference(Struct, frozen=True):
    """Somebody names an artifact that is gone."""

    artifact: Named
    """Who names it."""
    target: Named
    """What it names."""


class Impact(Struct, frozen=True):
    """Who depends on an artifact that changed."""

    artifact: Named
    happened: Happened
    referrers: tuple[Named, ...] = ()
    notes: tuple[str, ...] = ()
    """Vault paths of the notes that embed it; of what is gone, those that did before."""


class Changed(Struct, frozen=True):
    """One artifact that is not what it was."""

    artifact: Named
    happened: Happened
    was: Named | None = None
    """Of one that was renamed, what it was called."""
    place: tuple[Named, ...] = ()
    """What it belongs to, from the outside: case, segment, profile."""
    differences: tuple[Difference, ...] = ()
    """But for id and name."""


class MadeVoid(Struct, frozen=True):
    """Sign-offs that held before and hold no longer."""

    artifact: Named
    signoffs: tuple[SignOff, ...]
    gone: bool = False
    """The artifact itself is gone."""


class Review(Struct, frozen=True):
    """Two states of a model, and what lies between them."""

    base: Moment
    head: Moment
    counts: tuple[Count, ...] = ()
    coverage: tuple[Covered, ...] = ()
    partners: tuple[Partner, ...] = ()
    introduced: Introduced = Introduced()
    resolved: Introduced = Introduced()
    accepted: int = 0
    """So many more were introduced that the baseline accepts."""
    broken: tuple[BrokenReference, ...] = ()
    impact: tuple[Impact, ...] = ()
    not_asked: int = 0
    """Of so many changed artifacts nobody looked for who depends on them: they were too many."""
    changes: tuple[Changed, ...] = ()
    """By case, segment and profile; example cases last."""
    void: tuple[MadeVoid, ...] = ()
    fail_on: Severity = "error"
    paths: str = ""
    """Words that a command needs to find the vault from here, such as ``--vault`` and a folder; else empty."""

    @property
    def fails(self) -> bool:
        """An introduced flag is as grave as what fails here, or graver."""
        grave = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return any(flag.severity in grave for flag in self.introduced.all)

    @property
    def exit_code(self) -> int:
        return int(self.fails)
