"""This machine's memory of a vault: what both twins last agreed on, and what the files as they stand gave.

One SQLite file in ``.twinpage/``. The base values and last seen notes are worth keeping; everything else is a cache
that says again what the files say. A state that is corrupt, of another format, or was brought here from elsewhere is
set aside, never trusted: a base newer than the files would revert somebody's edits.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from twinpage.edge.disk import STATE_FOLDER, Stat
from twinpage.edge.states.state_derived import DAMAGED, Derived
from twinpage.edge.states.state_tables import FORMAT, TABLES, Packed, connect, for_now, in_words
from twinpage.errors import NotWritten, OutsideVault
from twinpage.model.edit import Digest

if TYPE_CHECKING:
    from twinpage.model.kind import Value

PATIENCE = 5.0
"""Seconds to wait for other processes."""
_STAT = "path, size, mtime, ctime, inode"
_TOGETHER = 500
"""Rows that are asked for at once: an older SQLite takes 999 values in one statement at most."""
_ANEW = "The state in .twinpage/ {}; it is made anew from the files."


class Base(Struct, frozen=True):
    """What both twins of one artifact last agreed on."""

    kind: str
    note_path: str
    note_digest: Digest
    artifact_digest: Digest
    value: Value
    """The artifact file's value then."""
    view: Value
    """What the note expressed of it then."""
    written: bool
    """The note's bytes are ours: nobody has typed in it since we wrote it."""


class FileFacts(NamedTuple):
    """One file as last seen."""

    stat: Stat
    digest: Digest
    role: str
    """``note``, ``artifact``, or ``stray`` for a file under ``artifacts/`` that is none."""
    title: str
    """Of a note."""
    folded: str
    """The title folded, as links find it."""
    artifact: str
    """The id that it claims; empty for a note that is no twin."""
    kind: str
    """The kind that it claims."""
    condition: str
    """``""``, ``blank`` or ``broken``."""


class State(Derived):
    """Use ``open_state``. Changes are kept together by ``transaction``."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._db = connection
        self.path = path
        info = os.stat(path) if path is not None else None
        self.rollbacks = 0
        """How often changes were taken back: what was read meanwhile does not hold."""
        self._identity = (info.st_dev, info.st_ino) if info else (0, 0)

    def close(self) -> None:
        self._db.close()

    def take_over(self, other: State) -> None:
        """Become a copy of another one."""
        other._db.backup(self._db)

    def copy(self) -> State:
        """The same in memory: for who only looks, and shall keep nobody from writing meanwhile."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        self._db.backup(connection)
        return State(connection, None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises NotWritten when the disk refuses, or when the state proves to be damaged."""
        try:
            self._db.execute("begin immediate")
            yield
            self._db.execute("commit")
        except sqlite3.Error as error:
            self._roll_back()
            if self._is_damage(error):
                raise NotWritten(f"{STATE_FOLDER}/state.db", DAMAGED) from error
            raise NotWritten(f"{STATE_FOLDER}/state.db", in_words(error)) from error
        except BaseException:
            self._roll_back()
            raise

    def _is_damage(self, error: sqlite3.Error) -> bool:
        emptied = "no such table" in str(error)
        if self.path is None or not (emptied or type(error) is sqlite3.DatabaseError):
            return False
        if self.is_there():  # else somebody else did it, and made a new one
            _set_aside(self.path)  # found only now: to look through all of it at each start would take too long
        return True

    def _roll_back(self) -> None:
        self.rollbacks += 1
        if self._db.in_transaction:
            with suppress(sqlite3.Error):
                self._db.execute("rollback")

    def give_back(self) -> None:
        """Return the memory that pages of the file were kept in."""
        with suppress(sqlite3.Error):
            self._db.execute("pragma shrink_memory")

    def renew(self) -> None:
        """Open the file anew: what a connection keeps of all that it was ever asked goes back."""
        if self.path is None or self._db.in_transaction or not self.is_there():
            return
        with suppress(sqlite3.Error):
            self._db, former = connect(self.path, PATIENCE), self._db
            former.close()
            self.rollbacks += 1  # versions are counted by connection: what was known by one is asked anew

    def is_there(self) -> bool:
        """The state's file was not deleted or replaced since it was opened."""
        if self.path is None:
            return True
        try:
            info = os.stat(self.path)
        except OSError:
            return False
        return (info.st_dev, info.st_ino) == self._identity

    def version(self) -> int:
        """It differs once another process wrote into the state."""
        return int(self._asked("pragma data_version").fetchone()[0])

    # ------------------------------------------------------------------ facts

    def recall(self, key: str) -> str:
        row = self._asked("select value from meta where key = ?", key).fetchone()
        return str(row[0]) if row else ""

    def remember(self, key: str, value: str) -> None:
        self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    def stats(self) -> Iterator[tuple[str, Stat]]:
        """What every file looked like when it was last read: all that a pass with nothing to do needs."""
        yield from _stats(self._asked(f"select {_STAT} from files"))

    def stats_at(self, paths: Iterable[str]) -> Iterator[tuple[str, Stat]]:
        """The same of some files only. A path that ends in ``/`` stands for all files below that folder."""
        asked = list(paths)
        yield from _stats(self._at([path for path in asked if not path.endswith("/")], _STAT))
        for path in (path for path in asked if path.endswith("/")):
            query = f"select {_STAT} from files where path > ? and path < ?"
            yield from _stats(self._db.execute(query, (path, f"{path[:-1]}0")))  # "0" comes right after "/"

    def _at(self, paths: Sequence[str], columns: str) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(paths), _TOGETHER):
            part = paths[start : start + _TOGETHER]
            places = ", ".join("?" * len(part))
            yield from self._db.execute(f"select {columns} from files where path in ({places})", part)

    def files_at(self, paths: Sequence[str]) -> dict[str, FileFacts]:
        """What is known of these files."""
        return {row[0]: _facts(row[1:]) for row in self._at(paths, "*")}

    def file(self, path: str) -> FileFacts | None:
        row = self._db.execute("select * from files where path = ?", (path,)).fetchone()
        return _facts(row[1:]) if row else None

    def put_files(self, files: Iterable[tuple[str, FileFacts]]) -> None:
        self._db.executemany(
            "insert or replace into files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((path, *facts.stat, *facts[1:]) for path, facts in files),
        )

    def drop_files(self, paths: Iterable[str]) -> None:
        self._db.executemany("delete from files where path = ?", ((path,) for path in paths))

    # ------------------------------------------------------------------ bases

    def base(self, artifact: str) -> Base | None:
        row = self._db.execute(
            "select kind, note_path, note_digest, artifact_digest, base, written from twins where id = ?", (artifact,)
        ).fetchone()
        if row is None:
            return None
        stored = json.loads(row[4])
        value = stored["value"]
        view = stored.get("view")
        return Base(row[0], row[1], row[2], row[3], value, value if view is None else view, bool(row[5]))

    def base_notes(self) -> dict[str, str]:
        """Path of the known note of every artifact that has a base."""
        return dict(self._db.execute("select id, note_path from twins"))

    def known_note(self, artifact: str) -> str:
        row = self._db.execute("select note_path from twins where id = ?", (artifact,)).fetchone()
        return str(row[0]) if row else ""

    def last_note(self, artifact: str) -> str | None:
        """The note's text when both twins last agreed; for bringing it back."""
        row = self._db.execute("select note from twins where id = ?", (artifact,)).fetchone()
        return zlib.decompress(row[0]).decode("utf-8", "surrogatepass") if row else None

    def put_base(self, artifact: str, base: Base, note: str) -> None:
        stored = {"value": base.value} if base.view is base.value else {"value": base.value, "view": base.view}
        text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
        shut = zlib.compress(note.encode("utf-8", "surrogatepass"), 1)
        of_both = (base.note_digest, base.artifact_digest)
        self.put_packed(Packed(artifact, base.kind, base.note_path, *of_both, text, shut, base.written))

    def packed(self, artifact: str) -> Packed | None:
        """The base and the last note of this artifact, to be put back by ``put_packed``."""
        row = self._db.execute("select * from twins where id = ?", (artifact,)).fetchone()
        return Packed(*row) if row else None

    def put_packed(self, packed: Packed) -> None:
        self._db.execute("insert or replace into twins values (?, ?, ?, ?, ?, ?, ?, ?)", packed)

    def drop_base(self, artifact: str) -> None:
        self._db.execute("delete from twins where id = ?", (artifact,))
        self._db.execute("delete from embeds where owner = ?", (artifact,))

    # ------------------------------------------------------------------ embeds that we wrote

    def embeds(self, owner: str) -> dict[str, str]:
        """Target id -> the line that twinpage wrote for it."""
        return dict(self._db.execute("select target, line from embeds where owner = ?", (owner,)))

    def put_embeds(self, owner: str, lines: Iterable[tuple[str, str]]) -> None:
        self._db.executemany(
            "insert or replace into embeds values (?, ?, ?)", ((owner, target, line) for target, line in lines)
        )

    def drop_embed(self, owner: str, target: str) -> None:
        self._db.execute("delete from embeds where owner = ? and target = ?", (owner, target))


def _stats(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, Stat]]:
    return ((row[0], Stat(*row[1:])) for row in rows)


def _facts(row: tuple[Any, ...]) -> FileFacts:
    return FileFacts(Stat(*row[:4]), *row[4:])


def open_state(root: Path, remark: list[str], name: str = "state.db", patience: float = PATIENCE) -> State:
    """The state of the vault at ``root``; a new one when there is none that can be trusted.

    ``name``: of another one, below ``.twinpage``. ``patience``: seconds to wait for other processes. What was set aside
    and why is appended to ``remark`` as sentences. Raises NotWritten when none can be made, OutsideVault when
    ``.twinpage`` is a link that leads elsewhere.
    """
    root = Path(os.path.realpath(root))
    path = root / STATE_FOLDER / name
    if os.path.realpath(path.parent) != str(path.parent):
        raise OutsideVault(STATE_FOLDER)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritten(STATE_FOLDER, error.strerror or "no folder could be made") from error
    home = home_of(root)
    if path.is_symlink():
        path.unlink()
    if path.exists():
        state = _trusted(path, home, remark, patience)
        if state is not None:
            return state
        _set_aside(path)
    return _fresh(path, home, patience)


def home_of(root: Path) -> str:
    """What a state notes of where it belongs: a machine, and a folder of it."""
    return f"{platform.node()}\n{os.path.realpath(root)}"


def memory_state() -> State:
    """A state that nobody keeps: for looking at a vault that may not be written in."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    return State(connection, None)


def _trusted(path: Path, home: str, remark: list[str], patience: float) -> State | None:
    try:
        state = State(connect(path, patience), path)
        if _recalled(state, "format") != FORMAT:
            remark.append(_ANEW.format("is of another version of twinpage"))
        elif _recalled(state, "home") != home:
            remark.append(_ANEW.format("came from another machine or folder"))
        elif state._db.execute("pragma schema_version").fetchone()[0] < 1:
            remark.append(_ANEW.format("is incomplete"))
        else:
            return state
        state.close()
    except sqlite3.Error as error:
        if for_now(error):
            raise NotWritten(f"{STATE_FOLDER}/state.db", in_words(error)) from error
        remark.append(_ANEW.format(f"cannot be read ({in_words(error)})"))
    return None


def _recalled(state: State, key: str) -> str:
    """As ``recall``, with sqlite's own errors: here damage is a reason to begin anew."""
    row = state._db.execute("select value from meta where key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def _set_aside(path: Path) -> None:
    for name in (path.name, f"{path.name}-journal"):
        old = path.with_name(name)
        if old.exists():
            os.replace(old, path.with_name(f"{name}.set-aside"))


def _fresh(path: Path, home: str, patience: float) -> State:
    try:
        connection = connect(path, patience)
        connection.execute("begin")
        for statement in TABLES.split(";"):
            if statement.strip():
                connection.execute(statement)
        state = State(connection, path)
        state.remember("format", FORMAT)
        state.remember("home", home)
        connection.execute("commit")
    except sqlite3.Error as error:
        raise NotWritten(f"{STATE_FOLDER}/state.db", in_words(error)) from error
    return state
