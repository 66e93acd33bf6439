"""What of the trash goes: what is old, and the oldest of what is too much. What is young stays unless asked for."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from msgspec import Struct

MEGABYTE = 1_000_000
DAYS = 90
MEGABYTES = 1_000
NEVER_BELOW = 30
"""Days. Of what is younger, nothing goes by the defaults."""


class Limits(Struct, frozen=True):
    """How long and how much the trash keeps; None: as by default."""

    days: int | None = None
    megabytes: int | None = None

    @property
    def age(self) -> int:
        """Days; what is older goes."""
        return DAYS if self.days is None else self.days

    @property
    def size(self) -> int:
        """Bytes; beyond it, the oldest go first."""
        return (MEGABYTES if self.megabytes is None else self.megabytes) * MEGABYTE

    @property
    def spared(self) -> float:
        """Days; what is younger does not go for the sake of the size."""
        return NEVER_BELOW if self.megabytes is None else -inf


class Weight(Struct, frozen=True):
    """One removal, as pruning sees it."""

    days: float | None
    """Its age; None when nobody can tell: then it stays."""
    size: int
    """Bytes."""


def goes(weights: Sequence[Weight], limits: Limits) -> list[bool]:
    """For each removal whether pruning takes it away."""
    chosen = [weight.days is not None and weight.days > limits.age for weight in weights]
    over = sum(weight.size for weight, taken in zip(weights, chosen, strict=True) if not taken) - limits.size
    rest = [number for number, taken in enumerate(chosen) if not taken]
    for number in sorted(rest, key=lambda number: -(weights[number].days or 0.0)):
        weight = weights[number]
        if over > 0 and weight.days is not None and weight.days >= limits.spared:
            chosen[number] = True
            over -= weight.size
    return chosen
