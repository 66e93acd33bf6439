"""What the system refused to write is tried again, whoever mends it and however: no event tells of that."""

from __future__ import annotations

from collections.abc import Iterable

FIRST, MOST = 5.0, 60.0
"""Seconds until it is tried again: the first time, and at most."""


class Retries:
    """Remembers how long each artifact was waited for."""

    def __init__(self) -> None:
        self._pauses: dict[str, float] = {}

    def after(self, refused: Iterable[str], decided: Iterable[str]) -> dict[str, float]:
        """Seconds to wait, by artifact; of what else was decided nothing is remembered any more."""
        now = {artifact: min(MOST, 2 * self._pauses.get(artifact, FIRST / 2)) for artifact in refused}
        for artifact in decided:
            self._pauses.pop(artifact, None)
        self._pauses |= now
        return now
