"""The clock, at the edge: no decision about content is ever taken from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def today() -> str:
    """The date here, ISO."""
    return datetime.now(UTC).astimezone().date().isoformat()


def stamp() -> str:
    """Now, ISO with seconds and zone."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def stamp_of_everywhere() -> str:
    """Now in UTC, such as ``2030-01-02T03:04:05Z``: comparable with what other machines wrote."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_since(when: str) -> float | None:
    """Days since a ``stamp``, negative for one to come; None for what is no stamp."""
    try:
        then = datetime.fromisoformat(when).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return (now_ns() / 1e9 - then) / 86_400


def compact_stamp() -> str:
    """Now in UTC, as the name of a folder: sorts by time."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")


def monotonic() -> float:
    """Seconds from some moment on; never goes back."""
    return time.monotonic()


def now_ns() -> int:
    """Nanoseconds since the epoch, to compare with a file's mtime."""
    return time.time_ns()


def sleep(seconds: float) -> None:
    time.sleep(seconds)
