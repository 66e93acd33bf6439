"""The log of what was done."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from twinpage.edge import deeds
from twinpage.errors import ChangedMeanwhile, OutsideVault


def test_lines_have_a_time_and_steer_no_terminal(tmp_path):
    (tmp_path / ".twinpage").mkdir()
    deeds.note(tmp_path, ["updated  A.md  (the file\n changed)", "\x1b[31mred"])
    first, second = (tmp_path / deeds.PLACE).read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+  updated  A\.md  \(the file.*changed\)", first)
    assert "\x1b" not in second


def test_nothing_is_made_where_there_is_nothing_of_ours_or_to_tell(tmp_path):
    deeds.note(tmp_path, ["x"])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".twinpage").mkdir()
    deeds.note(tmp_path, [])
    assert list((tmp_path / ".twinpage").iterdir()) == []


def test_it_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(deeds, "LARGEST", 100)
    (tmp_path / ".twinpage").mkdir()
    for number in range(9):
        deeds.note(tmp_path, [f"{number} {'x' * 60}"])
    log = tmp_path / deeds.PLACE
    kept = log.with_name(deeds.BEFORE).read_text(encoding="utf-8") + log.read_text(encoding="utf-8")
    assert [line.split()[1] for line in kept.splitlines()] == ["6", "7", "8"]
    assert len(list(log.parent.iterdir())) == 2


def test_a_link_is_not_followed(tmp_path):
    vault = tmp_path / "vault"
    (vault / ".twinpage/log").mkdir(parents=True)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (vault / deeds.PLACE).symlink_to(tmp_path / "mine.txt")
    deeds.note(vault, ["x"])
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_deed_is_told_before_it_is_done(tmp_path):
    (tmp_path / ".twinpage").mkdir()
    with deeds.told(tmp_path, "A.md", "updated  A.md  (the file changed)"):
        assert "updated  A.md" in (tmp_path / deeds.PLACE).read_text(encoding="utf-8")
    assert len((tmp_path / deeds.PLACE).read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("error", [OSError(28, "full"), ChangedMeanwhile("A.md"), OutsideVault("A.md")])
def test_what_fails_is_taken_back(tmp_path, error):
    (tmp_path / ".twinpage").mkdir()
    with pytest.raises(type(error)), deeds.told(tmp_path, "A.md", "updated  A.md  (the file changed)"):
        raise error
    first, second = (tmp_path / deeds.PLACE).read_text(encoding="utf-8").splitlines()
    assert first.split("  ")[1:3] == ["updated", "A.md"]
    assert second.split("  ")[1:3] == ["not done", "A.md"]


def test_nothing_is_told_of_a_deed_without_a_line(tmp_path):
    (tmp_path / ".twinpage").mkdir()
    with suppress(OSError), deeds.told(tmp_path, "A.md", ""):
        raise OSError
    assert not (tmp_path / deeds.PLACE).exists()


def test_what_comes_into_being_is_told_as_that():
    assert deeds.line("A.md", None, "it was asked for", "topics/a") == "created  A.md  (it was asked for)  topics/a"
    assert deeds.line("A.md", b"", "it was asked for") == "updated  A.md  (it was asked for)"
