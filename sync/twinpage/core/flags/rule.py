"""A rule, and what it yields: the runner adds code, severity, place and silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from twinpage.core.vault.vault import Subject, Vault
from twinpage.model.flag import Fix, Severity


class Finding(Struct, frozen=True):
    """What a rule yields: the runner adds code, severity, place and silence."""

    message: str
    pointer: str = ""
    offset: int | None = None
    """A character offset into the text of ``side``, when the rule knows better than the pointer."""
    side: Literal["note", "file", "either"] = "either"
    fix: Fix | None = None


class Rule(Struct, frozen=True):
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
