"""What the system tells of a folder while it changes: real files, real events."""

from __future__ import annotations

import logging
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twinpage.edge.events import Events, Hints

PATIENCE = 10.0
Told = Callable[[Callable[[Hints], bool]], Hints]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = Path(os.path.realpath(tmp_path)) / "vault"
    for folder in ("Notes/deep", "artifacts", ".git/objects", ".twinpage", "schemas"):
        (root / folder).mkdir(parents=True)
    return root


@pytest.fixture
def events(root: Path) -> Iterator[Events]:
    with Events(root) as found:
        yield found


@pytest.fixture
def told(events: Events) -> Told:
    """All hints until they suffice."""

    def wait(enough: Callable[[Hints], bool]) -> Hints:
        together, deadline = Hints(), time.monotonic() + PATIENCE
        while not enough(together):
            assert time.monotonic() < deadline, together
            events.wait(0.2)
            one = events.take()
            together.paths |= one.paths
            together.settings = together.settings or one.settings
            together.doubt = together.doubt or one.doubt
            together.ended = together.ended or one.ended
        return together

    return wait


def test_files_that_are_made_changed_moved_and_deleted(root: Path, told: Told) -> None:
    note = root / "Notes/a.md"
    note.write_text("a", encoding="utf-8")
    told(lambda hints: "Notes/a.md" in hints.paths)
    note.write_text("b", encoding="utf-8")
    told(lambda hints: "Notes/a.md" in hints.paths)
    note.rename(root / "Notes/b.md")
    told(lambda hints: {"Notes/a.md", "Notes/b.md"} <= hints.paths)
    (root / "Notes/b.md").unlink()
    hints = told(lambda hints: "Notes/b.md" in hints.paths)
    assert (hints.settings, hints.doubt, hints.ended) == (False, False, False)


def test_a_save_by_a_new_file_under_a_dot_folder(root: Path, told: Told) -> None:
    fresh = root / ".twinpage/x"
    fresh.write_text("a", encoding="utf-8")
    os.replace(fresh, root / "artifacts/a.json")
    hints = told(lambda hints: "artifacts/a.json" in hints.paths)
    assert not [path for path in hints.paths if path.startswith(".")]


def test_new_folders_and_what_is_in_them(root: Path, told: Told) -> None:
    for number in range(20):
        folder = root / f"New {number}" / "deep"
        folder.mkdir(parents=True)
        (folder / "a.md").write_text("a", encoding="utf-8")
    wanted = {f"New {number}/" for number in range(20)}
    told(lambda hints: wanted <= hints.paths)


def test_a_folder_that_is_renamed(root: Path, told: Told) -> None:
    (root / "Notes/deep/a.md").write_text("a", encoding="utf-8")
    (root / "Notes").rename(root / "Pages")
    told(lambda hints: {"Notes/", "Pages/"} <= hints.paths)
    (root / "Pages/deep/b.md").write_text("b", encoding="utf-8")
    told(lambda hints: "Pages/deep/b.md" in hints.paths)


def test_settings_and_schemas(root: Path, told: Told) -> None:
    (root / "twinpage.toml").write_text("", encoding="utf-8")
    assert told(lambda hints: hints.settings).paths == set()
    (root / "schemas/own.schema.json").write_text("{}", encoding="utf-8")
    told(lambda hints: hints.settings)


def test_nobody_is_told_of_dot_folders_and_other_files(root: Path, events: Events, told: Told) -> None:
    (root / ".git/objects/a.md").write_text("a", encoding="utf-8")
    (root / "Notes/.a.md.swp").write_text("a", encoding="utf-8")
    (root / "picture.png").write_text("a", encoding="utf-8")
    (root / "Notes/last.md").write_text("a", encoding="utf-8")
    assert told(lambda hints: bool(hints.paths)).paths == {"Notes/last.md"}


def test_a_name_in_another_form_is_told_in_both(root: Path, told: Told) -> None:
    (root / "Notes/Cafe\u0301.md").write_text("a", encoding="utf-8")
    told(lambda hints: {"Notes/Cafe\u0301.md", "Notes/Caf\u00e9.md"} <= hints.paths)


def test_a_name_that_is_no_text_is_told_by_its_folder(root: Path, told: Told) -> None:
    with open(os.fsencode(root / "Notes") + b"/\xff.md", "wb"):
        pass
    told(lambda hints: "Notes/" in hints.paths)
    with open(os.fsencode(root) + b"/\xff.md", "wb"):
        pass
    told(lambda hints: hints.doubt)


def test_losses_are_doubt(events: Events, told: Told) -> None:
    logging.getLogger("watchdog.observers.inotify_c").warning("events were lost")
    assert told(lambda hints: hints.doubt).paths == set()
    assert not events.take().doubt


def test_so_many_events_that_some_may_have_been_lost(
    root: Path, events: Events, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twinpage.edge.events._MANY", 50)
    for number in range(100):
        (root / f"Notes/{number}.md").write_text("a", encoding="utf-8")
    time.sleep(0.5)
    assert events.take().doubt


def test_the_folder_itself_goes(root: Path, told: Told) -> None:
    shutil.rmtree(root)
    told(lambda hints: hints.ended)


def test_waiting_ends_with_the_first_hint_and_by_itself(root: Path, events: Events) -> None:
    begun = time.monotonic()
    events.wait(0.05)
    assert time.monotonic() - begun < PATIENCE / 2
    assert events.take() == Hints()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fdinfo"), reason="the system does not say what it watches")
def test_folders_that_the_system_does_not_watch_are_counted(root: Path) -> None:
    with Events(root) as events:
        assert events.unwatched_folders() == 0
    assert events.unwatched_folders() >= 8


def test_what_watchdog_says_to_programmers_is_shown_to_nobody(
    events: Events, capfd: pytest.CaptureFixture[str]
) -> None:
    # It warns with a page of its own insides when two folders are made within one another at once.
    with warnings.catch_warnings(record=True) as shown:
        warnings.warn_explicit("already exists", RuntimeWarning, "inotify.py", 365, "watchdog.observers.inotify")
    assert shown == []


def test_folders_made_within_one_another_are_told_of_without_a_word(
    root: Path, told: Told, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(40):
        (root / f"Notes/{number}/a/b/c/d/e").mkdir(parents=True)
        (root / f"Notes/{number}/a/b/c/d/e/n.md").write_text("a", encoding="utf-8")
    told(lambda hints: any(path.startswith("Notes/39/") for path in hints.paths))
    assert capfd.readouterr().err == ""


def test_a_folder_that_becomes_a_vault_of_its_own(root: Path, told: Told) -> None:
    (root / "Notes/deep/twinpage.toml").write_text("")
    assert told(lambda hints: "Notes/deep/" in hints.paths).settings is False
