"""What was written over, for a moment longer: a program that had it open before may save into it after."""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from twinpage.edge import clock
from twinpage.edge.holder import is_alive, started_at
from twinpage.model.edit import Digest

KEPT = 5.0
"""Seconds that an app may take from opening a file to saving it, on a machine that has much to do."""

MARK = "-since-"
"""In the names of such files."""
_LEFT_BEHIND = 60.0
"""Seconds after which whoever kept it is no more."""
_START_ROUNDED = 1.0
"""Seconds by which the system's time of a start may be late: it tells whole seconds of its own."""


def is_of_another(path: Path) -> bool:
    """It is kept by a process that runs beside this one: new files bear its number."""
    process = path.name.partition("-")[0]
    try:
        since = path.stat().st_ctime
    except OSError:
        return False
    if MARK not in path.name or time.time() - since >= _LEFT_BEHIND or not process.isdecimal():
        return False
    # One that began later has the number of one that is no more.
    return is_alive(int(process)) and started_at(int(process)) <= since + _START_ROUNDED


def left_in(folder: Path, own: set[str]) -> list[Path]:
    """Files there that nobody keeps: neither this process, of which ``own`` are, nor one that runs beside it."""
    try:
        places = [folder / name for name in os.listdir(folder)] if not folder.is_symlink() else []
    except OSError:
        return []
    return [place for place in places if place.name not in own and not is_of_another(place)]


class Former(Struct, frozen=True):
    """A file as it was before something else took its place."""

    path: str
    """Vault path at which it lay."""
    link: str
    """Where its bytes still are; whoever has it open writes there."""
    changed: int
    """Its time of change, in nanoseconds, when it was written over."""
    written: Digest
    """Of what took its place."""
    since: float

    def saved(self) -> bool:
        """Somebody saved it since."""
        try:
            return os.stat(self.link).st_mtime_ns != self.changed
        except OSError:
            return False

    def read(self) -> bytes:
        with open(self.link, "rb") as handle:
            return handle.read()

    def forget(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self.link)


class FormerFiles:
    """Those of the last seconds. A watch waits for what comes late; other commands look once before they end."""

    def __init__(self) -> None:
        self._kept: deque[Former] = deque()
        self._saved: deque[Former] = deque()
        """Seen to be saved late, and not taken yet."""

    def keep(self, path: str, link: str, written: Digest) -> None:
        """Look after a file that was just written over and lies at ``link`` alone."""
        now = clock.monotonic()
        self._kept.append(Former(path, link, os.stat(link).st_mtime_ns, written, now))
        while self._kept[0].since + KEPT < now and not self._kept[0].saved():
            self._kept.popleft().forget()

    @property
    def saved(self) -> bool:
        """Somebody saved one of them since."""
        return bool(self._saved) or any(former.saved() for former in self._kept)

    @property
    def due(self) -> float | None:
        """When one has been kept for long enough; None when there is none of which that is to be seen."""
        return self._kept[0].since + KEPT if self._kept else None

    def expire(self) -> list[str]:
        """Forget what was kept for long enough; the paths of those that somebody saved meanwhile."""
        kept, self._kept = self._kept, deque()
        for former in kept:
            if former.saved():
                self._saved.append(former)
            elif former.since + KEPT <= clock.monotonic():
                former.forget()
            else:
                self._kept.append(former)
        return [former.path for former in self._saved]

    def late(self) -> Iterator[Former]:
        """Those that were saved since; whoever takes them has to forget them."""
        while self._saved:
            yield self._saved.popleft()
        for _ in range(len(self._kept)):
            former = self._kept.popleft()
            if former.saved():
                yield former
            elif former.since + KEPT < clock.monotonic():
                former.forget()
            else:
                self._kept.append(former)

    @property
    def paths(self) -> set[str]:
        return {former.path for former in (*self._kept, *self._saved)}

    @property
    def links(self) -> set[str]:
        """Names of the files in which they lie."""
        return {os.path.basename(former.link) for former in (*self._kept, *self._saved)}

    def close(self) -> None:
        for former in self._kept:
            if not former.saved():
                former.forget()
        self._kept.clear()
