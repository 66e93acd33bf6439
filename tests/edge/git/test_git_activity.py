"""What git is in the middle of, and what its index has, on real repositories."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.edge.git import activity as git_activity
from twinpage.edge.git.activity import GitActivity

UNDER_WAY = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"]


@pytest.fixture(autouse=True)
def _nobodys_hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PREK_HOME", str(tmp_path / "prek"))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """In a folder of a repository."""
    folder = tmp_path / "repository" / "my vault"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "-q")
    put(folder, "a.md", b"a\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    return folder


def put(folder: Path, path: str, data: bytes) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


# ---------------------------------------------------------------------- busy


def test_a_folder_without_git_is_at_rest(tmp_path: Path) -> None:
    activity = GitActivity(tmp_path)
    assert activity.busy() == ""
    assert activity.same_as_index(["a.md"]) == set()
    assert not activity.took_away("a.md")


def test_a_repository_may_come_later(tmp_path: Path) -> None:
    activity = GitActivity(tmp_path)
    assert activity.busy() == ""
    git(tmp_path, "init", "-q")
    (tmp_path / ".git" / "MERGE_HEAD").touch()
    assert activity.busy().startswith("git is in the middle of a merge (`git merge --continue`")


@pytest.mark.parametrize("name", UNDER_WAY)
def test_what_git_is_in_the_middle_of(vault: Path, name: str) -> None:
    activity = GitActivity(vault)
    assert activity.busy() == ""
    (vault.parent / ".git" / name).mkdir()
    assert "in the middle of" in activity.busy()
    (vault.parent / ".git" / name).rmdir()
    assert activity.busy() == ""


def test_a_linked_work_tree_has_work_of_its_own(vault: Path, tmp_path: Path) -> None:
    git(vault, "worktree", "add", "-q", str(tmp_path / "linked"))
    here, there = GitActivity(vault), GitActivity(tmp_path / "linked" / "my vault")
    (vault.parent / ".git" / "worktrees" / "linked" / "MERGE_HEAD").touch()
    assert here.busy() == ""
    assert "a merge" in there.busy()


@pytest.mark.parametrize(("age", "busy"), [(0, True), (50, True), (61, False), (-3600, False)])
def test_only_a_young_lock_is_waited_for(vault: Path, age: int, busy: bool) -> None:
    """One that a dead git left, or that comes from a clock that was wrong, keeps nobody for ever."""
    lock = vault.parent / ".git" / "index.lock"
    lock.touch()
    then = time.time() - age
    os.utime(lock, (then, then))
    assert bool(GitActivity(vault).busy()) is busy


@pytest.fixture
def elsewhere(vault: Path, tmp_path: Path) -> Iterator[dict[str, int]]:
    """Numbers of processes: one that stands in the repository, one that stands elsewhere, one that is dead."""
    wait = [sys.executable, "-c", "input()"]
    with (
        subprocess.Popen(wait, cwd=vault, stdin=subprocess.PIPE) as here,
        subprocess.Popen(wait, cwd=tmp_path, stdin=subprocess.PIPE) as other,
        subprocess.Popen([sys.executable, "-c", ""]) as dead,
    ):
        dead.wait()
        yield {"here": here.pid, "other": other.pid, "dead": dead.pid}
        here.kill()
        other.kill()


@pytest.mark.parametrize(("who", "age", "busy"), [
    ("here", 0, True),
    ("other", 0, not os.path.isdir("/proc/self")),
    ("dead", 0, False),
    ("here", 1800, not os.path.isdir("/proc/self")),  # of a process that had this number before
    ("here", 7200, False),
])  # fmt: skip
@pytest.mark.parametrize("place", ["pre-commit/patch{now}-{pid}", "prek/patches/{now}-{pid}.patch"])
def test_patches_of_living_processes_in_this_repository(
    vault: Path, tmp_path: Path, elsewhere: dict[str, int], who: str, age: int, busy: bool, place: str
) -> None:
    then = int(time.time()) - age
    patch = tmp_path / place.format(now=then, pid=elsewhere[who])
    patch.parent.mkdir(parents=True)
    patch.write_text("diff")
    if age:
        os.utime(patch, (then, then))
    assert bool(GitActivity(vault).busy()) is busy


@pytest.mark.parametrize(
    "name", ["patch", "patch1", "patch1-", "patch1-2.txt", "db.db", "repoabc", "patch1-99999999999"]
)
def test_other_files_of_pre_commit(vault: Path, tmp_path: Path, name: str) -> None:
    put(tmp_path / "pre-commit", name, b"")
    assert GitActivity(vault).busy() == ""


# ---------------------------------------------------------------------- the index


def test_what_the_index_has(vault: Path) -> None:
    put(vault, "b.md", b"staged\n")
    put(vault, "c.md", b"not staged\n")
    git(vault, "add", "b.md")
    activity = GitActivity(vault)
    assert activity.same_as_index(["a.md", "b.md", "c.md", "gone.md"]) == {"a.md", "b.md"}
    put(vault, "b.md", b"staged, and typed in\n")
    assert activity.same_as_index(["a.md", "b.md"]) == {"a.md"}
    git(vault, "add", "b.md")
    assert activity.same_as_index(["a.md", "b.md"]) == {"a.md", "b.md"}
    git(vault, "rm", "-q", "--cached", "b.md")
    assert activity.same_as_index(["a.md", "b.md"]) == {"a.md"}
    (vault / "a.md").unlink()
    assert activity.same_as_index(["a.md"]) == set()


NAMES = ["Über uns.md", "日本.md", "a b/c (d).md", "[x]*.md", 'say "hi".md', ":(top)a.md"]


@pytest.mark.parametrize("whole", [False, True])
def test_names_of_all_kinds(vault: Path, whole: bool) -> None:
    for name in NAMES:
        put(vault, name, name.encode())
    git(vault, "add", "-A")
    activity = GitActivity(vault)
    if whole:
        activity.read_index()
    assert [activity.same_as_index([name]) for name in NAMES] == [{name} for name in NAMES]
    assert activity.same_as_index(NAMES) == set(NAMES)
    for name in NAMES:
        put(vault, name, b"other")
    assert activity.same_as_index(NAMES) == set()


def test_line_ends_that_git_turns_around(vault: Path) -> None:
    git(vault, "config", "core.autocrlf", "true")
    put(vault, "b.md", b"one\r\ntwo\r\n")
    git(vault, "add", "b.md")
    activity = GitActivity(vault)
    assert activity.same_as_index(["b.md"]) == {"b.md"}
    put(vault, "b.md", b"one\ntwo\n")
    assert activity.same_as_index(["b.md"]) == {"b.md"}
    put(vault, "b.md", b"one\r\ntwo!\r\n")
    assert activity.same_as_index(["b.md"]) == set()


def test_line_ends_that_git_leaves_alone(vault: Path) -> None:
    put(vault, "b.md", b"one\r\ntwo\r\n")
    git(vault, "add", "b.md")
    assert GitActivity(vault).same_as_index(["b.md"]) == {"b.md"}


@pytest.mark.parametrize("number", [1, 39, 40, 41, 300])
def test_many_paths_at_once_and_one_by_one(vault: Path, number: int) -> None:
    paths = [f"notes/{n}.md" for n in range(number)]
    for path in paths:
        put(vault, path, path.encode())
    git(vault, "add", "-A")
    odd = paths[::2]
    for path in odd:
        put(vault, path, b"typed in")
    same = set(paths) - set(odd)
    assert GitActivity(vault).same_as_index(paths) == same
    activity = GitActivity(vault)
    assert {path for path in paths[:60] if activity.same_as_index([path])} == same & set(paths[:60])


def test_a_repository_that_counts_by_sha256(tmp_path: Path) -> None:
    try:
        git(tmp_path, "init", "-q", "--object-format=sha256")
    except subprocess.CalledProcessError:
        pytest.skip("this git knows sha1 only")
    put(tmp_path, "a.md", b"a\n")
    git(tmp_path, "add", "a.md")
    activity = GitActivity(tmp_path)
    assert activity.same_as_index(["a.md"]) == {"a.md"}
    put(tmp_path, "a.md", b"b\n")
    assert activity.same_as_index(["a.md"]) == set()


def test_git_is_asked_once_for_an_index_that_stays(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    run = git_activity.run
    monkeypatch.setattr(git_activity, "run", lambda *words: asked.append(words) or run(*words))
    activity = GitActivity(vault)
    activity.read_index()
    for _ in range(3):
        assert activity.same_as_index(["a.md", "new.md", "Über.md"]) == {"a.md"}
    assert len(asked) == 1


def test_unmerged_paths_and_links_are_not_as_in_the_index(vault: Path) -> None:
    git(vault, "checkout", "-qb", "side")
    put(vault, "a.md", b"side\n")
    git(vault, "commit", "-qam", "side")
    git(vault, "checkout", "-q", "-")
    put(vault, "a.md", b"main\n")
    git(vault, "commit", "-qam", "main")
    os.symlink("a.md", vault / "link.md")
    git(vault, "add", "link.md")
    git(vault, "commit", "-qm", "link")
    git(vault, "merge", "side", fails=True)
    for side in (b"side\n", b"main\n"):
        put(vault, "a.md", side)
        assert GitActivity(vault).same_as_index(["a.md", "link.md"]) == set()


# ---------------------------------------------------------------------- what git took


def test_what_a_checkout_took_and_what_a_person_took(vault: Path) -> None:
    activity = GitActivity(vault)
    (vault / "a.md").unlink()
    assert not activity.took_away("a.md")
    git(vault, "rm", "-q", "a.md")
    assert not activity.took_away("a.md")
    git(vault, "reset", "-q", "--hard")
    git(vault, "checkout", "-q", "--orphan", "other")
    git(vault, "rm", "-qrf", ".")
    put(vault, "b.md", b"b")
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "other")
    assert activity.took_away("a.md")
    assert not activity.took_away("never.md")


def test_who_removes_and_commits_within_seconds_took_it_themselves(vault: Path) -> None:
    activity = GitActivity(vault)
    git(vault, "branch", "before")
    (vault / "a.md").unlink()
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "gone")
    assert not activity.took_away("a.md")
    put(vault, "b.md", b"b")
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "something else")
    assert not activity.took_away("a.md")
    git(vault, "checkout", "-q", "before")
    git(vault, "checkout", "-q", "-")
    log = vault.parent / ".git/logs/HEAD"
    log.write_text(re.sub(r"> \d+ ", "> 1700000000 ", log.read_text()))  # as if all that had been long ago
    assert activity.took_away("a.md")


def test_a_stash_takes_what_is_not_in_git_yet(vault: Path) -> None:
    activity = GitActivity(vault)
    put(vault, "Über [b].md", b"b")
    git(vault, "stash", "-qu")
    assert activity.took_away("Über [b].md")
    git(vault, "stash", "pop", "-q")
    (vault / "Über [b].md").unlink()
    assert not activity.took_away("Über [b].md")


def test_a_repository_without_a_commit_took_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert not GitActivity(tmp_path).took_away("a.md")
