"""Keeping the Flags note up to date: written when what it tells changed, and never against a person's will."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain, count
from sys import intern

from msgspec import Struct

from twinpage.core.flags.flags_note import (
    NOT_IGNORED,
    TITLES,
    Facts,
    flags_note,
    ignore_line,
    is_generated,
    note_path,
)
from twinpage.core.flags.note_words import can_be_linked
from twinpage.core.flags.partners import resting
from twinpage.core.wording import short_while
from twinpage.edge import clock, deeds, tools
from twinpage.edge.lock import write_lock
from twinpage.edge.reminders import forget, is_reminded, remind
from twinpage.edge.states.state_index import unpack
from twinpage.edge.trash import Trash
from twinpage.errors import ChangedMeanwhile, LockHeld, NotWritten, OutsideVault
from twinpage.model.edit import Digest, digest
from twinpage.model.names import fold
from twinpage.workspace.carrying.carry import QUIET
from twinpage.workspace.opening import Workspace
from twinpage.workspace.record import facts_of
from twinpage.workspace.remembered import FLAGS_NOTE, FLAGS_NOTE_TELLS, coverage_by_case, flags_and_examples, flags_mark

UNWANTED = "no-flags-note"
"""Reminder that a person removed the note: it is not made again unless asked for."""
LOOKS = 3
_EXCLUDED = "twinpage.toml excludes {}, so no Flags note is written there. Take it out of exclude."
_NOT_KEPT = (
    "It is not kept up to date: flags-note is off in twinpage.toml. Write flags-note = true there to change that."
)


class Written(Struct, frozen=True):
    """What came of the Flags note."""

    path: str = ""
    """Where it was written; empty when it was not."""
    refused: str = ""
    """A sentence: it could not be written."""
    seconds: float = 0.0
    """Somebody may be typing in it: it can be written after so long."""


class _Ours(Struct, frozen=True):
    """The note as it lies there."""

    path: str
    data: bytes | None
    """None when it is not there."""
    written: Digest
    """Of what we wrote last; empty when that is not known."""


def keep_flags_note(ws: Workspace, remark: Callable[[str], None], *, asked: bool = False) -> tuple[str, ...]:
    """``write_flags_note``, waiting for somebody who may be typing in it; sentences about what was refused."""
    before = flags_note_at(ws)
    for number in range(LOOKS):
        done = write_flags_note(ws, asked=asked)
        if not done.seconds or number == LOOKS - 1:
            break
        remark(f"Waiting {short_while(done.seconds)} for the Flags note: somebody may be typing in it.")
        clock.sleep(done.seconds)
    if done.seconds:
        remark("The Flags note waits: somebody may be typing in it. Run `twinpage sync` again in a moment.")
    elif asked and not done.refused:
        remark(f"The Flags note is {_known(ws)[0]}. {'' if ws.config.flags_note else _NOT_KEPT}".rstrip())
    if sentence := not_ignored(ws, "" if asked else before):
        remark(sentence)
    return (done.refused,) if done.refused else ()


def not_ignored(ws: Workspace, before: str) -> str:
    """What to do where git does not ignore the note; empty where it does, or the note is where it was ``before``."""
    path = flags_note_at(ws)
    if not path or path == before or tools.is_ignored(ws.root, path) is not False:
        return ""
    return f"{NOT_IGNORED.format(path)} {ignore_line(path)}"


def flags_note_at(ws: Workspace) -> str:
    """Where the note is; empty where there is none."""
    return _known(ws)[0]


def write_flags_note(ws: Workspace, *, asked: bool = False) -> Written:
    """Write the Flags note if what it tells changed since it was written last; ``asked``: make it in any case.

    The flags must be up to date. Cheap when they did not change. What stands in the way is told, not raised.
    """
    if not asked and not ws.config.flags_note:
        _forget_that_it_went(ws)
        return Written()
    if not asked and _stands(ws):
        return Written()
    try:
        with write_lock(ws.root), ws.state.transaction():
            return _Writing(ws, asked).run()
    except ChangedMeanwhile:
        return Written(seconds=QUIET)
    except (LockHeld, NotWritten, OutsideVault) as error:
        return Written(refused=str(error))  # what the pass before it did is told all the same


def _forget_that_it_went(ws: Workspace) -> None:
    """To turn the note off and on again is to ask for it."""
    forget(ws.root, UNWANTED)
    path = _known(ws)[0]
    if path and ws.state.file(path) is None:
        with ws.state.transaction():
            ws.state.remember(FLAGS_NOTE, "")


def _stands(ws: Workspace) -> bool:
    """What it tells is what it told, it lies where it lay, and no other note has its title."""
    if ws.state.recall(FLAGS_NOTE_TELLS) != flags_mark(ws.state, ws.settings_digest):
        return False
    path = _known(ws)[0]
    facts = ws.state.file(path) if path else None
    return facts is not None and not _others(ws, path, facts.folded)


def _known(ws: Workspace) -> tuple[str, Digest]:
    known = ws.state.recall(FLAGS_NOTE)
    path, written = json.loads(known) if known else ("", "")
    return path, written


def _others(ws: Workspace, path: str, folded: str) -> list[str]:
    rows = ws.state.rows("select path from files where folded = ? and role = 'note'", folded)
    return [row[0] for row in rows if row[0] != path]


class _Writing:
    """One write of the note, within the lock and a transaction of the state."""

    def __init__(self, ws: Workspace, asked: bool) -> None:
        self.ws = ws
        self.asked = asked

    def run(self) -> Written:
        ours = self._find()
        if ours.data is None and ours.written and not self.asked:
            remind(self.ws.root, UNWANTED)
        if ours.data is not None or self.asked:
            forget(self.ws.root, UNWANTED)
        elif is_reminded(self.ws.root, UNWANTED):
            return self._done(ours)
        place = ours.path if ours.data is not None and not self._is_taken(ours.path) else self._free_place()
        if self.ws.config.excludes(place):
            return Written(refused=_EXCLUDED.format(place)) if self.asked else self._done(ours)
        facts = _facts(self.ws)
        if ours.data is None and not self.asked and not (facts.artifacts or facts.flags):
            return self._done(ours)  # a vault in which nothing is begun yet
        data = flags_note(facts, self.ws.dialect).encode("utf-8", "replace")
        if place != ours.path and ours.data is not None:
            return self._move(ours, place, data)
        return self._write(ours if ours.data is not None else _Ours(place, None, ""), data)

    def _done(self, ours: _Ours) -> Written:
        """Nothing is to be written until something else is to be told."""
        self.ws.state.remember(FLAGS_NOTE_TELLS, flags_mark(self.ws.state, self.ws.settings_digest))
        if ours.path:
            self.ws.state.remember(FLAGS_NOTE, json.dumps([ours.path, ours.written], ensure_ascii=False))
        return Written()

    # ------------------------------------------------------------------ where it is

    def _find(self) -> _Ours:
        path, written = _known(self.ws)
        if path:
            moved = path if self._read(path) is not None or not written else self._moved_to(written)
            data = self._read(moved) if moved else None
            if data is None or is_generated(self.ws.page_of(moved, data)):
                return _Ours(moved or path, data, written)
            return _Ours(path, None, written)  # somebody made it a note of their own
        for title in TITLES:
            place = note_path(self.ws.dialect, title)
            data = self._read(place)
            if data is not None and is_generated(self.ws.page_of(place, data)):
                return _Ours(place, data, "")
        return _Ours("", None, "")

    def _moved_to(self, written: Digest) -> str:
        """Where the note lies now that a person moved or renamed."""
        rows = self.ws.state.rows("select path from files where digest = ? and role = 'note'", written)
        found = min((row[0] for row in rows), default="")
        return found if found or is_reminded(self.ws.root, UNWANTED) else self._written_into()

    def _written_into(self) -> str:
        """Where it lies if somebody moved it and wrote in it as well."""
        query = "select path from files where role = 'note' and artifact = '' and kind = '' order by path"
        for (path,) in list(self.ws.state.rows(query)):
            data = self._read(path)
            if data is not None and b"generated-by" in data and is_generated(self.ws.page_of(path, data)):
                return str(path)
        return ""

    def _read(self, path: str) -> bytes | None:
        try:
            return self.ws.disk.read(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotWritten(path, error.strerror or "the system refused") from error

    def _is_taken(self, path: str) -> bool:
        """Another note has the title of the note at this path: links must lead there, not here."""
        title = self.ws.dialect.parse(path, "").title
        return bool(_others(self.ws, path, fold(title)))

    def _free_place(self) -> str:
        titles = chain(TITLES, (f"{TITLES[1][:-1]} {number})" for number in count(2)))
        places = (note_path(self.ws.dialect, title) for title in titles)
        return next(place for place in places if not self._is_taken(place) and not self._is_somebodys(place))

    def _is_somebodys(self, place: str) -> bool:
        data = self._read(place)
        return data is not None and not is_generated(self.ws.page_of(place, data))

    # ------------------------------------------------------------------ writing

    def _write(self, ours: _Ours, data: bytes) -> Written:
        new = digest(data)
        there = digest(ours.data) if ours.data is not None else None
        if there == new or (there is not None and new == ours.written and not self.asked):
            return self._done(_Ours(ours.path, ours.data, new))  # what a person changed in it stays as long as it can
        if ours.data is not None and there != ours.written:
            seconds = self._seconds_to_rest(ours.path)
            if seconds:
                return Written(seconds=seconds)
            Trash(self.ws.disk).put(ours.path, "somebody changed the Flags note", (), [(ours.path, ours.data)])
        stat = self.ws.disk.write(ours.path, data, there, deeds.line(ours.path, there, "other flags stand"))
        self.ws.disk.flush()
        facts = facts_of(self.ws, ours.path, data, stat, "")
        # Whoever asked for this title must be asked again: the next look finds the new note, and does that.
        if there is not None or not self.ws.state.dependants({f"title:{facts.folded}"}):
            self.ws.state.put_files([(ours.path, facts)])
            self.ws.put_page(ours.path, facts.title)
        self._done(_Ours(ours.path, data, new))
        return Written(ours.path)

    def _move(self, ours: _Ours, place: str, data: bytes) -> Written:
        """Out of the way of a note with the same title."""
        seconds = 0.0 if digest(ours.data or b"") == ours.written else self._seconds_to_rest(ours.path)
        if seconds:
            return Written(seconds=seconds)
        done = self._write(_Ours(place, self._read(place), ""), data)
        if not done.seconds:
            because = f"another note has its title, so the Flags note is {place}"
            Trash(self.ws.disk).put(ours.path, because, [(ours.path, digest(ours.data or b""))])
            self.ws.disk.flush()
        return done

    def _seconds_to_rest(self, path: str) -> float:
        """How long the note must still be left alone, in seconds: somebody saved it a moment ago."""
        stat = self.ws.disk.stat(path)
        age = (clock.now_ns() - stat.mtime_ns) / 1e9 if stat else QUIET
        return QUIET - age if 0 <= age < QUIET else 0.0


# ---------------------------------------------------------------------- what it tells


def _facts(ws: Workspace) -> Facts:
    flags, examples = flags_and_examples(ws.state)
    cases_of = _cases_of(ws, {flag.artifact for flag in (*flags, *examples)})
    all_cases = [unpack(row[0]) for row in ws.state.rows("select data from cards where kind = 'case'")]

    def link(path: str, title: str) -> str:
        targets = [title or ws.title_at(path)]
        if not ws.dialect.markup.outline:
            targets.append(path.removesuffix(".md"))  # where two notes have one title
        if not path.endswith(".md"):
            return ""
        return next((to for to in targets if can_be_linked(to) and ws.vault.page(to) == path), "")

    cases = [card for card in all_cases if not resting(card, ws.vault)]
    rows, known = coverage_by_case(ws.state), ws.vault.index.card
    return Facts(flags, examples, cases, rows, ws.state.count_cards(), known, lambda one: cases_of.get(one, ""), link)


def _cases_of(ws: Workspace, artifacts: set[str]) -> dict[str, str]:
    """The cases of these artifacts, read at once; the cards of all are megabytes."""
    rows = ws.state.rows("select id, data from cards")
    return {artifact: intern(unpack(data).case) for artifact, data in rows if artifact in artifacts}
