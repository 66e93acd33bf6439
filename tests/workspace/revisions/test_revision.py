"""A vault opened as git has it: the same workspace as over a folder, with nothing to write in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.edge.git.place import find_repository
from twinpage.edge.git.trees import at_revision, staged
from twinpage.errors import NotWritten, Usage
from twinpage.workspace.remembered import flags_and_examples
from twinpage.workspace.revisions.revision import open_revision

FILE = '{{\n  "kind": "topic",\n  "id": "topics/{0}",\n  "schema": "topic/1.0",\n  "name": "{0}"\n}}\n'


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Rye in the first commit, spelt in the second, oats staged, barley only in the folder."""
    folder = tmp_path / "vault"
    (folder / "artifacts/topics").mkdir(parents=True)
    git(tmp_path, "init", "-q", "vault")
    (folder / "twinpage.toml").write_text(
        'dialect = "obsidian"\n[[ignore]]\ncode = "TP503"\nartifact = "*"\nreason = "later"\n'
    )
    for name in ("rye", "spelt", "oats", "barley"):
        (folder / f"artifacts/topics/{name}.json").write_text(FILE.format(name))
        if name != "barley":
            git(folder, "add", "-A")
        if name in ("rye", "spelt"):
            git(folder, "commit", "-qm", name)
    return folder


def test_each_tree_has_its_own_artifacts(vault: Path) -> None:
    place = find_repository(vault)
    trees = {"HEAD~1": "base", "HEAD": "head", "": "staged"}
    expected = {"HEAD~1": {"rye"}, "HEAD": {"rye", "spelt"}, "": {"rye", "spelt", "oats"}}
    for _ in range(2):
        for words, slot in trees.items():
            ws = open_revision(vault, at_revision(place, words) if words else staged(place), slot)
            assert {card.name for card in ws.vault.of_kind("topic")} == expected[words]
            assert ws.in_git
            assert ws.page("Rye.md") is None
            assert ws.today == ws.disk.tree.date  # type: ignore[attr-defined]
            with pytest.raises(NotWritten):
                ws.disk.write("Rye.md", b"", None, "")
            ws.close()


def test_two_at_once_and_one_twice(vault: Path) -> None:
    place = find_repository(vault)
    opened = [open_revision(vault, at_revision(place, words), "head") for words in ("HEAD", "HEAD~1", "HEAD")]
    assert [ws.state.count_cards() for ws in opened] == [2, 1, 2]
    for ws in opened:
        ws.close()


def test_as_of_one_day(vault: Path) -> None:
    settings = vault / "twinpage.toml"
    settings.write_text(settings.read_text() + "until = 2000-01-01\n")
    git(vault, "commit", "-qam", "until")
    tree = at_revision(find_repository(vault), "HEAD")
    numbers = []
    for day in ("2000-01-01", "", "2000-01-01"):
        ws = open_revision(vault, tree, "head", today=day)
        numbers.append([flag.code for flag in flags_and_examples(ws.state)[0]].count("TP503"))
        ws.close()
    assert numbers == [0, 3, 0]


def test_no_dialect_leaves_nothing_open(vault: Path) -> None:
    (vault / "twinpage.toml").write_text("")
    git(vault, "add", "-A")
    for _ in range(2):
        with pytest.raises(Usage, match="names no dialect"):
            open_revision(vault, staged(find_repository(vault)), "staged")
