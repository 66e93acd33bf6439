"""What a command found out or did, before an output words it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from twinpage.model.flag import SEVERITIES, Flag, Severity

Action = Literal["created", "updated", "trashed", "merged"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file that a pass wrote. ``because`` is a plain clause such as ``the note changed``."""

    path: str
    action: Action
    artifact: str
    because: str


@dataclass(frozen=True, slots=True)
class HeldTwin:
    """What was not carried over. ``because`` is a plain sentence that says what to do."""

    artifact: str
    path: str
    because: str
    line: int = 1
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """One field that both twins changed. Values are plain JSON, None means absent; pointer ``""`` is the artifact."""

    artifact: str
    path: str
    """Vault path of the artifact file."""
    note: str
    """Vault path of the note; empty when it is gone."""
    pointer: str
    base: object
    mine: object
    """What the artifact file says now."""
    other: object
    from_: str
    """``note``, or ``theirs`` with the branch."""


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """One two-way pass."""

    changes: tuple[Change, ...] = ()
    held: tuple[HeldTwin, ...] = ()
    conflicts: tuple[OpenConflict, ...] = ()
    flags: int = 0
    """How many flags ``check`` shows now."""
    not_written: tuple[str, ...] = ()
    """Sentences about files that the system refused to write, for stderr: exit code 2."""
    planned: bool = False
    """Nothing was written: this is what a pass would do."""

    @property
    def exit_code(self) -> int:
        """2 when a file could not be written, 1 with a conflict or something held, else 0."""
        if self.not_written:
            return 2
        return 1 if self.held or self.conflicts else 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many artifacts of a kind have the partner that they need, resting ones left out."""

    kind: str
    partner: str
    have: int
    of: int
    example: bool = False
    case: str = ""
    """Id of the only case that is counted here; empty: of all."""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """All flags of a vault, those of example cases apart."""

    flags: tuple[Flag, ...] = ()
    example_flags: tuple[Flag, ...] = ()
    artifacts: int = 0
    coverage: tuple[Coverage, ...] = ()
    fixed: tuple[Change, ...] = ()
    """What ``--fix`` wrote before these flags were taken."""
    not_written: tuple[str, ...] = ()

    @property
    def all_flags(self) -> tuple[Flag, ...]:
        """Every flag, sorted by path, line and code."""
        return tuple(sorted(self.flags + self.example_flags, key=lambda flag: flag.order))

    def count(self, severity: Severity) -> int:
        return sum(flag.severity == severity for flag in self.flags + self.example_flags)

    def exit_code(self, fail_on: Severity) -> int:
        """2 when a file could not be written, 1 with a flag at or above ``fail_on``, else 0."""
        if self.not_written:
            return 2
        counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return int(any(self.count(severity) for severity in counted))


@dataclass(frozen=True, slots=True)
class StatusOutcome:
    """How the twins stand to one another. Each list holds artifact ids, sorted."""

    in_step: int = 0
    ahead: tuple[str, ...] = ()
    """The note says something new."""
    behind: tuple[str, ...] = ()
    """The artifact file says something new."""
    apart: tuple[str, ...] = ()
    """Both say something new; a pass will merge them or find a conflict."""
    conflicts: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    last_pass: str = ""
    """When the last pass ended, ISO with zone; empty when there was none on this machine."""


@dataclass(frozen=True, slots=True)
class Style:
    """How an output may look."""

    colour: bool = False
    statistics: bool = False
    """Count flags by code as well."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output format. Each function returns the whole text, with its final newline."""

    name: str
    check: Callable[[CheckOutcome, Style], str]
    sync: Callable[[SyncOutcome, Style], str]
    status: Callable[[StatusOutcome, Style], str]
    conflicts: Callable[[Iterable[OpenConflict], Style], str]
