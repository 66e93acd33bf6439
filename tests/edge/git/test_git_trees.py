"""A whole vault as git has it, on real repositories: what is staged, and what a commit has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.edge import clock
from twinpage.edge.git.blobs import Blobs
from twinpage.edge.git.place import find_repository, index_of
from twinpage.edge.git.trees import Tree, at_revision, staged
from twinpage.errors import Usage

Git = Callable[..., str]


def put(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, newline="")


def commit(folder: Path, **environment: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change", "--allow-empty", **environment)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def said(tree: Tree) -> dict[str, str]:
    with Blobs(tree.vault) as blobs:
        contents = blobs.read(tree.files.values())
    return {path: contents[blob].decode() for path, blob in tree.files.items()}


def index(folder: Path) -> dict[str, str]:
    return said(staged(find_repository(folder)))


def revision(folder: Path, words: str = "HEAD") -> dict[str, str]:
    return said(at_revision(find_repository(folder), words))


def test_the_index_is_not_the_working_tree(vault: Path) -> None:
    put(vault, "Notes/A.md", "1")
    put(vault, "B.md", "1")
    commit(vault)
    put(vault, "Notes/A.md", "2")
    git(vault, "add", "Notes/A.md")
    put(vault, "Notes/A.md", "3")
    put(vault, "new.md", "never added")
    (vault / "B.md").unlink()
    assert index(vault) == {"Notes/A.md": "2", "B.md": "1"}
    git(vault, "rm", "-q", "B.md")
    assert index(vault) == {"Notes/A.md": "2"}
    assert revision(vault) == {"Notes/A.md": "1", "B.md": "1"}


def test_a_part_of_a_file_can_be_staged(vault: Path) -> None:
    put(vault, "A.md", "1")
    commit(vault)
    put(vault, "A.md", "1 and 2")
    name = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=vault, input=b"half", capture_output=True, check=True
    ).stdout.decode()
    git(vault, "update-index", "--cacheinfo", f"100644,{name.strip()},A.md")
    assert index(vault) == {"A.md": "half"}


def test_a_repository_without_commits(vault: Path) -> None:
    assert index(vault) == {}
    put(vault, "A.md", "1")
    git(vault, "add", "A.md")
    assert index(vault) == {"A.md": "1"}
    with pytest.raises(Usage, match="This repository has no commit yet"):
        revision(vault)


def test_what_a_tree_is_called_and_its_day(vault: Path) -> None:
    put(vault, "A.md", "1")
    when = "2024-02-29T23:30:00-0900"
    name = commit(vault, GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE="2020-01-01T00:00:00+0000")
    git(vault, "tag", "-a", "first", "-m", "one")
    for words in ("HEAD", "main", "first", name[:9], "HEAD^{commit}"):
        tree = at_revision(find_repository(vault), words)
        assert (tree.name, tree.label, tree.date) == (name, words, "2024-02-29")
    of_index = staged(find_repository(vault))
    assert (of_index.name, of_index.label, of_index.date) == ("", "the index", clock.today())


@pytest.mark.parametrize("words", ["nowhere", "", "--all", "-h", "main..other", "main:A.md", "a\0b", "x\ny", "0" * 40])
def test_no_such_revision(vault: Path, words: str) -> None:
    put(vault, "A.md", "1")
    commit(vault)
    with pytest.raises(Usage, match="There is no revision"):
        at_revision(find_repository(vault), words)


def test_what_changed_from_one_tree_to_another(vault: Path) -> None:
    put(vault, "A.md", "1")
    put(vault, "B.md", "1")
    commit(vault)
    put(vault, "A.md", "2")
    (vault / "B.md").rename(vault / "C.md")
    commit(vault)
    place = find_repository(vault)
    old, new = at_revision(place, "HEAD~1"), at_revision(place, "HEAD")
    told = [(change.path, change.old_path, change.old_blob, change.blob) for change in old.changed(new)]
    assert told == [
        ("A.md", "A.md", old.files["A.md"], new.files["A.md"]),
        ("B.md", "B.md", old.files["B.md"], ""),
        ("C.md", "C.md", "", new.files["C.md"]),
    ]
    assert new.changed(new) == []


class TestPlaces:
    def test_a_vault_in_a_folder_beside_another(self, vault: Path) -> None:
        put(vault, "README.md", "not of a vault")
        put(vault, "one/twinpage.toml", "")
        put(vault, "one/A.md", "one")
        put(vault, "two/twinpage.toml", "")
        put(vault, "two/A.md", "two")
        commit(vault)
        assert index(vault / "one") == revision(vault / "one") == {"twinpage.toml": "", "A.md": "one"}
        assert index(vault / "two") == {"twinpage.toml": "", "A.md": "two"}

    def test_a_vault_within_a_vault_is_another(self, vault: Path) -> None:
        put(vault, "twinpage.toml", "")
        put(vault, "inner/twinpage.toml", "")
        put(vault, "inner/deep/A.md", "inner")
        put(vault, "innermost.md", "outer")
        commit(vault)
        assert index(vault) == {"twinpage.toml": "", "innermost.md": "outer"}
        assert "inner/deep/A.md" not in revision(vault)

    def test_a_folder_that_a_commit_did_not_have(self, vault: Path) -> None:
        put(vault, "A.md", "1")
        commit(vault)
        put(vault, "inner/B.md", "1")
        commit(vault)
        assert revision(vault / "inner", "HEAD~1") == {}
        assert revision(vault / "inner", "HEAD") == {"B.md": "1"}

    def test_a_linked_work_tree_has_an_index_of_its_own(self, vault: Path, tmp_path: Path) -> None:
        put(vault, "A.md", "1")
        commit(vault)
        linked = tmp_path / "linked tree"
        git(vault, "worktree", "add", "-q", str(linked), "-b", "side")
        put(linked, "A.md", "2")
        git(linked, "add", "A.md")
        assert (linked / ".git").is_file()
        assert index(linked) == {"A.md": "2"}
        assert index(vault) == {"A.md": "1"}
        place = find_repository(linked)
        assert (place.top, place.branch) == (linked.resolve(), "side")

    def test_git_as_a_file(self, tmp_path: Path) -> None:
        folder = tmp_path / "work"
        folder.mkdir()
        git(folder, "init", "-q", "--separate-git-dir", str(tmp_path / "elsewhere"))
        put(folder, "A.md", "1")
        git(folder, "add", "A.md")
        assert index(folder) == {"A.md": "1"}

    def test_a_submodule_is_not_entered(self, vault: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        git(other, "init", "-q")
        put(other, "A.md", "other")
        commit(other)
        put(vault, "B.md", "1")
        git(vault, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "sub")
        commit(vault)
        assert set(index(vault)) == set(revision(vault)) == {".gitmodules", "B.md"}
        assert index(vault / "sub") == {"A.md": "other"}

    @pytest.mark.skipif(sys.platform == "win32", reason="names that the system refuses")
    def test_odd_names(self, tmp_path: Path) -> None:
        folder = tmp_path / "line\nfeed and blank"
        folder.mkdir()
        git(folder, "init", "-q")
        git(folder, "config", "core.quotePath", "true")
        names = ["tab\t.md", "line\nfeed.md", 'quote".md', "Größe.md", "-dash.md", "*.md", " blob 100644.md"]
        for name in names:
            put(folder, name, name)
        put(folder, unicodedata.normalize("NFD", "é/ü.md"), "nfd")
        commit(folder)
        expected = {name: name for name in names} | {"é/ü.md": "nfd"}
        assert index(folder) == revision(folder) == expected

    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(Usage, match="in no git repository"):
            find_repository(tmp_path)
        (tmp_path / ".git").mkdir()
        with pytest.raises(Usage, match="`git status`"):
            find_repository(tmp_path)

    def test_somebody_else_s_repository(self, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        with pytest.raises(Usage, match="does not let twinpage read"):
            find_repository(vault)


class TestEntries:
    def test_what_is_only_announced_is_not_staged(self, vault: Path) -> None:
        put(vault, "empty.md", "")
        put(vault, "line\nfeed.md", "")
        git(vault, "add", "-A")
        put(vault, "announced.md", "to come")
        put(vault, "later\n.md", "to come")
        git(vault, "add", "-N", ".")
        assert index(vault) == {"empty.md": "", "line\nfeed.md": ""}
        for number in range(60):
            put(vault, f"{number}.md", "")
        git(vault, "add", "-N", ".")
        assert index(vault) == {"empty.md": "", "line\nfeed.md": ""}

    def test_links_are_named_and_not_followed(self, vault: Path) -> None:
        put(vault, "A.md", "1")
        (vault / "B.md").symlink_to("A.md")
        (vault / "out").symlink_to("/etc")
        commit(vault)
        for tree in (staged(find_repository(vault)), at_revision(find_repository(vault), "HEAD")):
            assert set(tree.files) == {"A.md"}
            assert set(tree.links) == {"B.md", "out"}

    def test_both_forms_of_a_name(self, vault: Path) -> None:
        git(vault, "config", "core.precomposeUnicode", "false")
        composed, apart = "é.md", unicodedata.normalize("NFD", "é.md")
        name = git(vault, "hash-object", "-w", "-t", "blob", os.devnull)
        for path in (apart, composed):
            git(vault, "update-index", "--add", "--cacheinfo", f"100644,{name},{path}")
        tree = staged(find_repository(vault))
        assert set(tree.files) == {composed}
        assert tree.doubles == (apart,)

    @pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
    def test_names_that_are_no_text(self, vault: Path) -> None:
        (vault / os.fsdecode(b"\xff.md")).write_text("1")
        put(vault, "A.md", "1")
        commit(vault)
        for tree in (staged(find_repository(vault)), at_revision(find_repository(vault), "HEAD")):
            assert set(tree.files) == {"A.md"}
            assert tree.unnamed == ("\\xff.md",)

    def test_a_merge_that_is_not_ended(self, vault: Path) -> None:
        for name in ("both", "gone", "same"):
            put(vault, f"{name}.md", "base")
        commit(vault)
        git(vault, "checkout", "-qb", "side")
        put(vault, "both.md", "theirs")
        put(vault, "gone.md", "theirs")
        commit(vault)
        git(vault, "checkout", "-q", "main")
        put(vault, "both.md", "ours")
        (vault / "gone.md").unlink()
        commit(vault)
        git(vault, "merge", "-q", "side", fails=True)
        tree = staged(find_repository(vault))
        assert said(tree) == {"both.md": "ours", "gone.md": "theirs", "same.md": "base"}
        with Blobs(vault) as blobs:
            both = blobs.read(tree.unmerged["both.md"])
        assert [both[name] for name in tree.unmerged["both.md"]] == [b"base", b"ours", b"theirs"]
        assert tree.unmerged["gone.md"][1] == ""
        assert set(tree.unmerged) == {"both.md", "gone.md"}

    def test_what_a_sparse_checkout_left_out_is_still_staged(self, vault: Path) -> None:
        put(vault, "in/A.md", "1")
        put(vault, "out/B.md", "1")
        commit(vault)
        git(vault, "sparse-checkout", "set", "--cone", "--sparse-index", "in")
        assert not (vault / "out").exists()
        assert index(vault) == {"in/A.md": "1", "out/B.md": "1"}


HOOK = """#!/bin/sh
exec "{python}" -c '
import json, sys
from pathlib import Path
sys.path.insert(0, "{package}")
from twinpage.edge.git.place import find_repository
from twinpage.edge.git.trees import staged
tree = staged(find_repository(Path("{vault}")))
Path("{out}").write_text(json.dumps(tree.files))
'
"""


class TestHooks:
    """A commit under way may be made from another index than the repository's own."""

    @pytest.fixture
    def seen(self, vault: Path, tmp_path: Path) -> Callable[[Path], dict[str, str]]:
        put(vault, "sub/A.md", "1")
        put(vault, "B.md", "1")
        commit(vault)
        package = Path(__file__).resolve().parents[3] / "sync"
        self.install(vault / ".git", vault, package, tmp_path / "seen")

        def read(folder: Path) -> dict[str, str]:
            tree = Tree(folder, "", "", "", json.loads((tmp_path / "seen").read_text()))
            (tmp_path / "seen").unlink()
            return said(tree)

        return read

    @staticmethod
    def install(git_dir: Path, vault: Path, package: Path, out: Path) -> None:
        hook = git_dir / "hooks/pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK.format(python=sys.executable, package=package, vault=vault, out=out))
        hook.chmod(0o755)

    def test_commit_all(self, vault: Path, seen: Callable[[Path], dict[str, str]]) -> None:
        put(vault, "sub/A.md", "2")
        (vault / "B.md").unlink()
        git(vault / "sub", "commit", "-qam", "all")
        assert seen(vault) == revision(vault) == {"sub/A.md": "2"}

    def test_commit_a_path(self, vault: Path, seen: Callable[[Path], dict[str, str]]) -> None:
        put(vault, "sub/A.md", "2")
        put(vault, "B.md", "2")
        put(vault, "C.md", "2")
        git(vault, "add", "B.md", "C.md")
        git(vault / "sub", "commit", "-qm", "one", "A.md")
        assert seen(vault) == revision(vault) == {"sub/A.md": "2", "B.md": "1"}
        assert index(vault) == {"sub/A.md": "2", "B.md": "2", "C.md": "2"}

    def test_a_plain_commit(self, vault: Path, seen: Callable[[Path], dict[str, str]]) -> None:
        put(vault, "sub/A.md", "2")
        git(vault, "add", "-A")
        put(vault, "sub/A.md", "3")
        git(vault, "commit", "-qm", "one")
        assert seen(vault) == revision(vault) == {"sub/A.md": "2", "B.md": "1"}

    def test_in_a_linked_work_tree(self, vault: Path, seen: Callable[[Path], dict[str, str]], tmp_path: Path) -> None:
        linked = tmp_path / "linked"
        git(vault, "worktree", "add", "-q", str(linked), "-b", "side")
        package = Path(__file__).resolve().parents[3] / "sync"
        self.install(vault / ".git", linked, package, tmp_path / "seen")
        put(linked, "sub/A.md", "2")
        put(linked, "B.md", "2")
        git(linked, "commit", "-qm", "one", "B.md")
        assert seen(linked) == revision(linked) == {"sub/A.md": "1", "B.md": "2"}
        git(linked, "commit", "-qam", "rest")
        assert seen(linked) == revision(linked) == {"sub/A.md": "2", "B.md": "2"}

    def test_an_index_of_somebodys_own(
        self, vault: Path, seen: Callable[[Path], dict[str, str]], tmp_path: Path
    ) -> None:
        own = str(tmp_path / "own index")
        git(vault, "read-tree", "HEAD", GIT_INDEX_FILE=own)
        put(vault, "B.md", "2")
        git(vault, "add", "B.md", GIT_INDEX_FILE=own)
        git(vault, "commit", "-qm", "own", GIT_INDEX_FILE=own)
        assert seen(vault) == revision(vault) == {"sub/A.md": "1", "B.md": "2"}

    def test_the_hook_of_another_repository_is_not_about_this_vault(
        self, vault: Path, seen: Callable[[Path], dict[str, str]], tmp_path: Path
    ) -> None:
        outer = tmp_path
        git(outer, "init", "-q")
        put(outer, "note.md", "1")
        git(outer, "add", "note.md")
        git(outer, "commit", "-qm", "one")
        package = Path(__file__).resolve().parents[3] / "sync"
        self.install(outer / ".git", vault, package, tmp_path / "seen")
        put(outer, "note.md", "2")
        for words in (("-qm", "one", "note.md"), ("-qam", "all", "--allow-empty"), ("-qm", "none", "--allow-empty")):
            git(outer, "commit", *words)
            assert seen(vault) == {"sub/A.md": "1", "B.md": "1"}

    def test_an_index_that_is_not_there(self, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        place = find_repository(vault)
        for named in ("", "nowhere", "a\0b"[:1], str(vault)):
            monkeypatch.setenv("GIT_INDEX_FILE", named)
            assert index_of(place) is None


def test_without_room_for_temporary_files(vault, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    put(vault, "Notes/A.md", "1")
    git(vault, "add", "-A")
    git(vault, "commit", "-qm", "x")
    there = revision(vault)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    assert revision(vault) == there == {"Notes/A.md": "1"}
