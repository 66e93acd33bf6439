"""What a watcher does with what it hears, on a clock that only goes when it waits."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from twinpage.commands import resolve
from twinpage.core.settling import STORM
from twinpage.edge import clock
from twinpage.edge.events import Hints
from twinpage.edge.states.state import State
from twinpage.errors import LockHeld
from twinpage.model.event import What
from twinpage.model.output import Style
from twinpage.outputs import output_for
from twinpage.workspace.flagging.flags import take_flags
from twinpage.workspace.watch import watching as module
from twinpage.workspace.watch.portion import Portion
from twinpage.workspace.watch.watching import Watching

pytestmark = pytest.mark.slow

CASE, JOURNEY, TOPIC = "harbour", "harbour/journeys/morning-run", "topics/sourdough"
NOTE, FILE = "Topics/Sourdough.md", "artifacts/topics/sourdough.json"
SCHEMA = Path(__file__).parents[2] / "schemas/outputs/watch.schema.json"

SOON = 2
"""Seconds, in which what was written over is still kept."""


class Watch:
    """A watcher whose hints are given by hand."""

    def __init__(self, vault, clock):
        self.vault, self.clock = vault, clock
        self.events = []
        self.watching = Watching(vault.root, self.events.append)
        self.passes = 0
        self.settle()

    def step(self, *paths, **hints):
        self.watching.step(Hints(set(paths), **hints))

    def settle(self, *paths, seconds=600.0, **hints):
        """Hear this, and go on until nothing is on its way, or for so many seconds; what was told."""
        before = len(self.events)
        self.step(*paths, **hints)
        until = self.clock.offset + seconds
        for _ in range(400):
            due = self.watching.next()
            if due is None or self.clock.offset + due > until:
                return self.events[before:]
            self.clock.sleep(due + 0.001)
            self.step()
        raise AssertionError("a watcher that is never done")

    def whats(self, events):
        return [event.what for event in events]


@pytest.fixture
def watch(vault, clock_of_test):
    found = Watch(vault, clock_of_test)
    yield found
    found.watching.close()


def changes(events):
    return [(event.path, event.action) for event in events if event.what == "change"]


def test_the_start_is_told_once(watch, vault):
    assert watch.whats(watch.events) == ["started"]
    assert "6 artifacts" in watch.events[0].sentence
    assert watch.settle(doubt=True) == []
    vault.assert_still()


def test_a_saved_note_is_carried_after_its_rest(watch, vault):
    vault.edit(NOTE, "a week", "a month")
    before = watch.clock.offset
    assert watch.settle(NOTE, seconds=0.1) == []
    assert changes(watch.settle(seconds=0.5)) == [(FILE, "updated")]
    assert watch.clock.offset - before < 1
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert watch.settle(FILE) == []  # its own write is an echo
    vault.assert_still()


class TestSavedLate:
    """A program had the file open when twinpage wrote there, and saved a moment later."""

    @pytest.fixture
    def opened(self, vault):
        handles = {}

        def open_it(path):
            handles[path] = (vault.root / path).open("r+", encoding="utf-8", newline="")
            return vault.text(path)

        def save(path, text):
            handles[path].write(text)
            handles[path].truncate()
            handles.pop(path).close()

        return open_it, save

    def test_into_a_note(self, watch, vault, opened):
        open_it, save = opened
        text = open_it(NOTE)
        vault.change(TOPIC, tags=["bread"], body="It keeps for a week at sea.")
        assert (NOTE, "updated") in changes(watch.settle(FILE, seconds=SOON))
        save(NOTE, text.replace("a week", "a month"))
        watch.settle(NOTE)
        assert "a month" in vault.text(NOTE)
        assert "bread" in vault.text(NOTE)
        assert (vault.value(TOPIC)["body"], vault.value(TOPIC)["tags"]) == ("It keeps for a month at sea.", ["bread"])
        vault.assert_still()

    def test_where_nothing_else_happens(self, watch, vault, opened):
        open_it, save = opened
        text = open_it(NOTE)
        vault.change(TOPIC, tags=["bread"], body="It keeps for a week at sea.")
        assert (NOTE, "updated") in changes(watch.settle(FILE, seconds=SOON))
        save(NOTE, text.replace("a week", "a month"))
        watch.settle()
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
        assert "a month" in vault.text(NOTE)
        assert list((vault.root / ".twinpage/tmp").iterdir()) == []

    def test_nothing_is_kept_for_long(self, watch, vault):
        vault.edit(NOTE, "a week", "a month")
        watch.settle(NOTE, seconds=SOON)
        assert len(list((vault.root / ".twinpage/tmp").iterdir())) == 1
        watch.settle(seconds=8)
        assert list((vault.root / ".twinpage/tmp").iterdir()) == []

    def test_another_command_leaves_what_is_kept(self, watch, vault, opened):
        open_it, save = opened
        text = open_it(NOTE)
        vault.change(TOPIC, tags=["bread"], body="It keeps for a week at sea.")
        watch.settle(FILE, seconds=SOON)
        vault.sync()
        save(NOTE, text.replace("a week", "a month"))
        watch.settle(seconds=8)
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."

    def test_into_an_artifact_file(self, watch, vault, opened):
        open_it, save = opened
        text = open_it(FILE)
        vault.edit(NOTE, "a week", "a month")
        assert changes(watch.settle(NOTE, seconds=SOON)) == [(FILE, "updated")]
        value = json.loads(text) | {"tags": ["bread"]}
        save(FILE, json.dumps(value, indent=2) + "\n")
        watch.settle(FILE)
        assert (vault.value(TOPIC)["body"], vault.value(TOPIC)["tags"]) == ("It keeps for a month at sea.", ["bread"])
        assert "bread" in vault.text(NOTE)

    def test_where_somebody_else_saved_by_then(self, watch, vault, opened):
        open_it, save = opened
        text = open_it(NOTE)
        vault.change(TOPIC, body="It keeps for a year at sea.")
        watch.settle(FILE, seconds=SOON)
        vault.edit(NOTE, "a year", "two years")
        save(NOTE, text.replace("a week", "a month"))
        watch.settle(NOTE)
        assert vault.value(TOPIC)["body"] == "It keeps for two years at sea."
        kept = [path.read_text() for path in (vault.root / ".twinpage/trash").rglob("Sourdough.md")]
        assert any("a month" in one for one in kept)

    def test_when_the_watch_ends_before_it_heard_of_it(self, watch, vault, opened):
        open_it, save = opened
        text = open_it(NOTE)
        vault.change(TOPIC, body="It keeps for a year at sea.")
        watch.settle(FILE, seconds=SOON)
        save(NOTE, text.replace("a week", "a month"))
        watch.watching.close()
        assert "a month" in vault.text(NOTE)
        vault.sync()
        for words in ("a year", "a month"):
            assert words in vault.text(NOTE)
            assert words in vault.text(FILE)

    def test_nothing_is_left_of_what_nobody_saved(self, watch, vault):
        vault.change(TOPIC, body="It keeps for a year at sea.")
        watch.settle(FILE, seconds=SOON)
        watch.clock.sleep(10)
        vault.change(TOPIC, body="It keeps for two years at sea.")
        watch.settle(FILE, seconds=SOON)
        assert len(list((vault.root / ".twinpage/tmp").iterdir())) == 1
        watch.watching.close()
        assert list((vault.root / ".twinpage/tmp").iterdir()) == []


def test_only_what_was_told_is_looked_at(watch, vault):
    vault.edit(NOTE, "a week", "a month")
    vault.edit("Journeys/Morning run.md", "coins", "chits")
    assert changes(watch.settle(NOTE)) == [(FILE, "updated")]
    assert "coins" in vault.text(vault.file(JOURNEY))
    assert changes(watch.settle(doubt=True)) == [(vault.file(JOURNEY), "updated")]


def test_a_note_that_somebody_types_in_is_not_written(watch, vault):
    own = "\n- mine" if vault.dialect == "logseq" else "\n## Mine\nown\n"
    vault.put(NOTE, vault.text(NOTE) + own, new=True)
    vault.change(TOPIC, body="It keeps for a year.")
    typed = vault.text(NOTE)
    assert watch.settle(NOTE, FILE, seconds=2.0) == []
    assert vault.text(NOTE) == typed
    assert changes(watch.settle()) == [(NOTE, "updated")]
    assert "a year" in vault.text(NOTE)
    assert own in vault.text(NOTE)


class TestAnotherProcessLookedFirst:
    """What it saw is no news to the state any more, and still to be carried over."""

    @pytest.fixture
    def looked(self, vault):
        def look():
            ws = vault.open()
            take_flags(ws)
            ws.close()

        return look

    def test_at_a_note(self, watch, vault, looked):
        vault.edit(NOTE, "a week", "a month")
        looked()
        assert changes(watch.settle(NOTE)) == [(FILE, "updated")]

    def test_at_an_artifact_file(self, watch, vault, looked):
        vault.change(TOPIC, body="It keeps for a year.")
        looked()
        assert changes(watch.settle(FILE)) == [(NOTE, "updated")]

    def test_at_a_note_that_went(self, watch, vault, looked):
        vault.remove(NOTE)
        looked()
        assert changes(watch.settle(NOTE)) == [(FILE, "trashed")]

    def test_at_a_file_that_went(self, watch, vault, looked):
        vault.remove(FILE)
        looked()
        assert changes(watch.settle(FILE)) == [(NOTE, "trashed")]

    def test_at_a_folder_that_was_moved(self, watch, vault, looked):
        vault.edit(NOTE, "a week", "a month")
        os.rename(vault.root / "Topics", vault.root / "Subjects")
        looked()
        assert changes(watch.settle("Topics/", "Subjects/")) == [(FILE, "updated")]


class TestDisappearing:
    def test_a_file_that_comes_back_was_never_gone_although_its_note_changed_meanwhile(self, watch, vault):
        text = vault.text(FILE)
        vault.edit(NOTE, "a week", "a month")
        vault.remove(FILE)
        assert watch.settle(NOTE, FILE, seconds=2.0) == []
        assert not (vault.root / FILE).exists()
        vault.put(FILE, text.replace('"Sourdough"', '"Leaven"'))
        assert changes(watch.settle(FILE)) == [(FILE, "merged"), (NOTE, "merged")]
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
        assert vault.value(TOPIC)["name"] == "Leaven"

    def test_a_file_that_stays_away_is_made_anew_where_its_note_changed(self, watch, vault):
        vault.edit(NOTE, "a week", "a month")
        vault.remove(FILE)
        assert changes(watch.settle(NOTE, FILE)) == [(FILE, "created")]

    def test_a_note_that_comes_back_was_never_gone_although_its_file_changed_meanwhile(self, watch, vault):
        text = vault.text(NOTE)
        vault.change(TOPIC, body="It keeps for a year.")
        before = vault.text(FILE)
        vault.remove(NOTE)
        assert watch.settle(NOTE, FILE, seconds=2.0) == []
        assert vault.text(FILE) == before
        vault.put(NOTE, text)
        assert changes(watch.settle(NOTE)) == [(NOTE, "updated")]

    def test_a_note_that_comes_back_in_time_was_never_gone(self, watch, vault):
        text = vault.text(NOTE)
        vault.remove(NOTE)
        assert watch.settle(NOTE, seconds=2.0) == []
        vault.put(NOTE, text.replace("a week", "a month"))
        assert changes(watch.settle(NOTE)) == [(FILE, "updated")]

    def test_each_time_anew(self, watch, vault):
        text = vault.text(NOTE)
        for _ in range(3):
            vault.remove(NOTE)
            assert watch.settle(NOTE, seconds=2.0) == []
            vault.put(NOTE, text)
            assert watch.settle(NOTE, seconds=0.6) == []
        assert watch.settle() == []
        assert vault.text(NOTE) == text

    def test_a_note_that_stays_away_takes_its_file_along(self, watch, vault):
        vault.remove(NOTE)
        told = watch.settle(NOTE)
        assert (FILE, "trashed") in changes(told)
        assert not (vault.root / FILE).exists()
        assert len(list((vault.root / ".twinpage/trash").glob("*/trash.json"))) == 1

    def test_a_file_that_is_being_saved_while_its_note_changes(self, watch, vault):
        value = vault.value(TOPIC)
        vault.remove(FILE)  # as many save: the new one comes in a moment
        vault.edit(NOTE, "a week", "a month")
        assert watch.settle(FILE, NOTE, seconds=1.0) == []
        vault.write(TOPIC, {**value, "tags": ["bread"]})
        watch.settle(FILE)
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
        assert vault.value(TOPIC)["tags"] == ["bread"]

    def test_a_note_that_is_being_saved_while_its_file_changes(self, watch, vault):
        text = vault.text(NOTE)
        vault.remove(NOTE)
        vault.change(TOPIC, tags=["bread"])
        assert watch.settle(FILE, NOTE, seconds=1.0) == []
        vault.put(NOTE, text.replace("a week", "a month"))
        watch.settle(NOTE)
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
        assert "conflicts" not in vault.value(TOPIC)

    def test_an_emptied_note_is_looked_at_twice(self, watch, vault):
        text = vault.text(NOTE)
        vault.put(NOTE, "")
        assert watch.settle(NOTE, seconds=2.0) == []
        vault.put(NOTE, text)
        assert watch.settle(NOTE) == []
        assert (vault.root / FILE).exists()

    def test_a_renamed_note_is_the_same_note(self, watch, vault):
        os.rename(vault.root / NOTE, vault.root / "Bread.md")
        told = watch.settle(NOTE, "Bread.md")
        assert (FILE, "updated") in changes(told)
        assert vault.value(TOPIC)["name"] == "Bread"

    def test_a_folder_that_is_renamed(self, watch, vault):
        (vault.root / "Topics").rename(vault.root / "Pages")
        assert watch.settle("Topics/", "Pages/") == []
        vault.edit("Pages/Sourdough.md", "a week", "a month")
        assert changes(watch.settle("Pages/Sourdough.md")) == [(FILE, "updated")]

    def test_many_removals_wait_for_a_word_even_one_by_one(self, watch, vault):
        for number in range(12):
            vault.artifact(f"topics/t{number}", kind="topic", name=f"T {number}", body="Text.")
        watch.settle("artifacts/")
        notes = [path for path in vault.notes() if path.startswith("Topics/T ")]
        held = []
        for path in notes:
            vault.remove(path)
            held += [event for event in watch.settle(path, seconds=4.0) if event.what == "held"]
        assert len([path for path in notes if not (vault.root / path).exists()]) > 0
        left = [number for number in range(12) if (vault.root / f"artifacts/topics/t{number}.json").exists()]
        assert len(left) >= 12 - 5
        assert "--allow-mass-delete" in held[0].sentence


def test_what_is_held_is_told_once_and_told_when_it_is_free(watch, vault):
    text = vault.text(NOTE)
    fence = "\n- ```\n" if vault.dialect == "logseq" else "\n```\nfence\n"
    vault.put(NOTE, text + fence)
    told = watch.settle(NOTE)
    assert [event.what for event in told] == ["held", "flag"]
    assert (told[0].path, told[1].code) == (NOTE, "TP001")
    vault.edit("Journeys/Morning run.md", "coins", "chits")
    assert watch.whats(watch.settle("Journeys/Morning run.md")) == ["change"]
    assert watch.settle(doubt=True) == []
    vault.put(NOTE, text)
    assert watch.whats(watch.settle(NOTE)) == ["freed", "flag-gone"]


def test_a_note_that_an_editor_saves_by_making_it_anew_troubles_nobody_who_names_it(watch, vault):
    skipper = "Profiles/Skipper.md"
    text = vault.text(skipper)
    vault.remove(skipper)
    assert watch.settle(skipper, seconds=1.0) == []
    vault.put(skipper, text)
    assert watch.settle(skipper) == []
    vault.remove(skipper)
    vault.remove(vault.file("harbour/profiles/skipper"))
    told = watch.settle(skipper, vault.file("harbour/profiles/skipper"))
    assert "No artifact's note is called Skipper" in next(event.sentence for event in told if event.what == "held")


def test_a_conflict_is_told_once_and_told_when_it_ended(watch, vault):
    vault.edit(NOTE, "a week", "a month")
    vault.change(TOPIC, body="It keeps for a year.")
    told = watch.settle(NOTE, FILE)
    conflicts = [event for event in told if event.what == "conflict"]
    assert [(event.artifact, event.pointer) for event in conflicts] == [(TOPIC, "/body")]
    assert "a month" in vault.text(NOTE)
    assert vault.value(TOPIC)["body"] == "It keeps for a year."
    assert [event for event in watch.settle(doubt=True) if event.what == "conflict"] == []
    vault.change(TOPIC, body="It keeps for a month at sea.")
    assert "agreed" in watch.whats(watch.settle(FILE))
    assert "conflicts" not in vault.value(TOPIC)


def test_what_another_command_settled_is_told(watch, vault):
    vault.edit(NOTE, "a week", "a month")
    vault.change(TOPIC, body="It keeps for a year.")
    watch.settle(NOTE, FILE)
    given = {"artifact": TOPIC, "take": "note", "fields": (), "edit": False, "terminal": vault.terminal}
    assert resolve.run(vault=vault.root, **given) == 0
    assert "agreed" in watch.whats(watch.settle(NOTE, FILE))


def test_removals_that_somebody_allowed_no_longer_count(watch, vault):
    for number in range(8):
        vault.artifact(f"topics/t{number}", kind="topic", name=f"T {number}", body="Text.")
    watch.settle("artifacts/")
    notes = [path for path in vault.notes() if path.startswith("Topics/T ")]
    for path in notes:
        vault.remove(path)
    assert watch.whats(watch.settle(*notes)).count("held") == 8
    vault.sync(allow_mass_delete=True)
    watch.settle("artifacts/", "Topics/")
    vault.remove(NOTE)
    assert (FILE, "trashed") in changes(watch.settle(NOTE))


@pytest.mark.parametrize("side", ["note", "file", "gone"])
def test_what_another_process_looked_at_first_is_carried_all_the_same(watch, vault, side):
    if side == "note":
        vault.edit(NOTE, "a week", "a month")
    elif side == "file":
        vault.change(TOPIC, body="It keeps for a month at sea.")
    else:
        vault.remove(NOTE)
    looking = vault.open()
    take_flags(looking)  # as `check` does
    looking.close()
    wrote = changes(watch.settle(FILE if side == "file" else NOTE))
    assert wrote[0] == {"note": (FILE, "updated"), "file": (NOTE, "updated"), "gone": (FILE, "trashed")}[side]


def test_flags_come_and_go(watch, vault):
    vault.remove("Journeys/Morning run.md")
    told = watch.settle("Journeys/Morning run.md")
    assert "TP301" in {event.code for event in told if event.what == "flag"}
    assert {event.code for event in told if event.what == "flag-gone"} & {"TP511", "TP503"} == set()


def test_flags_that_another_process_changed_are_told(watch, vault):
    vault.change(JOURNEY, stages=[{"id": "one", "name": "One"}, {"id": "two", "name": "One"}])
    vault.sync()
    told = watch.settle(vault.file(JOURNEY), "Journeys/Morning run.md")
    assert "TP403" in {event.code for event in told if event.what == "flag"}


def test_a_storm_is_a_look_at_everything(watch, vault, monkeypatch):
    scopes = []
    real = module.run_pass
    monkeypatch.setattr(module, "run_pass", lambda ws, scope: scopes.append(scope.paths) or real(ws, scope))
    vault.edit(NOTE, "a week", "a month")
    told = watch.settle(*(f"Nothing/{number}.md" for number in range(STORM + 1)))
    assert changes(told) == [(FILE, "updated")]
    assert scopes[0] is None, "so much is never looked at in one go"


def sizes_of_passes(monkeypatch, **told):
    """How many artifacts each pass from now on decides; what else is given here, it tells of itself."""
    sizes = []
    real = module.run_pass

    def counted(ws, scope):
        result = real(ws, scope)
        sizes.append(len(result.decided))
        return replace(result, **told)

    monkeypatch.setattr(module, "run_pass", counted)
    return sizes


def test_much_is_carried_in_small_holds_of_the_lock(watch, vault, monkeypatch):
    monkeypatch.setattr(watch.watching, "_portion", Portion(3))
    sizes = sizes_of_passes(monkeypatch)
    for number in range(10):
        vault.artifact(f"topics/t{number}", kind="topic", name=f"T {number}", body="Text.")
    told = watch.settle("artifacts/")
    assert len([event for event in told if event.action == "created"]) == 10
    assert max(sizes) <= 3
    assert not vault.open().state.stale()
    vault.assert_still()


def test_a_slow_machine_carries_less_in_one_hold_of_the_lock(watch, vault, monkeypatch):
    monkeypatch.setattr(watch.watching, "_portion", Portion(40))
    sizes = sizes_of_passes(monkeypatch, took=10.0)
    for number in range(70):
        vault.artifact(f"topics/t{number}", kind="topic", name=f"T {number}", body="Text.")
    watch.settle("artifacts/")
    assert [size for size in sizes if size] == [40, 20, 10]
    vault.assert_still()


def test_a_case_that_changes_its_name_flags_everybody_bit_by_bit(watch, vault, monkeypatch):
    monkeypatch.setattr(watch.watching, "_portion", Portion(2))
    vault.change(CASE, name="Harbour Bread")
    watch.settle(vault.file(CASE))
    assert not vault.open().state.stale()
    ws = vault.open()
    told = list(ws.state.flags())
    ws.close()
    shutil.rmtree(vault.root / ".twinpage")
    vault.sync()
    anew = vault.open()
    assert [json.loads(data)[0] for _, data in told] == [json.loads(data)[0] for _, data in anew.state.flags()]
    anew.close()


class TestTrouble:
    def test_another_process_that_writes_is_waited_for(self, watch, vault, monkeypatch):
        real, left = module.run_pass, [2]

        def busy(ws, scope):
            left[0] -= 1
            if left[0] >= 0:
                raise LockHeld("Another twinpage (process 1)")
            return real(ws, scope)

        monkeypatch.setattr(module, "run_pass", busy)
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE)
        assert watch.whats(told) == ["refused", "change"]
        assert told[0].sentence.startswith(
            "Another twinpage (process 1) is writing in this vault; what changed here is"
        )
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."

    def test_another_process_that_writes_for_long_is_asked_again_soon(self, watch, vault, monkeypatch):
        real, busy_until = module.run_pass, watch.clock.offset + 90

        def busy(ws, scope):
            if watch.clock.offset < busy_until:
                watch.clock.offset += 5  # as long as the lock is waited for
                raise LockHeld("Another twinpage (process 1)")
            return real(ws, scope)

        monkeypatch.setattr(module, "run_pass", busy)
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE, seconds=90 + 10)
        assert watch.whats(told) == ["refused", "change"]

    def test_many_that_write_one_after_the_other_are_told_of_once(self, watch, vault, monkeypatch):
        monkeypatch.setattr(watch.watching, "_portion", Portion(1))
        real, numbers = module.run_pass, iter(range(1, 5))

        def busy(ws, scope):
            number = next(numbers, 0)
            if number % 2:
                raise LockHeld(f"Another twinpage (process {number})")
            return real(ws, scope)

        monkeypatch.setattr(module, "run_pass", busy)
        vault.edit(NOTE, "a week", "a month")
        vault.edit("Journeys/Morning run.md", "coins", "chits")
        told = watch.settle(NOTE, "Journeys/Morning run.md", seconds=30)
        assert [event.sentence.partition(" is")[0] for event in told if event.what == "refused"] == [
            "Another twinpage (process 1)"
        ]
        assert next(numbers, None) is None

    def test_another_process_that_has_the_state_for_itself_is_waited_for(self, watch, vault):
        """A large pass takes all of the state for itself before it is done."""
        watch.watching._ws.state._db.execute("pragma busy_timeout = 10")
        other = sqlite3.connect(vault.root / ".twinpage/state.db", isolation_level=None)
        other.execute("begin exclusive")
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE, seconds=20)
        assert watch.watching.next() is not None
        other.execute("commit")
        other.close()
        told += watch.settle()
        assert watch.whats(told) == ["refused", "change"]
        assert "unexpected" not in told[0].sentence
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."

    def test_the_state_may_be_taken_right_after_a_pass(self, watch, vault, monkeypatch):
        """What a pass did is told all the same, and flags that it left are not forgotten."""
        watch.watching._ws.state._db.execute("pragma busy_timeout = 10")
        real, others = module.run_pass, []

        def taken(ws, scope):
            done = real(ws, scope)
            if not others:
                others.append(sqlite3.connect(vault.root / ".twinpage/state.db", isolation_level=None))
                others[0].execute("begin exclusive")
            return done

        monkeypatch.setattr(module, "run_pass", taken)
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE, seconds=0.5)
        others[0].close()
        told += watch.settle()
        assert watch.whats(told) == ["change", "refused"]
        assert "unexpected" not in told[1].sentence
        vault.assert_still()

    def test_a_mistake_of_ours_is_logged_and_ends_nothing(self, watch, vault, monkeypatch):
        real, left = module.run_pass, [1]

        def broken(ws, scope):
            left[0] -= 1
            if left[0] >= 0:
                raise ValueError("oops")
            return real(ws, scope)

        monkeypatch.setattr(module, "run_pass", broken)
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE)
        assert watch.whats(told) == ["refused", "change"]
        assert "please report it with" in told[0].sentence
        assert len(list((vault.root / ".twinpage/log").glob("twinpage-*.log"))) == 1

    def test_what_never_succeeds_is_tried_ever_more_rarely_whatever_else_wakes_the_watcher(
        self, watch, vault, monkeypatch
    ):
        tried = []

        def broken(ws, scope):
            tried.append(watch.clock.offset)
            raise ValueError("oops")

        monkeypatch.setattr(module, "run_pass", broken)
        vault.edit(NOTE, "a week", "a month")
        watch.step(NOTE)
        for _ in range(600):
            watch.clock.sleep(1.0)
            watch.step("Topics/Nothing.md")
        assert len(tried) < 16
        assert watch.whats(watch.events).count("refused") == 1
        assert len(list((vault.root / ".twinpage/log").glob("twinpage-*.log"))) == 1

    def test_a_full_disk_is_told_once_and_tried_again(self, watch, vault, monkeypatch):
        real, left = State.clear_dirty, [3]

        def full(state, artifacts):
            left[0] -= 1
            if left[0] >= 0:
                raise sqlite3.OperationalError("database or disk is full")
            real(state, artifacts)

        monkeypatch.setattr(State, "clear_dirty", full)
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE)
        assert [event.what for event in told].count("refused") == 1
        assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
        vault.assert_still()

    def test_what_could_not_be_written_is_tried_again_by_itself(self, watch, vault, monkeypatch):
        real, left = os.replace, [2]

        def full(source, target, **places):
            if str(target).endswith(FILE) and left[0]:
                left[0] -= 1
                raise OSError(errno.ENOSPC, "No space left on device")
            real(source, target, **places)

        monkeypatch.setattr(os, "replace", full)
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE, seconds=4)
        (refused,) = [event.sentence for event in told if event.what == "refused"]
        assert refused.endswith("mend that: it is tried again by itself.")
        assert changes(watch.settle(seconds=30)) == [(FILE, "updated")]
        assert left == [0]
        vault.assert_still()

    def test_the_state_is_deleted(self, watch, vault):
        shutil.rmtree(vault.root / ".twinpage")
        vault.edit(NOTE, "a week", "a month")
        told = watch.settle(NOTE)
        assert [event for event in told if event.what == "refused"] == []
        # Nobody remembers what both last agreed on, and no git tells: it is not guessed.
        assert "conflict" in watch.whats(told)
        assert (vault.root / ".twinpage/state.db").exists()


class TestSettings:
    def test_new_settings_are_in_force(self, watch, vault):
        text = vault.text("twinpage.toml")
        vault.put("twinpage.toml", text + '[rules]\nTP305 = "error"\n')
        told = watch.settle(settings=True)
        assert "refused" not in watch.whats(told)
        vault.put("twinpage.toml", text + 'exclude = ["Topics/"]\n')
        watch.settle(settings=True)
        vault.edit(NOTE, "a week", "a month")
        assert changes(watch.settle(NOTE)) == []

    def test_a_mistake_leaves_those_from_before_in_force(self, watch, vault):
        text = vault.text("twinpage.toml")
        vault.put("twinpage.toml", text + "dialekt = 1\n")
        told = watch.settle(settings=True)
        assert watch.whats(told) == ["refused"]
        assert "dialekt" in told[0].sentence
        vault.edit(NOTE, "a week", "a month")
        assert changes(watch.settle(NOTE)) == [(FILE, "updated")]
        vault.put("twinpage.toml", text)
        assert watch.settle(settings=True) == []


def test_two_programs_that_undo_one_another_are_told_of(watch, vault):
    one, other = vault.text(NOTE), vault.text(NOTE).replace("a week", "a month")
    waited = []
    for number in range(12):
        vault.put(NOTE, other if number % 2 == 0 else one)
        waited += [event for event in watch.settle(NOTE, seconds=1.5) if event.what == "waiting"]
    assert len(waited) == 1
    assert "back and forth" in waited[0].sentence
    vault.put(NOTE, one.replace("a week", "a decade"))
    watch.settle(NOTE)
    assert vault.value(TOPIC)["body"] == "It keeps for a decade at sea."


def test_an_event_of_every_kind_is_as_its_schema_says(vault, clock_of_test):
    """``stopped`` is told by the command itself, which test_watch.py starts."""
    vault.commit_all()
    (vault.root / ".twinpage/state.db").write_bytes(b"No database." * 100)
    watch = Watch(vault, clock_of_test)
    route, text = "Journeys/Morning run.md", vault.text(NOTE)
    vault.remove(route)
    vault.remove(vault.file(JOURNEY))
    watch.settle(route, vault.file(JOURNEY))
    vault.put(NOTE, text + ("\n- ```\n" if vault.dialect == "logseq" else "\n```\nfence\n"))
    watch.settle(NOTE)
    vault.put(NOTE, text.replace("a week", "a month"))
    vault.change(TOPIC, body="It keeps for a year.")
    watch.settle(NOTE, FILE)
    vault.change(TOPIC, body="It keeps for a month at sea.")
    watch.settle(FILE)
    one, other = vault.text(NOTE), vault.text(NOTE).replace("a month", "a week")
    for number in range(12):
        vault.put(NOTE, other if number % 2 == 0 else one)
        watch.settle(NOTE, seconds=1.5)
    (vault.root / ".git/MERGE_HEAD").write_text("0" * 40 + "\n")
    watch.settle(NOTE, seconds=5.0)
    (vault.root / ".git/MERGE_HEAD").unlink()
    watch.settle(NOTE)
    vault.put("twinpage.toml", "dialect = 'none'\n")
    watch.settle(settings=True, seconds=5.0)
    watch.watching.close()
    assert {*watch.whats(watch.events), "stopped"} == set(get_args(What))
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    for event in watch.events:
        validator.validate(json.loads(output_for("event", "json")(event, clock.stamp(), Style())))


def test_the_line_that_lets_git_ignore_the_flags_note_is_told_once(vault, clock_of_test):
    vault.commit_all()
    vault.put("twinpage.toml", vault.text("twinpage.toml") + "\nflags-note = true\n")
    watch = Watch(vault, clock_of_test)
    try:
        told = [event.sentence for event in watch.events if event.what == "remark"]
        assert [sentence for sentence in told if "add this line to .gitignore: /" in sentence]
        vault.put(FILE, vault.text(FILE).replace("Sourdough", "Sourdough of rye"))
        events = watch.settle(FILE)
        assert changes(events)
        assert not [event for event in events if event.what == "remark"]
    finally:
        watch.watching.close()
