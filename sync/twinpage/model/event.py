"""What a watcher tells while it runs, one thing at a time."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

What = Literal[
    "started",  # everything was looked at, and from now on changes are followed
    "change",  # a file was written
    "held",  # something is not carried over until a person has looked
    "freed",  # what was held is carried over again
    "waiting",  # something will be looked at again by itself
    "conflict",  # both twins changed the same field
    "agreed",  # a conflict ended
    "flag",  # a flag came
    "flag-gone",
    "resting",  # nothing is carried over for a while, such as while git works
    "going-on",
    "refused",  # the system would not let a file be written
    "remark",
    "stopped",
]


class Event(Struct, frozen=True):
    """One line of a watcher. What does not apply is empty."""

    what: What
    sentence: str = ""
    """In plain words; of a change only the clause why."""
    path: str = ""
    line: int = 0
    artifact: str = ""
    pointer: str = ""
    action: str = ""
    """Of a change: ``created``, ``updated``, ``trashed`` or ``merged``."""
    code: str = ""
    severity: str = ""
    fingerprint: str = ""
