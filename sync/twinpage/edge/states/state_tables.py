"""The tables of the state, and the errors of SQLite that say nothing against what is in them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from twinpage.model.edit import Digest

FORMAT = "2"
"""Of another one, a state is made anew."""
CARDS = b"cards 2"
"""Form of the cards in it. Where it is another, all that the files say is looked up anew; the rest stays."""
TABLES = """
create table meta (key text primary key, value text not null) without rowid;
create table files (path text primary key, size integer, mtime integer, ctime integer, inode integer,
  digest text not null, role text not null, title text not null, folded text not null, artifact text not null,
  kind text not null, condition text not null) without rowid;
create index files_folded on files (folded);
create index files_artifact on files (artifact);
create index files_handwritten on files (path)
  where role = 'note' and kind != '' and artifact = '' and condition = '';
create table twins (id text primary key, kind text not null, note_path text not null, note_digest text not null,
  artifact_digest text not null, base text not null, note blob not null, written integer not null) without rowid;
create index twins_note on twins (note_path);
create table embeds (owner text, target text, line text not null, primary key (owner, target)) without rowid;
create table cards (id text primary key, kind text not null, note_path text not null, data text not null) without rowid;
create index cards_kind on cards (kind);
create index cards_note on cards (note_path);
create table refs (target text, id text, primary key (target, id)) without rowid;
create index refs_id on refs (id);
create table flags (subject text primary key, data text not null) without rowid;
create table depends (subject text, key text, primary key (subject, key)) without rowid;
create index depends_key on depends (key);
create table dirty (id text primary key) without rowid;
create table stale (subject text primary key) without rowid;
"""


class Packed(NamedTuple):
    """What is remembered of one twin, as it lies in the state: a fraction of what a ``Base`` takes."""

    artifact: str
    kind: str
    note_path: str
    note_digest: Digest
    artifact_digest: Digest
    base: str
    note: bytes
    written: bool


REFUSALS = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
)
"""The system refuses, for now."""
_WORDS = {
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_BUSY: "another program is using it",
    sqlite3.SQLITE_LOCKED: "another program is using it",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_IOERR: "the disk reported an error",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
}


def for_now(error: sqlite3.Error) -> bool:
    """The system refused for now, or another process is at it: that says nothing against what is remembered."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in REFUSALS


def in_words(error: sqlite3.Error) -> str:
    """Why the state could not be used, for a person: SQLite speaks of a database that nobody here knows of."""
    return _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, str(error))


def is_busy(error: BaseException) -> bool:
    """Another process is at the state, which made this error or the one that it came from."""
    code = getattr(error, "sqlite_errorcode", getattr(error.__cause__, "sqlite_errorcode", 0))
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """Open the file of a state; ``patience``: seconds to wait for other processes."""
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma cache_size = -2000")
    return connection
