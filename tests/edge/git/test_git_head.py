"""What is checked out, as small files tell it, on real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.edge.git.head import head_mark


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "repository" / "my vault"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "-q", "-b", "main")
    (folder / "a.md").write_text("a\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a")
    return folder


def test_it_changes_with_each_commit_and_branch(vault: Path) -> None:
    first = head_mark(vault)
    assert first == head_mark(vault) != ""
    git(vault, "commit", "-q", "--allow-empty", "-m", "b")
    second = head_mark(vault)
    git(vault, "switch", "-qc", "side")
    side = head_mark(vault)
    git(vault, "switch", "-q", "--detach")
    assert len({first, second, side, head_mark(vault)}) == 4
    git(vault, "switch", "-q", "main")
    assert head_mark(vault) == second


def test_packed_branches_are_read_as_well(vault: Path) -> None:
    before = head_mark(vault)
    git(vault, "pack-refs", "--all")
    assert head_mark(vault) == before
    git(vault, "commit", "-q", "--allow-empty", "-m", "b")
    assert head_mark(vault) != before


def test_a_linked_work_tree_has_its_own(vault: Path, tmp_path: Path) -> None:
    git(vault, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
    linked = tmp_path / "linked" / "my vault"
    before, there = head_mark(vault), head_mark(linked)
    git(linked, "commit", "-q", "--allow-empty", "-m", "b")
    assert head_mark(vault) == before
    assert head_mark(linked) != there


def test_without_a_repository_and_in_an_odd_one_there_is_none(tmp_path: Path) -> None:
    assert head_mark(tmp_path) == ""
    (tmp_path / ".git").write_bytes(b"gitdir: \xff")
    assert head_mark(tmp_path) == ""
