"""What commands leave in the log: each thing that happened to a file, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from git import Repo

from twinpage.cli import run
from twinpage.edge import deeds
from twinpage.edge.disk import Disk
from twinpage.errors import NotWritten

TOPIC = "topics/sourdough"
NOTE, FILE = "Topics/Sourdough.md", "artifacts/topics/sourdough.json"


def lines(vault) -> list[str]:
    path: Path = vault.root / deeds.PLACE
    told = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [line.partition("  ")[2] for line in told]


@pytest.fixture
def twinpage(vault):
    vault.sync()
    lines(vault)
    return lambda *words: run([*words, "--vault", str(vault.root)])


def test_a_pass(vault, twinpage):
    vault.edit(NOTE, "a week", "a month")
    vault.sync()
    assert lines(vault) == [f"updated  {FILE}  (the note changed)  {TOPIC}"]
    vault.edit(NOTE, "a month", "a year")
    vault.change(TOPIC, body="It keeps for a day at sea.")
    vault.sync()
    told = lines(vault)
    assert f"conflict  {FILE}  {TOPIC} /body" in told
    assert f"merged  {NOTE}  (both changed the same field)  {TOPIC}" in told
    vault.sync()
    assert lines(vault) == []  # an open conflict is news once
    twinpage("resolve", TOPIC, "--take", "file")
    assert any(line.startswith((f"updated  {NOTE}", f"merged  {NOTE}")) for line in lines(vault))


def test_what_is_only_planned_is_not_there(vault, twinpage):
    vault.edit(NOTE, "a week", "a month")
    twinpage("sync", "--dry-run")
    assert lines(vault) == []


def test_removed_and_restored(vault, twinpage):
    assert twinpage("remove", TOPIC) == 0
    removed = lines(vault)
    assert [line.split("  ")[:2] for line in removed] == [["trashed", FILE], ["trashed", NOTE]]
    assert twinpage("restore", TOPIC) == 0
    assert {tuple(line.split("  ")[:2]) for line in lines(vault)} >= {("restored", FILE), ("restored", NOTE)}


def test_renamed_and_new(vault, twinpage):
    assert twinpage("rename", TOPIC, "topics/rye") == 0
    told = lines(vault)
    assert f"renamed  {TOPIC} to topics/rye" in told
    assert f"renamed  artifacts/topics/rye.json  ({TOPIC} to topics/rye)" in told
    assert twinpage("new", "topic", "Spelt") == 0
    assert "created  artifacts/topics/spelt.json  (somebody asked for it)  topics/spelt" in lines(vault)


def test_a_mended_flag(vault, twinpage):
    path = vault.root / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("  ", "    "), encoding="utf-8")
    twinpage("check", "--fix")
    assert any(line.startswith(f"updated  {FILE}") for line in lines(vault))


def test_a_removal_that_meets_a_change_is_told_as_that(vault, twinpage):
    vault.remove(NOTE)
    vault.change(TOPIC, body="It keeps for a day at sea.")
    vault.sync()
    told = lines(vault)
    assert f"conflict  {FILE}  {TOPIC} " in [line if line.endswith(" ") else line + " " for line in told]
    assert not any("both changed the same field" in line for line in told)
    assert any("(one side was removed, the other changed)" in line for line in told)


def test_what_is_kept_for_somebody_is_told(vault, twinpage):
    vault.remove(FILE)
    vault.sync()
    told = lines(vault)
    assert any(line.startswith(f"trashed  {NOTE}  (") for line in told)
    assert any(line.startswith(f"kept  {FILE}  (") for line in told)


def test_what_people_say_of_artifacts(vault, twinpage):
    with Repo.init(vault.root) as repo, repo.config_writer() as config:
        config.set_value("user", "name", "Somebody")
        config.set_value("user", "email", "somebody@example.org")
    assert twinpage("signoff", TOPIC) == 0
    assert f"created  signoffs.jsonl  (somebody signed it off)  {TOPIC}" in lines(vault)
    vault.remove("Journeys/Morning run.md")
    vault.sync()
    lines(vault)
    twinpage("check", "--write-baseline")
    assert "created  twinpage.baseline  (flags were accepted)" in lines(vault)


def test_what_git_is_told(vault, twinpage):
    Repo.init(vault.root).close()
    assert twinpage("hooks", "install") == 0
    assert lines(vault) == ["created  .gitattributes  (`twinpage hooks install`)"]
    assert twinpage("hooks", "uninstall") == 0
    assert lines(vault) == ["removed  .gitattributes  (`twinpage hooks uninstall`)"]


def test_a_rename_that_is_taken_back(vault, twinpage, monkeypatch):
    real = Disk.remove

    def remove(disk, path, *rest):
        if path == FILE:
            raise NotWritten(path, "the disk is full")
        return real(disk, path, *rest)

    monkeypatch.setattr(Disk, "remove", remove)
    assert twinpage("rename", TOPIC, "topics/rye") == 2
    told = lines(vault)
    changed = {line.split("  ")[1] for line in told if line.startswith("renamed")}
    assert changed
    assert {line.split("  ")[1] for line in told if line.startswith("taken back")} == changed
    assert not any(line == f"renamed  {TOPIC} to topics/rye" for line in told)
