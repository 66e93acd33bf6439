"""One finding of one rule: what check, sync, the plugins and editors share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from twinpage.model.edit import Edit

if TYPE_CHECKING:
    from twinpage.core.vault import Subject, Vault

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Scaffold:
    """Fix: make the missing partner from the kind's template."""

    kind: str
    by: str
    target: str
    """Id of the artifact that the new one names in its field ``by``."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Fix: what a sync of this artifact does anyway."""

    artifact: str


Fix = Edit | Scaffold | Pass


@dataclass(frozen=True, slots=True)
class Flag:
    """A place, a code and a plain sentence. ``line`` and ``column`` count from 1."""

    code: str
    name: str
    severity: Severity
    path: str
    line: int
    column: int
    artifact: str
    pointer: str
    message: str
    why: str
    fix: Fix | None = None

    @property
    def fixable(self) -> bool:
        return self.fix is not None

    @property
    def fingerprint(self) -> str:
        """Rule, artifact and pointer by ids, never a line: a flag keeps its fingerprint while text moves."""
        subject = self.artifact or self.path
        return blake2b(f"{self.code}\0{subject}\0{self.pointer}".encode(), digest_size=8).hexdigest()

    @property
    def order(self) -> tuple[str, int, str, int, str]:
        return self.path, self.line, self.code, self.column, self.pointer


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule yields: the runner adds code, severity, place and silence."""

    message: str
    pointer: str = ""
    offset: int | None = None
    """A character offset into the text of ``side``, when the rule knows better than the pointer."""
    side: Literal["note", "file", "either"] = "either"
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``check`` looks at one subject and asks the vault for everything else."""

    code: str
    name: str
    severity: Severity | Literal["off"]
    """Severity when the settings say nothing."""
    why: str
    """One plain sentence: why it matters."""
    check: Callable[[Subject, Vault], Iterable[Finding]]
    default_options: tuple[tuple[str, int | str | bool], ...] = ()
    fixes: bool = False
    """Some of its findings carry a fix."""
    retells: bool = False
    """All that it finds are problems of its code that a reader met: without any, it need not look."""
    kinds: tuple[str, ...] = ()
    """The only kinds that it has to do with; empty: all."""
