"""What somebody said of open conflicts, as values for their fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from twinpage.core.choosing.resolving import OTHER
from twinpage.errors import UnknownWord, Usage
from twinpage.model.outcome import OpenConflict
from twinpage.model.plain import plain_line

Chosen = dict[str, Any]
"""Pointer -> the value that is right there; None: nothing."""


def first_of_each(found: Iterable[OpenConflict]) -> tuple[OpenConflict, ...]:
    """One conflict a pointer: where several merges left one, they are decided one after another."""
    firsts: dict[str, OpenConflict] = {}
    for one in found:
        firsts.setdefault(one.pointer, one)
    return tuple(firsts.values())


def by_side(found: Sequence[OpenConflict], side: str) -> Chosen:
    """One side for all. ``note`` and ``file`` say nothing of what is open between two branches. Raises Usage."""
    between = side in ("ours", "theirs")
    chosen = {one.pointer: _of(one, side) for one in found if between or not one.by_git}
    if found and not chosen:
        raise Usage("What is open here is between two branches: say ours or theirs instead of note or file.")
    return chosen


def by_fields(found: Sequence[OpenConflict], fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pointer -> side. Fields are named by pointer or as they are shown. Raises UnknownWord, Usage."""
    chosen: dict[str, str] = {}
    for said, side in fields:
        conflict = _named(found, said)
        if conflict.by_git and side in ("note", "file"):
            raise Usage(f"{plain_line(said)} is open between two branches: say ours or theirs instead of {side}.")
        if chosen.setdefault(conflict.pointer, side) != side:
            raise Usage(f"{plain_line(said)} is named twice with two sides; name it once.")
    return chosen


def values(found: Sequence[OpenConflict], sides: dict[str, str]) -> Chosen:
    """What the chosen sides say."""
    return {one.pointer: _of(one, sides[one.pointer]) for one in found if one.pointer in sides}


def _of(conflict: OpenConflict, side: str) -> object:
    return conflict.other if side in OTHER else conflict.mine


def _named(found: Sequence[OpenConflict], said: str) -> OpenConflict:
    for conflict in found:
        if said in (conflict.pointer, plain_line(conflict.pointer)):
            return conflict
    shown = unquote(said)
    for conflict in found:
        if shown in (conflict.pointer, conflict.pointer.removeprefix("/")) or _same(said, conflict.place):
            return conflict
    pointers = [conflict.pointer for conflict in found]
    close = get_close_matches(shown, pointers, n=3, cutoff=0.5) or pointers[:3]
    raise UnknownWord("open conflict at", plain_line(said), map(plain_line, close), "twinpage conflicts")


def _same(said: str, place: str) -> bool:
    return bool(place) and said.strip().casefold() == place.casefold()
