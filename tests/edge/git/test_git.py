"""What git's history tells of twins, on real repositories."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.edge.git.repository import Repository, Revision, repository

Git = Callable[..., str]
PAIRS = {"a": ("Notes/A.md", "artifacts/a.json"), "b": ("B.md", "artifacts/b.json")}


def write(folder: Path, **texts: str) -> None:
    """Notes and artifact files by short names: ``a_note``, ``a_file``, ``b_note``, ``b_file``."""
    for short, text in texts.items():
        artifact, side = short.split("_")
        path = folder / PAIRS[artifact][side == "file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commit(folder: Path, **texts: str) -> str:
    write(folder, **texts)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change", "--allow-empty")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def revisions(folder: Path, **pairs: tuple[str, str]) -> list[Revision]:
    found = repository(folder)
    assert found is not None
    return list(found.revisions(pairs or PAIRS))


def said(folder: Path, artifact: str, **pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ((found.note or b"-").decode(), (found.file or b"-").decode())
        for found in revisions(folder, **pairs)
        if found.artifact == artifact
    ]


def test_newest_first_and_each_content_once(vault: Path) -> None:
    commit(vault, a_note="1", a_file="1", b_note="b", b_file="b")
    commit(vault, a_note="2")
    commit(vault, a_file="2")
    last = commit(vault, a_note="1", a_file="1")
    assert said(vault, "a") == [("1", "1"), ("2", "2"), ("2", "1")]
    assert said(vault, "b") == [("b", "b")]
    assert revisions(vault)[0] == Revision("a", b"1", b"1", last)


def test_a_twin_that_was_not_there_is_none(vault: Path) -> None:
    commit(vault, a_file="1")
    commit(vault, a_note="1")
    assert said(vault, "a") == [("1", "1"), ("-", "1")]
    assert said(vault, "b") == []
    git(vault, "rm", "-q", "artifacts/a.json")
    commit(vault)
    assert said(vault, "a") == [("1", "-"), ("1", "1"), ("-", "1")]


def test_a_renamed_note_is_followed(vault: Path) -> None:
    long = "The note says quite a lot,\nso that git knows it again.\n"
    commit(vault, a_note=long, a_file="1")
    git(vault, "mv", "Notes/A.md", "Notes/Über uns.md")
    commit(vault, a_file="2")
    (vault / "Notes/Über uns.md").write_text(long + "And more.\n")
    commit(vault)
    found = said(vault, "a", a=("Notes/Über uns.md", "artifacts/a.json"))
    assert found == [(long + "And more.\n", "2"), (long, "2"), (long, "1")]


def test_two_notes_that_swapped_their_names(vault: Path) -> None:
    one, two = "one\n" * 20, "two\n" * 20
    commit(vault, a_note=one, a_file="1", b_note=two, b_file="1")
    (vault / "Notes/A.md").rename(vault / "x.md")
    (vault / "B.md").rename(vault / "Notes/A.md")
    (vault / "x.md").rename(vault / "B.md")
    commit(vault)
    assert said(vault, "a")[0] == (two, "1")
    assert said(vault, "b")[0] == (one, "1")


def test_both_branches_of_a_merge_are_seen(vault: Path) -> None:
    commit(vault, a_note="base", a_file="base", b_note="base", b_file="base")
    git(vault, "checkout", "-qb", "side")
    commit(vault, b_note="side", b_file="side")
    commit(vault, b_note="side 2")
    git(vault, "checkout", "-q", "main")
    commit(vault, a_note="main")
    git(vault, "merge", "-q", "--no-edit", "side")
    commit(vault, b_file="after")
    found = said(vault, "b")
    assert found[:2] == [("side 2", "after"), ("side 2", "side")]
    assert set(found[2:]) == {("side", "side"), ("base", "base")}
    assert said(vault, "a") == [("main", "base"), ("base", "base")]


def test_a_merge_that_changed_something_itself(vault: Path) -> None:
    commit(vault, a_note="base", a_file="base")
    git(vault, "checkout", "-qb", "side")
    commit(vault, a_note="side")
    git(vault, "checkout", "-q", "main")
    commit(vault, a_file="main")
    git(vault, "merge", "-q", "--no-commit", "side")
    commit(vault, a_note="both", a_file="both")
    commit(vault, a_note="later")
    found = said(vault, "a")
    assert found[:2] == [("later", "both"), ("both", "both")]
    assert set(found[2:]) == {("base", "main"), ("base", "base"), ("side", "base")}


def test_a_vault_in_a_folder_of_the_repository(vault: Path) -> None:
    inner = vault / "models" / "my vault"
    inner.mkdir(parents=True)
    commit(inner, a_note="1", a_file="1")
    (vault / "other.txt").write_text("x")
    commit(vault)
    found = repository(inner)
    assert found is not None
    assert found.top.resolve() == vault.resolve()
    assert said(inner, "a") == [("1", "1")]
    link = vault.parent / "link"
    link.symlink_to(inner)
    assert said(link, "a") == [("1", "1")]


def test_a_linked_work_tree(vault: Path) -> None:
    commit(vault, a_note="1", a_file="1")
    git(vault, "worktree", "add", "-q", "../tree", "-b", "other")
    tree = vault.parent / "tree"
    assert (tree / ".git").is_file()
    commit(tree, a_note="2")
    found = repository(tree)
    assert found is not None
    assert found.branch == "other"
    assert said(tree, "a") == [("2", "1"), ("1", "1")]
    assert said(vault, "a") == [("1", "1")]


def test_the_branch(vault: Path) -> None:
    name = commit(vault, a_note="1")
    found = repository(vault)
    assert isinstance(found, Repository)
    assert found.branch == "main"
    git(vault, "checkout", "-q", name)
    detached = repository(vault)
    assert detached is not None
    assert detached.branch == ""


def test_no_commit_yet(vault: Path) -> None:
    found = repository(vault)
    assert found is not None
    assert found.branch == "main"
    assert revisions(vault) == []


def test_a_note_named_in_nfd(vault: Path) -> None:
    git(vault, "config", "core.precomposeunicode", "false")
    (vault / unicodedata.normalize("NFD", "Café.md")).write_text("1")
    commit(vault, a_file="1")
    assert said(vault, "a", a=(unicodedata.normalize("NFC", "Café.md"), "artifacts/a.json")) == [("1", "1")]


def test_a_link_or_a_submodule_is_no_twin(vault: Path) -> None:
    (vault / "Notes").mkdir()
    (vault / "Notes/A.md").symlink_to("/etc/hosts")
    commit(vault, a_file="1")
    assert said(vault, "a") == [("-", "1")]


def test_only_the_last_two_hundred_commits(vault: Path) -> None:
    stream = ["reset refs/heads/main\n"]
    for number in range(230):
        stream.append(
            f"commit refs/heads/main\ncommitter A <a@example.org> {1_700_000_000 + number} +0000\ndata 1\nx\n"
        )
        for path in PAIRS["a"]:
            text = f"{number}\n"
            stream.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=vault, input="".join(stream), text=True, check=True)
    found = said(vault, "a")
    assert len(found) == 200
    assert found[0] == ("229\n", "229\n")
    assert found[-1] == ("30\n", "30\n")


def test_what_is_settled_is_not_read_on(vault: Path) -> None:
    for number in range(5):
        commit(vault, a_note=f"{number}", b_note=f"{number}")
    found = repository(vault)
    assert found is not None
    settled: set[str] = set()
    seen: list[str] = []
    for revision in found.revisions(PAIRS, settled):
        seen.append(revision.artifact)
        settled.add(revision.artifact)
    assert sorted(seen) == ["a", "b"]


def test_stopping_early_leaves_no_process(vault: Path) -> None:
    for number in range(5):
        commit(vault, a_note=f"{number}")
    found = repository(vault)
    assert found is not None
    history = found.revisions(PAIRS)
    assert next(history).note == b"4"
    close = history.close  # type: ignore[attr-defined]
    close()


def test_many_twins(vault: Path) -> None:
    pairs = {f"n{number}": (f"N{number}.md", f"artifacts/n{number}.json") for number in range(1000)}
    (vault / "artifacts").mkdir()
    for number, (note, file) in enumerate(pairs.values()):
        (vault / note).write_text(f"note {number}" * 200)
        (vault / file).write_text(f"file {number}" * 200)
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "all")
    found = revisions(vault, **pairs)
    assert len(found) == 1000
    assert all(revision.note == f"note {revision.artifact[1:]}".encode() * 200 for revision in found)


def test_no_repository(tmp_path: Path) -> None:
    remarks: list[str] = []
    assert repository(tmp_path, remarks.append) is None
    assert remarks == []


def test_a_bare_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", ".git")
    assert repository(tmp_path) is None


@pytest.mark.parametrize("damage", ["HEAD", "config", "objects", ".git"])
def test_a_damaged_repository_is_a_remark(vault: Path, damage: str) -> None:
    commit(vault, a_note="1", a_file="1")
    match damage:
        case "HEAD":
            (vault / ".git/HEAD").unlink()
        case "config":
            (vault / ".git/config").write_text("[core\nrepositoryformatversion = ")
        case "objects":
            for path in (vault / ".git/objects").rglob("*"):
                if path.is_file():
                    path.chmod(0o644)
                    path.write_bytes(b"")
        case _:
            (vault / ".git").rename(vault.parent / "gone")
            (vault / ".git").write_text("gitdir: /nowhere\n")
    remarks: list[str] = []
    found = repository(vault, remarks.append)
    if found is None:
        assert len(remarks) == 1
        assert remarks[0].endswith(".")
    else:
        assert list(found.revisions(PAIRS)) in ([], [Revision("a", b"1", b"1", git(vault, "rev-parse", "HEAD"))])


def test_without_git(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(vault, a_note="1")
    monkeypatch.setenv("PATH", str(vault))
    remarks: list[str] = []
    assert repository(vault, remarks.append) is None
    assert "install git" in remarks[0]


def test_nothing_that_the_settings_name_is_run(vault: Path) -> None:
    commit(vault, a_note="1", a_file="1")
    trap = vault.parent / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{vault.parent}/sprung'\ncat\n")
    trap.chmod(0o755)
    (vault / ".gitattributes").write_text("* diff=trap filter=trap\n")
    for key in ("core.pager", "core.fsmonitor", "diff.external", "diff.trap.textconv", "diff.trap.command"):
        git(vault, "config", key, str(trap))
    for key in ("gpg.program", "filter.trap.smudge", "core.sshCommand", "alias.log", "core.editor"):
        git(vault, "config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    git(vault, "config", "log.showSignature", "true")
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        (vault / ".git/hooks").mkdir(exist_ok=True)
        (vault / ".git/hooks" / hook).symlink_to(trap)
    assert said(vault, "a") == [("1", "1")]
    assert not (vault.parent / "sprung").exists()


def test_inside_a_hook_of_another_repository(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(vault, a_note="1", a_file="1")
    other = vault.parent / "other"
    other.mkdir()
    git(other, "init", "-q")
    for name, path in (("GIT_DIR", other / ".git"), ("GIT_WORK_TREE", other), ("GIT_INDEX_FILE", other / "index")):
        monkeypatch.setenv(name, str(path))
    found = repository(vault)
    assert found is not None
    assert next(iter(found.revisions(PAIRS))).note == b"1"


def test_a_path_that_looks_like_a_variable_is_taken_as_it_is(tmp_path: Path) -> None:
    top = tmp_path / "$HOME"
    top.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    found = repository(top)
    assert found is not None
    assert found.top == top.resolve()
