"""What one pass is about: everything, as in ``sync``, or what a watcher was told of."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from twinpage.model.decision import Decision
from twinpage.workspace.twin import Twin

Rest = Callable[[Twin, Decision], "tuple[str, float] | None"]


class Scope(Struct, frozen=True):
    """By default all files are looked at, for the first time, and all that is unsettled is decided."""

    paths: tuple[str, ...] | None = None
    """Vault paths to look at, folders with a final ``/``; None: the whole vault."""
    artifacts: frozenset[str] = frozenset()
    """To be decided although no file of theirs changed: what they waited for may be over."""
    patient: frozenset[str] = frozenset()
    """Of these a disappearance was looked at twice."""
    everybody_is_patient: bool = False
    rest: Rest = lambda twin, decision: None
    """Why a decision has to wait, and for how many seconds; None: it need not."""
    removals: int = 0
    """How many artifacts were removed a moment ago, or wait to be: for the mass guard."""
    most: int = 0
    """How many artifacts at most are carried in one hold of the write lock; 0: all."""
    sums: bool = True
    """Count flags and coverage at the end. Without it the next pass that does has more to do."""

    def is_patient(self, artifact: str) -> bool:
        return self.everybody_is_patient or artifact in self.patient


EVERYTHING = Scope()
DECIDED = Scope(everybody_is_patient=True)
"""A person has looked: nothing needs a second look."""
