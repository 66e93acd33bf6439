"""This machine's memory of a vault: what both twins last agreed on, and what the files as they stand gave.

One SQLite file in ``.twinpage/``. The base values and last seen notes are worth keeping; everything else is a cache
that says again what the files say. A state that is corrupt, of another format, or was brought here from elsewhere is
set aside, never trusted: a base newer than the files would revert somebody's edits.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from twinpage.edge.disk import STATE_FOLDER, Stat
from twinpage.edge.state_tables import FORMAT, REFUSALS, TABLES
from twinpage.errors import NotRead, NotWritten, OutsideVault
from twinpage.model.edit import Digest
from twinpage.model.kind import Value

_ANEW = "The state in .twinpage/ {}; it is made anew from the files."


@dataclass(frozen=True, slots=True)
class Base:
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


class State:
    """Use ``open_state``. Changes are kept together by ``transaction``."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._db = connection
        self.path = path

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises NotWritten when the disk refuses, or when the state proves to be damaged."""
        try:
            self._db.execute("begin immediate")
            yield
            self._db.execute("commit")
        except sqlite3.Error as error:
            self._roll_back()
            if type(error) is sqlite3.DatabaseError and self.path is not None:
                _set_aside(self.path)  # found only now: to look through all of it at each start would take too long
                raise NotWritten(f"{STATE_FOLDER}/state.db", "it is damaged and was set aside") from error
            raise NotWritten(f"{STATE_FOLDER}/state.db", str(error)) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            with suppress(sqlite3.Error):
                self._db.execute("rollback")

    def version(self) -> int:
        """It differs once another process wrote into the state."""
        return int(self._asked("pragma data_version").fetchone()[0])

    def _asked(self, query: str, *values: str) -> sqlite3.Cursor:
        """For what is read outside of transactions, too. Raises NotRead there."""
        try:
            return self._db.execute(query, values)
        except sqlite3.Error as error:
            if self._db.in_transaction or not _passes(error):
                raise
            raise NotRead(f"{STATE_FOLDER}/state.db", str(error)) from error

    # ------------------------------------------------------------------ facts

    def recall(self, key: str) -> str:
        row = self._asked("select value from meta where key = ?", key).fetchone()
        return str(row[0]) if row else ""

    def remember(self, key: str, value: str) -> None:
        self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    def stats(self) -> dict[str, Stat]:
        """What every file looked like when it was last read: all that a pass with nothing to do needs."""
        rows = self._asked("select path, size, mtime, ctime, inode from files")
        return {row[0]: Stat(*row[1:]) for row in rows}

    def files(self) -> dict[str, FileFacts]:
        return {row[0]: _facts(row[1:]) for row in self._db.execute("select * from files")}

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
        packed = zlib.compress(note.encode("utf-8", "surrogatepass"), 1)
        row = (artifact, base.kind, base.note_path, base.note_digest, base.artifact_digest, text, packed, base.written)
        self._db.execute("insert or replace into twins values (?, ?, ?, ?, ?, ?, ?, ?)", row)

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

    # ------------------------------------------------------------------ derived: cards, flags, what depends on what

    def rows(self, query: str, *values: str) -> Iterable[tuple[str, ...]]:
        """For ``StateIndex``: rows of text."""
        return self._db.execute(query, values)

    def count_cards(self) -> int:
        return int(self._db.execute("select count(*) from cards").fetchone()[0])

    def put_cards(self, cards: Iterable[tuple[str, str, str, str, Iterable[str]]]) -> None:
        """Each: id, kind, path of the note, the card as JSON, ids that it names."""
        for artifact, kind, note_path, data, targets in cards:
            self._db.execute("insert or replace into cards values (?, ?, ?, ?)", (artifact, kind, note_path, data))
            self._db.execute("delete from refs where id = ?", (artifact,))
            self._db.executemany("insert or ignore into refs values (?, ?)", ((target, artifact) for target in targets))

    def drop_cards(self, artifacts: Iterable[str]) -> None:
        for artifact in artifacts:
            self._db.execute("delete from cards where id = ?", (artifact,))
            self._db.execute("delete from refs where id = ?", (artifact,))

    def flags(self) -> Iterator[tuple[str, str]]:
        """Every subject that has flags, with them as JSON."""
        yield from self._db.execute("select subject, data from flags order by subject")

    def put_flags(self, flags: Sequence[tuple[str, str, Iterable[str]]]) -> None:
        """Each: a subject, its flags as JSON (empty text: none), and the keys of all that its rules asked for."""
        subjects = [(subject,) for subject, _, _ in flags]
        self._db.executemany("delete from depends where subject = ?", subjects)
        self._db.executemany("delete from flags where subject = ?", subjects)
        rows = ((subject, data) for subject, data, _ in flags if data)
        self._db.executemany("insert into flags values (?, ?)", rows)
        asked = ((subject, key) for subject, _, keys in flags for key in sorted(keys))
        self._db.executemany("insert into depends values (?, ?)", asked)

    def drop_flags(self, subject: str) -> None:
        self._db.execute("delete from depends where subject = ?", (subject,))
        self._db.execute("delete from flags where subject = ?", (subject,))

    def subjects_with(self, code: str) -> list[str]:
        """Ids of the artifacts that have a flag of this code."""
        rows = self._db.execute("select subject from flags where data like ?", (f'%"{code}"%',))
        return [row[0].removeprefix("id:") for row in rows if row[0].startswith("id:")]

    def dependants(self, keys: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for key in keys:
            found.update(row[0] for row in self._db.execute("select subject from depends where key = ?", (key,)))
        return found

    def forget_derived(self) -> None:
        """Drop all that can be had again from the files."""
        for table in ("files", "cards", "refs", "flags", "depends"):
            self._db.execute(f"delete from {table}")

    def dirty(self) -> set[str]:
        """Artifacts with a file that changed since both twins were last compared."""
        return {row[0] for row in self._asked("select id from dirty")}

    def add_dirty(self, artifacts: Iterable[str]) -> None:
        self._db.executemany("insert or ignore into dirty values (?)", ((artifact,) for artifact in artifacts))

    def clear_dirty(self, artifacts: Iterable[str]) -> None:
        self._db.executemany("delete from dirty where id = ?", ((artifact,) for artifact in artifacts))


def _facts(row: tuple[Any, ...]) -> FileFacts:
    return FileFacts(Stat(*row[:4]), *row[4:])


def open_state(root: Path, remark: list[str]) -> State:
    """The state of the vault at ``root``; a new one when there is none that can be trusted.

    What was set aside and why is appended to ``remark`` as sentences. Raises NotWritten when none can be made,
    OutsideVault when ``.twinpage`` is a link that leads elsewhere.
    """
    root = Path(os.path.realpath(root))
    path = root / STATE_FOLDER / "state.db"
    if os.path.realpath(path.parent) != str(path.parent):
        raise OutsideVault(STATE_FOLDER)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise NotWritten(STATE_FOLDER, error.strerror or "no folder could be made") from error
    home = f"{socket.gethostname()}\n{os.path.realpath(root)}"
    if path.is_symlink():
        path.unlink()
    if path.exists():
        state = _trusted(path, home, remark)
        if state is not None:
            return state
        _set_aside(path)
    return _fresh(path, home)


def memory_state() -> State:
    """A state that nobody keeps: for looking at a vault that may not be written in."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    return State(connection, None)


def _trusted(path: Path, home: str, remark: list[str]) -> State | None:
    try:
        state = State(_connect(path), path)
        if state.recall("format") != FORMAT:
            remark.append(_ANEW.format("is of another version of twinpage"))
        elif state.recall("home") != home:
            remark.append(_ANEW.format("came from another machine or folder"))
        elif state._db.execute("pragma schema_version").fetchone()[0] < 1:
            remark.append(_ANEW.format("is incomplete"))
        else:
            return state
        state.close()
    except sqlite3.Error as error:
        if _passes(error):
            raise NotWritten(f"{STATE_FOLDER}/state.db", str(error)) from error
        remark.append(_ANEW.format(f"cannot be read ({error})"))
    return None


def _passes(error: sqlite3.Error) -> bool:
    """The system refused for now, or another process is at it: that says nothing against what is remembered."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in REFUSALS


def _set_aside(path: Path) -> None:
    for name in (path.name, f"{path.name}-journal"):
        old = path.with_name(name)
        if old.exists():
            os.replace(old, path.with_name(f"{name}.set-aside"))


def _fresh(path: Path, home: str) -> State:
    try:
        connection = _connect(path)
        connection.execute("begin")
        for statement in TABLES.split(";"):
            if statement.strip():
                connection.execute(statement)
        state = State(connection, path)
        state.remember("format", FORMAT)
        state.remember("home", home)
        connection.execute("commit")
    except sqlite3.Error as error:
        raise NotWritten(f"{STATE_FOLDER}/state.db", str(error)) from error
    return state


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0, isolation_level=None)
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma cache_size = -8000")
    return connection
