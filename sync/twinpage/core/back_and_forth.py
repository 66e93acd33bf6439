"""Noticing that two programs undo one another's work on a twin, over and over."""

from __future__ import annotations

SPAN = 60.0
"""Seconds."""
_TURNS = 4


class BackAndForth:
    """What twins became lately, by our own writes. Pure: every function is told what time it is, in seconds."""

    def __init__(self) -> None:
        self._became: dict[str, tuple[tuple[float, str], ...]] = {}

    def __len__(self) -> int:
        return len(self._became)

    def wrote(self, artifact: str, became: str, now: float) -> None:
        """Both twins of the artifact are now as this fingerprint of them says."""
        self._became[artifact] = (*self._became.get(artifact, ()), (now, became))[-_TURNS:]

    def rest(self, artifact: str, now: float) -> float:
        """For how many seconds the artifact is to be left alone: it became A, B, A, B within a minute. 0: it is not."""
        turns = self._became.get(artifact, ())
        if len(turns) < _TURNS:
            return 0.0
        (first, a), (_, b), (_, c), (last, d) = turns
        if a != c or b != d or a == b or last - first > SPAN:
            return 0.0
        return max(0.0, last + SPAN - now)

    def forget_old(self, now: float) -> None:
        """Drop what no longer counts."""
        self._became = {name: turns for name, turns in self._became.items() if turns[-1][0] + SPAN >= now}
