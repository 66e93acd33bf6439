"""One field on which two versions do not agree."""

from __future__ import annotations

from msgspec import Struct

REBASED = " (rebased)"
"""Ends what a branch is called whose commits a rebase makes anew: no branch has a blank in its name."""


class Conflict(Struct, frozen=True):
    """One field that both sides changed. Values are plain JSON; None means absent."""

    pointer: str
    base: object
    note: object
    file: object
