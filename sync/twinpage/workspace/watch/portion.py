"""How much is carried in one hold of the write lock: other commands wait for it, and refuse after some seconds."""

from __future__ import annotations

LEAST, MOST = 20, 200
"""Artifacts in one hold: fewer are mostly the work of any pass, more are no faster."""
HOLD = 2.0
"""Seconds that a hold shall take: well below those that a command waits for the lock."""


class Portion:
    """As much as this machine carries in ``HOLD`` seconds, as far as the last holds tell."""

    def __init__(self, most: int = MOST) -> None:
        self.size = self._most = most
        """Artifacts to be carried in the next hold."""

    def took(self, artifacts: int, seconds: float) -> None:
        """So many artifacts were carried in a hold of so many seconds; a part of a portion tells nothing."""
        if artifacts >= self.size:
            fitting = int(artifacts * HOLD / max(seconds, 0.001))
            self.size = min(self._most, max(min(LEAST, self._most), fitting))
