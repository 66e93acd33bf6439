"""What a watcher leaves alone for a moment because git has just put it there."""

from __future__ import annotations

import os
import re
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from twinpage.edge import clock
from twinpage.edge.git.activity import GitActivity
from twinpage.workspace.carrying.passes import run_pass
from twinpage.workspace.opening import Workspace
from twinpage.workspace.scope import Scope
from twinpage.workspace.watch.resting import COUNTS, HOLD, TAKEN, Resting

TOPIC = "topics/sourdough"
AT_FIRST, LATER, LAST = "It keeps for a week at sea.", "It keeps for a month.", "It keeps for a year."


class Quiet:
    """Passes as a watcher makes them."""

    def __init__(self, vault: Any) -> None:
        self.vault = vault
        self.ws: Workspace = vault.open()
        self.resting = Resting(GitActivity(vault.root))

    def look(self, patient: bool = False) -> list[tuple[str, str]]:
        """One pass: what it wrote, or what it left and why."""
        result = run_pass(self.ws, Scope(rest=partial(self.resting.rest, self.ws), everybody_is_patient=patient))
        self.resting.wrote(self.ws, result.tally.changes, clock.monotonic())
        waiting = [(one.artifact, one.because) for one in result.tally.waiting]
        self.seconds = [one.seconds for one in result.tally.waiting]
        return waiting + [(change.artifact, change.path) for change in result.tally.changes]


@pytest.fixture
def quiet(vault: Any) -> Any:
    vault.commit_all()
    made = Quiet(vault)
    yield made
    made.ws.close()


HELD = [(TOPIC, "git has just put this version there")]


def changed(vault: Any, old: str, new: str, stage: bool = True) -> None:
    """Somebody's artifact file has other words, and so has git's index."""
    vault.edit(vault.file(TOPIC), old, new)
    if stage:
        vault.git("add", vault.file(TOPIC))


def wrote(vault: Any) -> list[tuple[str, str]]:
    return [(TOPIC, vault.note(TOPIC))]


def test_what_the_index_has_is_held_for_five_seconds(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    changed(vault, AT_FIRST, LATER)
    assert quiet.look() == HELD
    assert HOLD - 1 < quiet.seconds[0] <= HOLD
    clock_of_test.sleep(HOLD - 2)
    assert quiet.look() == HELD
    assert quiet.seconds[0] <= 2
    clock_of_test.sleep(2)
    assert quiet.look() == wrote(vault)
    assert LATER in vault.text(vault.note(TOPIC))


def test_another_content_is_held_for_five_seconds_of_its_own(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    changed(vault, AT_FIRST, LATER)
    assert quiet.look() == HELD
    clock_of_test.sleep(HOLD - 1)
    changed(vault, LATER, LAST)
    assert quiet.look() == HELD
    clock_of_test.sleep(HOLD - 1)
    assert quiet.look() == HELD
    clock_of_test.sleep(1)
    assert quiet.look() == wrote(vault)


def test_what_the_index_has_not_is_not_held(quiet: Any, vault: Any) -> None:
    changed(vault, AT_FIRST, LATER, stage=False)
    assert quiet.look() == wrote(vault)


def test_an_edit_ends_the_hold(quiet: Any, vault: Any) -> None:
    changed(vault, AT_FIRST, LATER)
    assert quiet.look() == HELD
    changed(vault, LATER, LAST, stage=False)
    assert quiet.look() == wrote(vault)


def test_what_comes_back_is_a_new_hold(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    changed(vault, AT_FIRST, LATER)
    assert quiet.look() == HELD
    vault.edit(vault.file(TOPIC), LATER, AT_FIRST)
    assert quiet.look() == []
    clock_of_test.sleep(HOLD)
    vault.edit(vault.file(TOPIC), AT_FIRST, LATER)
    assert quiet.look() == HELD


def test_twins_that_agree_are_not_held(quiet: Any, vault: Any) -> None:
    for path in (vault.note(TOPIC), vault.file(TOPIC)):
        vault.edit(path, AT_FIRST, LATER)
        vault.git("add", path)
    before = vault.files()
    assert quiet.look() == []
    assert vault.files() == before


def test_a_new_artifact_file_of_git_gets_its_note_in_five_seconds(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    vault.artifact("topics/rye", kind="topic", name="Rye")
    vault.git("add", "-A")
    assert quiet.look() == [("topics/rye", HELD[0][1])]
    clock_of_test.sleep(HOLD)
    assert [path for _, path in quiet.look()] == [vault.note("topics/rye")]


@pytest.mark.parametrize("side", ["note", "file"])
def test_a_twin_that_a_checkout_took_is_nobodys_removal(quiet: Any, vault: Any, side: str) -> None:
    paths = {"note": vault.note(TOPIC), "file": vault.file(TOPIC)}
    vault.git("checkout", "-qb", "half")
    vault.git("rm", "-q", paths[side])
    vault.git("commit", "-qm", "only one twin")
    vault.git("checkout", "-q", "-")
    log = vault.root / ".git/logs/HEAD"
    log.write_text(re.sub(r"> \d+ ", "> 1700000000 ", log.read_text()))  # as if that had been somebody's, long ago
    vault.git("checkout", "-q", "half")
    before = vault.files()
    quiet.look()
    [(artifact, because)] = quiet.look(patient=True)
    assert artifact == TOPIC
    assert because.startswith("git took its ")
    assert quiet.seconds == [TAKEN]
    assert vault.files() == before
    vault.git("checkout", "-q", "-")
    assert quiet.look() == []


@pytest.mark.parametrize("words", [[], ["rm", "-q"], ["rm", "-q", "--cached"]])
def test_what_a_person_removes_goes(quiet: Any, vault: Any, words: list[str]) -> None:
    note = vault.note(TOPIC)
    if words:
        vault.git(*words, note)
    (vault.root / note).unlink(missing_ok=True)
    quiet.look()
    assert quiet.look(patient=True) == [(TOPIC, vault.file(TOPIC))]
    assert not (vault.root / vault.file(TOPIC)).exists()


def test_without_git_nothing_is_held(vault: Any) -> None:
    made = Quiet(vault)
    vault.edit(vault.file(TOPIC), AT_FIRST, LATER)
    assert made.look() == wrote(vault)
    (vault.root / vault.note(TOPIC)).unlink()
    made.look()
    assert made.look(patient=True) == [(TOPIC, vault.file(TOPIC))]
    made.ws.close()


def test_two_programs_that_undo_each_other(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    turns = [(AT_FIRST, LATER), (LATER, LAST), (LAST, LATER), (LATER, LAST)]
    for old, new in turns:
        changed(vault, old, new, stage=False)
        assert quiet.look() == wrote(vault)
    changed(vault, LAST, LATER, stage=False)
    [(artifact, because)] = quiet.look()
    assert artifact == TOPIC
    assert "back and forth" in because
    clock_of_test.sleep(quiet.seconds[0])
    assert quiet.look() == wrote(vault)


# ---------------------------------------------------------------------- a write that a hook's stash took back


TAKEN_BACK = [(TOPIC, "what was written a moment ago was taken back by a commit's hooks")]


@pytest.fixture
def patches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "patches"))
    (tmp_path / "patches").mkdir()
    return tmp_path / "patches"


def typed(quiet: Any, vault: Any, old: str, new: str) -> None:
    vault.edit(vault.note(TOPIC), old, new)
    assert quiet.look() == [(TOPIC, vault.file(TOPIC))]


def both_say(vault: Any, words: str) -> bool:
    return all(words in vault.text(path) for path in (vault.note(TOPIC), vault.file(TOPIC)))


def test_a_file_that_git_takes_back_at_once_is_written_again(quiet: Any, vault: Any, patches: Path) -> None:
    """pre-commit looked before the write, and put aside after it: its patch brings the note back, but not the file."""
    typed(quiet, vault, AT_FIRST, LATER)
    vault.git("checkout", "--", vault.file(TOPIC))
    assert quiet.look() == TAKEN_BACK
    note = vault.text(vault.note(TOPIC))
    assert quiet.look() == [(TOPIC, vault.file(TOPIC))]
    assert both_say(vault, LATER)
    assert vault.text(vault.note(TOPIC)) == note
    # Who does that again means it.
    vault.git("checkout", "--", vault.file(TOPIC))
    assert quiet.look() == HELD


def test_a_note_that_git_takes_back_at_once_is_written_again(quiet: Any, vault: Any, patches: Path) -> None:
    changed(vault, AT_FIRST, LATER, stage=False)
    assert quiet.look() == wrote(vault)
    vault.git("checkout", "--", vault.note(TOPIC))
    vault.age(vault.note(TOPIC))
    (patches / "patch1-1").touch()
    assert quiet.look() == TAKEN_BACK
    assert quiet.look() == wrote(vault)
    assert both_say(vault, LATER)


@pytest.mark.parametrize("near", [True, False])
def test_a_patch_that_brings_back_an_unstaged_version(quiet: Any, vault: Any, patches: Path, near: bool) -> None:
    typed(quiet, vault, AT_FIRST, LATER)
    unstaged = vault.text(vault.file(TOPIC))
    typed(quiet, vault, LATER, LAST)
    patch = patches / "patch1-1"
    patch.touch()
    then = time.time() - (0 if near else 10)
    os.utime(patch, (then, then))
    vault.put(vault.file(TOPIC), unstaged, new=True)
    if near:
        assert quiet.look() == TAKEN_BACK
        assert quiet.look() == [(TOPIC, vault.file(TOPIC))]
        assert both_say(vault, LAST)
    else:
        vault.age(vault.note(TOPIC))
        assert quiet.look() == wrote(vault)
        assert both_say(vault, LATER)


def test_a_file_that_is_taken_back_later_is_an_edit(quiet: Any, vault: Any, patches: Path, clock_of_test: Any) -> None:
    typed(quiet, vault, AT_FIRST, LATER)
    vault.git("checkout", "--", vault.file(TOPIC))
    then = time.time() + 5
    os.utime(vault.root / vault.file(TOPIC), (then, then))
    assert quiet.look() == HELD
    clock_of_test.sleep(HOLD)
    assert quiet.look() == wrote(vault)
    assert both_say(vault, AT_FIRST)


def test_a_write_is_forgotten_once_nothing_can_take_it_back(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    typed(quiet, vault, AT_FIRST, LATER)
    resting: Resting = quiet.resting
    assert resting.due is not None
    assert resting.due - clock.monotonic() == pytest.approx(COUNTS, abs=2)
    clock_of_test.sleep(COUNTS - 10)
    resting.forget_old(clock.monotonic())
    assert resting.due is not None
    clock_of_test.sleep(COUNTS)
    resting.forget_old(clock.monotonic())
    assert resting.due is None


def test_of_many_writes_the_last_is_forgotten_as_soon_as_it_may_be(quiet: Any, vault: Any, clock_of_test: Any) -> None:
    typed(quiet, vault, AT_FIRST, LATER)
    clock_of_test.sleep(COUNTS / 2)
    vault.edit(vault.note(TOPIC), LATER, LAST)
    vault.age(vault.note(TOPIC))
    assert quiet.look() == [(TOPIC, vault.file(TOPIC))]
    last = clock.monotonic()
    resting: Resting = quiet.resting
    while resting.due is not None:
        assert resting.due <= last + COUNTS + 1
        clock_of_test.sleep(max(0.0, resting.due - clock.monotonic()))
        resting.forget_old(clock.monotonic())


def test_a_write_near_a_patch_counts_while_hooks_run_for_minutes(
    quiet: Any, vault: Any, patches: Path, clock_of_test: Any
) -> None:
    staged = vault.text(vault.file(TOPIC))
    typed(quiet, vault, AT_FIRST, LATER)
    (patches / f"patch{int(time.time())}-{os.getpid()}").touch()
    clock_of_test.sleep(10 * COUNTS)
    quiet.resting.forget_old(clock.monotonic())
    assert quiet.resting.due is not None
    vault.put(vault.file(TOPIC), staged, new=True)
    assert quiet.look() == TAKEN_BACK
    assert quiet.look() == [(TOPIC, vault.file(TOPIC))]
    assert both_say(vault, LATER)
