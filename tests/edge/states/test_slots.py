"""States of trees, kept between runs: one process holds a slot, others go on without waiting."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twinpage.edge.states import slots
from twinpage.edge.states.slots import keep_listing, open_slot
from twinpage.edge.states.state import State

MANY = {f"{number}.md": f"{number:040x}" for number in range(2_000)}
SETTINGS = "digest of settings"


def keep(root: Path, slot: str, contents: dict[str, str], settings: str = SETTINGS, **facts: str) -> None:
    state, news = open_slot(root, slot, contents, settings)
    write(state, news, contents, settings, **facts)
    state.close()


def write(
    state: State, news: list[str] | None, contents: dict[str, str], settings: str = SETTINGS, **facts: str
) -> None:
    with state.transaction():
        keep_listing(state, news, contents)
        state.remember("settings", settings)
        for key, value in facts.items():
            state.remember(key, value)


def look(root: Path, slot: str, contents: dict[str, str], settings: str = SETTINGS) -> tuple[dict[str, str], str]:
    state, news = open_slot(root, slot, contents, settings)
    known, mark = slots._listing(state, settings), state.recall("mark")
    state.close()
    others = {path for path in {*known, *contents} if known.get(path) != contents.get(path)}
    assert (news is None) if not known else (set(news or ()) == others)
    return known, mark


def test_what_was_kept_is_known_again(tmp_path: Path) -> None:
    assert look(tmp_path, "staged", MANY) == ({}, "")
    keep(tmp_path, "staged", MANY, mark="one")
    assert look(tmp_path, "staged", MANY) == (MANY, "one")
    contents = dict(MANY)
    for number in range(400):
        contents.pop(f"{number}.md")
        contents[f"new {number}.md"] = "a" * 40
        contents["500.md"] = f"{number:040x}"
        if number % 40 == 0:
            keep(tmp_path, "staged", contents)
            assert look(tmp_path, "staged", contents)[0] == contents
    keep(tmp_path, "staged", MANY)
    assert look(tmp_path, "staged", MANY)[0] == MANY


def test_a_listing_that_is_none_is_of_no_use(tmp_path: Path) -> None:
    for broken in ({"listing": "[1, 2"}, {"listing": "[1]"}, {"listing, recent": "{"}):
        keep(tmp_path, "staged", MANY, **broken, mark="one")
        assert look(tmp_path, "staged", MANY) == ({}, "one")
        keep(tmp_path, "staged", MANY)
        assert look(tmp_path, "staged", MANY)[0] == MANY


def test_other_settings_make_it_useless(tmp_path: Path) -> None:
    keep(tmp_path, "staged", MANY)
    assert look(tmp_path, "staged", MANY, "others")[0] == {}
    assert look(tmp_path, "head", MANY, "others")[0] == {}


def test_the_nearest_slot_is_taken_over(tmp_path: Path) -> None:
    other = {path: blob[::-1] for path, blob in MANY.items()}
    keep(tmp_path, "base", MANY, mark="base")
    keep(tmp_path, "staged", other, mark="staged")
    near = MANY | {"1.md": "f" * 40}
    assert look(tmp_path, "head", near) == (MANY, "base")
    keep(tmp_path, "head", near, mark="head")
    assert look(tmp_path, "head", other) == (other, "staged")
    assert look(tmp_path, "staged", MANY | {"2.md": "f" * 40})[1] == "base"
    few = dict(list(MANY.items())[:50])
    keep(tmp_path, "head", few, mark="few")
    assert look(tmp_path, "head", few | {"2.md": "f" * 40})[1] == "few"


def test_who_does_not_get_a_slot_goes_on_with_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_PATIENCE", 0.05)
    keep(tmp_path, "staged", MANY, mark="before")
    holder, _ = open_slot(tmp_path, "staged", MANY, SETTINGS)
    begun = time.monotonic()
    with holder.transaction():
        holder.remember("mark", "half done")
        second, news = open_slot(tmp_path, "staged", MANY, SETTINGS)
        assert time.monotonic() - begun < 3
        assert (news, second.recall("mark"), second.path) == ([], "before", None)
        write(second, news, MANY, mark="of no consequence")
        second.close()
    holder.close()
    holder.close()
    assert look(tmp_path, "staged", MANY)[1] == "half done"


PROCESS = """
import sys
from pathlib import Path
from twinpage.edge.states.slots import _listing, keep_listing, open_slot
root, number = Path(sys.argv[1]), int(sys.argv[2])
for turn in range(15):
    contents = {f"{at}.md": f"{number:020}{turn:020}" for at in range(500)}
    state, news = open_slot(root, "staged", contents, "settings")
    known = _listing(state, "settings")
    told = {blob for blob in known.values()}
    assert len(told) < 2, told
    assert state.recall("mark") == (told.pop() if told else ""), (known, state.recall("mark"))
    with state.transaction():
        keep_listing(state, news, contents)
        state.remember("settings", "settings")
        state.remember("mark", contents["0.md"])
    state.close()
"""


def test_several_processes_do_not_get_into_each_other_s_way(tmp_path: Path) -> None:
    package = str(Path(slots.__file__).resolve().parents[3])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(tmp_path), str(number)], env=os.environ | {"PYTHONPATH": package}
        )
        for number in range(3)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / ".twinpage").write_text("in the way")
    assert look(tmp_path, "staged", MANY) == ({}, "")
    (tmp_path / ".twinpage").unlink()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".twinpage").mkdir()
    (tmp_path / ".twinpage/revisions").symlink_to(tmp_path / "elsewhere")
    keep(tmp_path, "staged", MANY)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_state_from_elsewhere_is_not_believed(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    keep(here, "staged", MANY, mark="here")
    (here / ".twinpage").rename(tmp_path / "moved")
    here.rename(there)
    (tmp_path / "moved").rename(there / ".twinpage")
    assert look(there, "staged", MANY) == ({}, "")
    assert look(there, "head", MANY) == ({}, "")
