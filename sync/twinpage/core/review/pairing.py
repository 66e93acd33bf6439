"""An artifact as both sides of a review have it."""

from __future__ import annotations

from dataclasses import dataclass

from twinpage.model.kind import Value
from twinpage.model.review import Happened


@dataclass(frozen=True, slots=True)
class Pair:
    """One artifact that is not the same on both sides. An id is empty, and a value None, where it is not there."""

    old: str
    new: str
    before: Value | None
    after: Value | None

    @property
    def happened(self) -> Happened:
        if not self.old:
            return "added"
        if not self.new:
            return "removed"
        return "changed" if self.old == self.new else "renamed"
