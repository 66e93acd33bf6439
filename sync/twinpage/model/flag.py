"""One finding of one rule: what check, sync, the plugins and editors share."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from twinpage.model.edit import Edit

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
BASELINE = "twinpage.baseline"
"""Where flags that are accepted for now are written down."""


def fingerprint_of(code: str, subject: str, pointer: str) -> str:
    """Of a flag of this rule about this artifact, or about a file that belongs to none."""
    return blake2b(f"{code}\0{subject}\0{pointer}".encode(), digest_size=8).hexdigest()


class Scaffold(Struct, frozen=True):
    """Fix: make the missing partner from the kind's template."""

    kind: str
    by: str
    target: str
    """Id of the artifact that the new one names in its field ``by``."""


class Pass(Struct, frozen=True):
    """Fix: what a sync of this artifact does anyway."""

    artifact: str


Fix = Edit | Scaffold | Pass


class Flag(Struct, frozen=True):
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
        return fingerprint_of(self.code, self.artifact or self.path, self.pointer)

    def as_data(self) -> dict[str, str | int]:
        """By the names that all JSON outputs give."""
        names = ("code", "name", "severity", "path", "line", "column", "artifact", "pointer", "message", "fingerprint")
        return {name: getattr(self, name) for name in names}

    @property
    def order(self) -> tuple[str, int, str, int, str]:
        return self.path, self.line, self.code, self.column, self.pointer
