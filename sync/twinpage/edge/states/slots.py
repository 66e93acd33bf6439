"""What was found out about a vault in git, kept between runs: one state a slot, in ``.twinpage/revisions/``.

All of it can be had again from git. So nobody waits for a slot for long: who does not get it goes on with a copy, or
without. Only its holder writes in it, or replaces it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path

from msgspec import MsgspecError
from msgspec.json import decode, encode

from twinpage.edge.lock import Release, lock_for_now
from twinpage.edge.place import STATE_FOLDER
from twinpage.edge.states.state import State, home_of, memory_state, open_state
from twinpage.edge.states.state_tables import FORMAT
from twinpage.errors import NotRead, NotWritten, OutsideVault

SLOTS = ("staged", "head", "base")
_LISTING, _RECENT = "listing", "listing, recent"
"""Keys of a slot's state: everything that the tree had which it tells of (see ``TreeFiles.contents``), and what changed
since that was written, where nothing stands for what went: to write all of it each time takes long."""
_FOLDER = "revisions"
_PATIENCE = 1.0
"""Seconds; a run with few changes takes a third of it."""
_MOMENT = 0.2
_FAR = 150
"""From so many files that differ on, another slot is looked at whether it is nearer."""
_MANY = 300
"""Changes that are written apart; with more, everything is written anew."""


class _Slot(State):
    """A state that is held by one process."""

    def __init__(self, state: State, path: Path, release: Release) -> None:
        super().__init__(state._db, path)
        self._release = release

    def close(self) -> None:
        super().close()
        release, self._release = self._release, _released
        release()


def _released() -> None:
    """It was let go already."""


def open_slot(root: Path, slot: str, contents: Mapping[str, str], settings: str) -> tuple[State, list[str] | None]:
    """The state of a slot, and the paths whose content is another than it tells of; None: it tells of nothing of use.

    Where it is far from ``contents``, it becomes a copy of the nearest slot. ``settings``: the digest of what flags
    depend on besides; what was found out under other ones is of no use. The state is one in memory where the disk may
    not be written, or another process holds the slot.
    """
    state = _held(root, slot) or _copied(root, slot) or memory_state()
    try:
        known = _listing(state, settings)
    except NotRead:
        state.close()
        return memory_state(), None
    news = _differing(known, contents)
    if len(news) >= _FAR:
        with suppress(sqlite3.Error, OSError, NotRead):
            known, news = _taken_over(root, slot, state, known, news, contents, settings)
    return state, news if known else None


def keep_listing(state: State, news: Iterable[str] | None, contents: Mapping[str, str]) -> None:
    """Within the transaction that brought the state up to date with ``contents``, which are others at these paths;
    None: everywhere."""
    recent = {} if news is None else decode(state.recall(_RECENT) or "{}", type=dict[str, str])
    recent.update((path, contents.get(path, "")) for path in news or ())
    if news is None or len(recent) > _MANY:
        state.remember(_LISTING, _written(contents))
        recent = {}
    state.remember(_RECENT, _written(recent))


def _differing(known: Mapping[str, str], contents: Mapping[str, str]) -> list[str]:
    """The paths that have not the same content in both."""
    found = [path for path, content in contents.items() if known.get(path) != content]
    return [*found, *(known.keys() - contents.keys())]


def _written(contents: Mapping[str, str]) -> str:
    return encode(contents).decode("utf-8")


def _held(root: Path, slot: str) -> State | None:
    try:
        release = lock_for_now(root, f"{_FOLDER}/{slot}.lock", _PATIENCE)
    except (NotWritten, OutsideVault):
        return None
    if release is None:
        return None
    try:
        name = f"{_FOLDER}/{slot}.db"
        state = open_state(root, [], name, _MOMENT)
        return _Slot(state, root / STATE_FOLDER / name, release)
    except (NotWritten, OutsideVault, OSError):
        release()
        return None


def _copied(root: Path, slot: str) -> State | None:
    with suppress(sqlite3.Error, OSError, NotRead):
        source = _to_read(root, slot)
        if source is not None:
            with closing(source):
                return source.copy()
    return None


def _taken_over(
    root: Path,
    slot: str,
    state: State,
    known: dict[str, str],
    news: list[str],
    contents: Mapping[str, str],
    settings: str,
) -> tuple[dict[str, str], list[str]]:
    """What the state tells of, and what differs from it, once it is a copy of the nearest slot, unless it is that."""
    for other in SLOTS:
        source = _to_read(root, other) if other != slot else None
        if source is not None:
            with closing(source):
                found = _listing(source, settings)
                apart = _differing(found, contents)
                if len(apart) * 2 < len(news):
                    state.take_over(source)
                    known, news = found, apart
    return known, news


def _to_read(root: Path, slot: str) -> State | None:
    """The slot as it was last left, whoever holds it. Raises OSError, sqlite3.Error, NotRead."""
    path = Path(os.path.realpath(root)) / STATE_FOLDER / _FOLDER / f"{slot}.db"
    if os.path.realpath(path) != str(path) or not path.is_file():
        return None
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_MOMENT, isolation_level=None)
    state = State(connection, None)
    try:
        if state.recall("format") == FORMAT and state.recall("home") == home_of(root):
            return state
    except BaseException:
        state.close()
        raise
    state.close()
    return None


def _listing(state: State, settings: str) -> dict[str, str]:
    """The contents that a state tells of; none when they are of no use."""
    if state.recall("settings") != settings:
        return {}
    try:
        known = decode(state.recall(_LISTING) or "{}", type=dict[str, str])
        recent = decode(state.recall(_RECENT) or "{}", type=dict[str, str])
    except MsgspecError:
        return {}
    for path, content in recent.items():
        if content:
            known[path] = content
        else:
            known.pop(path, None)
    return known
