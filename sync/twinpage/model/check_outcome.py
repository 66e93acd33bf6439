"""What ``check`` found out, before an output words it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from twinpage.model.flag import SEVERITIES, Flag, Severity

if TYPE_CHECKING:
    from twinpage.model.outcome import Change


class Coverage(Struct, frozen=True):
    """How many artifacts of a kind have the partner that they need, resting ones left out."""

    kind: str
    partner: str
    have: int
    of: int
    example: bool = False
    case: str = ""
    """Id of the only case that is counted here; empty: of all."""


class SinceBase(Struct, frozen=True):
    """What a check found besides what was introduced since a revision."""

    revision: str
    """As the person named it."""
    commit: str
    """Its id."""
    resolved: tuple[Flag, ...] = ()
    """Flags of that revision that are gone, as they were there."""
    standing: tuple[Flag, ...] = ()
    """Flags that stand in both, as they are now."""


class InBaseline(Struct, frozen=True):
    """What ``twinpage.baseline`` has to do with the flags of a check."""

    accepted: tuple[Flag, ...] = ()
    """They are left out of the flags of the outcome."""
    fixed: tuple[str, ...] = ()
    """Entries whose flag is gone: code, artifact or path, and pointer, between tabs."""
    written: bool = False
    """The file was written anew, without what was fixed."""
    new: tuple[Flag, ...] | None = None
    """Of what is accepted that which was not before; None where nothing was to be added."""
    waits_for_commit: bool = False


class RulePage(Struct, frozen=True):
    """What a format tells of a rule that is not in its flags."""

    code: str
    name: str
    severity: str
    """By default; ``off`` is one."""
    why: str
    page: str
    """As ``explain`` shows it, in markdown."""


class CheckOutcome(Struct, frozen=True):
    """All flags of a vault, those of example cases apart; compared with a revision, only those introduced since."""

    flags: tuple[Flag, ...] = ()
    example_flags: tuple[Flag, ...] = ()
    artifacts: int = 0
    coverage: tuple[Coverage, ...] = ()
    fixed: tuple[Change, ...] = ()
    """What ``--fix`` wrote before these flags were taken."""
    not_written: tuple[str, ...] = ()
    since: SinceBase | None = None
    """Of a comparison with a revision; None: the flags are all that there are."""
    baseline: InBaseline | None = None
    """None where the vault has none."""
    prefix: str = ""
    """From the top of the repository to the vault, with a slash at its end; empty where both are the same."""
    rules: tuple[RulePage, ...] = ()
    """All rules, for a format that tells of them."""

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
