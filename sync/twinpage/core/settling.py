"""When a file that changes has come to rest: apps save by truncating, in pieces, or by deleting and making anew.

Pure: every function is told what time it is, in seconds from any moment on.
"""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST, LONGEST = 0.2, 0.5
"""Seconds without an event after which a file is at rest: the longer, the more slowly its events follow one another."""
TOGETHER = 1.0
"""Seconds for which a file at rest waits for others that are not: what was saved together is carried together."""
STORM = 500
"""From so many paths on it costs less to look at the whole vault."""


class Settling:
    """Paths that changed and are not at rest yet."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._quiet: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._last)

    def saw(self, paths: Iterable[str], now: float) -> None:
        """Something happened to these paths."""
        for path in paths:
            before = self._last.get(path)
            if before is None:
                self._quiet[path] = SHORTEST
            elif now > before:
                self._quiet[path] = min(max(self._quiet[path], 2 * (now - before)), LONGEST)
            self._last[path] = now

    def due(self, now: float) -> tuple[str, ...]:
        """Take out the paths that are at rest; none while others that may belong to them are not."""
        at_rest = [path for path, last in self._last.items() if last + self._quiet[path] <= now]
        if not at_rest:
            return ()
        if len(at_rest) < len(self._last) and all(now < self._at_rest(path) + TOGETHER for path in at_rest):
            return ()
        for path in at_rest:
            del self._last[path], self._quiet[path]
        return tuple(sorted(at_rest))

    def next(self) -> float | None:
        """The earliest time at which ``due`` may have something; None when nothing is on its way."""
        if not self._last:
            return None
        times = [self._at_rest(path) for path in self._last]
        return min(max(times), min(times) + TOGETHER)

    def clear(self) -> None:
        self._last.clear()
        self._quiet.clear()

    def _at_rest(self, path: str) -> float:
        return self._last[path] + self._quiet[path]
