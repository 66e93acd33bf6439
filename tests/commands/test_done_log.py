"""What commands leave in the log: each thing that happened to a file, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinpage.cli import run
from twinpage.edge import deeds

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
