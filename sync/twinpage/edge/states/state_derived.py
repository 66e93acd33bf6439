"""The part of a state that says again what the files say: cards, flags, what depends on what, and what is unsettled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from twinpage.edge.place import STATE_FOLDER
from twinpage.edge.states.state_tables import for_now, in_words
from twinpage.errors import NotRead

DAMAGED = "it is damaged and was set aside"
SIGNED = "signed "
"""Before the id of an artifact: the key of its sign-offs among the facts."""
_AFTER_SIGNED = "signed!"


class Derived:
    """All of it can be had again from the files; see ``State``."""

    _db: sqlite3.Connection

    def _asked(self, query: str, *values: str) -> sqlite3.Cursor:
        """For what is read outside of transactions, too. Raises NotRead there."""
        try:
            return self._db.execute(query, values)
        except sqlite3.Error as error:
            if self._db.in_transaction:
                raise
            if for_now(error):
                raise NotRead(f"{STATE_FOLDER}/state.db", in_words(error)) from error
            if self._is_damage(error):
                raise NotRead(f"{STATE_FOLDER}/state.db", DAMAGED) from error
            raise

    def _is_damage(self, error: sqlite3.Error) -> bool:
        """This says that the state is damaged; it is set aside then."""
        raise NotImplementedError

    def rows(self, query: str, *values: str) -> Iterable[tuple[str, ...]]:
        """For ``StateIndex``: rows of text. All at once: a question that is half answered would keep others out."""
        return self._db.execute(query, values).fetchall()

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
        gone: list[tuple[str, str]] = []
        new: list[tuple[str, str]] = []
        for subject, data, keys in flags:
            known = {row[0] for row in self._db.execute("select key from depends where subject = ?", (subject,))}
            asked = set(keys)
            gone += [(subject, key) for key in known - asked]
            new += [(subject, key) for key in sorted(asked - known)]
            self._put_data(subject, data)
        # Hardly any differ from before, and rows that are written anew cost several times as much as a look at them.
        self._db.executemany("delete from depends where subject = ? and key = ?", gone)
        self._db.executemany("insert into depends values (?, ?)", new)
        self._db.executemany("delete from stale where subject = ?", [(subject,) for subject, _, _ in flags])

    def _put_data(self, subject: str, data: str) -> None:
        row = self._db.execute("select data from flags where subject = ?", (subject,)).fetchone()
        if row is not None and not data:
            self._db.execute("delete from flags where subject = ?", (subject,))
        elif data and (row is None or row[0] != data):
            self._db.execute("insert or replace into flags values (?, ?)", (subject, data))

    def drop_flags(self, subjects: Iterable[str]) -> None:
        rows = [(subject,) for subject in subjects]
        for table in ("depends", "flags", "stale"):
            self._db.executemany(f"delete from {table} where subject = ?", rows)

    def subjects_with(self, code: str) -> list[str]:
        """Ids of the artifacts that have a flag of this code."""
        rows = self._asked("select subject from flags where data like ?", f'%"{code}"%')
        return [row[0].removeprefix("id:") for row in rows if row[0].startswith("id:")]

    def dependants(self, keys: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for key in keys:
            found.update(row[0] for row in self._db.execute("select subject from depends where key = ?", (key,)))
        return found

    def forget_derived(self) -> None:
        """Drop all that can be had again from the files."""
        for table in ("files", "cards", "refs", "flags", "depends", "stale"):
            self._db.execute(f"delete from {table}")
        self._db.execute("delete from meta where key >= ? and key < ?", (SIGNED, _AFTER_SIGNED))

    def signed(self) -> dict[str, str]:
        """The sign-offs of every artifact that has some, as JSON."""
        rows = self._db.execute("select key, value from meta where key >= ? and key < ?", (SIGNED, _AFTER_SIGNED))
        return {key.removeprefix(SIGNED): value for key, value in rows}

    def signed_text(self, artifact: str) -> str:
        """The same of one artifact; empty when it has none."""
        row = self._asked("select value from meta where key = ?", SIGNED + artifact).fetchone()
        return str(row[0]) if row else ""

    def put_signed(self, signed: Iterable[tuple[str, str]]) -> None:
        """Each: an artifact and its sign-offs as JSON; empty text: it has none."""
        for artifact, data in signed:
            self._db.execute("delete from meta where key = ?", (SIGNED + artifact,))
            if data:
                self._db.execute("insert into meta values (?, ?)", (SIGNED + artifact, data))

    def stale(self, most: int = -1) -> set[str]:
        """Subjects whose flags are to be taken anew, at most so many; a pass that was in a hurry left them."""
        return {row[0] for row in self._asked("select subject from stale limit ?", str(most))}

    def add_stale(self, subjects: Iterable[str]) -> None:
        self._db.executemany("insert or ignore into stale values (?)", ((subject,) for subject in subjects))

    def dirty(self) -> set[str]:
        """Artifacts with a file that changed since both twins were last compared."""
        return {row[0] for row in self._asked("select id from dirty")}

    def add_dirty(self, artifacts: Iterable[str]) -> None:
        self._db.executemany("insert or ignore into dirty values (?)", ((artifact,) for artifact in artifacts))

    def clear_dirty(self, artifacts: Iterable[str]) -> None:
        self._db.executemany("delete from dirty where id = ?", ((artifact,) for artifact in artifacts))
