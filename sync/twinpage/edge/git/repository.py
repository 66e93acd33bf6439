"""git's history of a vault: where it is, and what both twins of an artifact said in its last commits.

GitPython finds the repository; git's plumbing reads, since thousands of blobs through GitPython take ten times as long.
Nothing here writes, and nothing that a repository's settings name is run: no hook, pager, filter, signature or network.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from twinpage.edge.git.blobs import Blobs
from twinpage.edge.git.log import Change, Commit, commits
from twinpage.edge.git.loose import objects_of
from twinpage.edge.git.run import run, vault_path

COMMITS = 200
_BATCH = 128
"""Pairs that are read at once."""


class Revision(NamedTuple):
    """Both twins of an artifact as one commit has them. None: absent there, no plain file, or too large to read."""

    artifact: str
    note: bytes | None
    file: bytes | None
    commit: str


class Repository(Struct, frozen=True):
    """The work tree that a vault lies in, at its top or in a folder of it."""

    vault: Path
    top: Path
    git_dir: Path
    """Of a linked work tree it is not ``.git`` in the top, which is a file there."""
    branch: str
    """Empty when HEAD names a commit."""

    @property
    def objects(self) -> Path:
        """Where what git keeps lies."""
        return objects_of(self.git_dir)

    def revisions(
        self, pairs: Mapping[str, tuple[str, str]], settled: Container[str] = frozenset()
    ) -> Iterator[Revision]:
        """What the twins said, newest commit first: artifact id -> (vault path of its note, of its artifact file).

        Each artifact comes with what the last commit has, then with every commit among the last 200 of the vault in
        which one of its twins was another; renames are followed. The same two contents come once. Artifacts that are
        in ``settled`` by then are left out; when all are, nothing more is read. A history that git cannot tell is
        empty.
        """
        if not pairs:
            return
        with Blobs(self.vault, self.objects) as blobs:
            seen: dict[str, set[tuple[str, str]]] = {}
            for commit, touched in _history(self.vault, pairs):
                batch: list[tuple[str, str, str]] = []
                for artifact, twin in touched:
                    content = (twin.note, twin.file)
                    if artifact not in settled and any(content) and content not in seen.setdefault(artifact, set()):
                        seen[artifact].add(content)
                        batch.append((artifact, *content))
                for start in range(0, len(batch), _BATCH):
                    yield from _read(blobs, batch[start : start + _BATCH], commit)
                if all(artifact in settled for artifact in pairs):
                    return


def repository(vault: Path, remark: Callable[[str], None] = lambda sentence: None) -> Repository | None:
    """The repository around a vault; None when there is none that can be read, with a remark when that is odd."""
    from shutil import which

    vault = vault.resolve()
    if not any(os.path.exists(folder / ".git") for folder in (vault, *vault.parents)):
        return None
    if which("git") is None:
        remark("git is not installed, so the history of this vault cannot be looked at; install git to use it.")
        return None
    # Without git GitPython refuses to be imported, unless it is told to keep quiet.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    from configparser import Error as SettingsError

    from git import GitError, Repo

    try:
        with Repo(vault, search_parent_directories=True, expand_vars=False) as repo:
            if repo.bare or repo.working_tree_dir is None:
                return None
            top, git_dir = Path(repo.working_tree_dir), Path(repo.git_dir)
            branch = "" if repo.head.is_detached else repo.head.reference.name
    except (GitError, SettingsError, OSError, ValueError, TypeError):
        remark("The git repository around this vault is damaged, so its history is not used; `git fsck` tells more.")
        return None
    said = run(vault, "rev-parse", "--is-inside-work-tree")
    if said is None or said.strip() != b"true":
        remark(
            "git does not let twinpage read this repository, so its history is not used; run `git status` to see why."
        )
        return None
    return Repository(vault, top, git_dir, branch)


def _read(blobs: Blobs, batch: list[tuple[str, str, str]], commit: str) -> Iterator[Revision]:
    contents = blobs.read([name for _, *names in batch for name in names if name])
    for artifact, note, file in batch:
        yield Revision(artifact, contents.get(note), contents.get(file), commit)


class _Twin(Struct):
    """Where both twins are in one commit, and the names of their blobs; empty when they are not there."""

    note_path: str
    file_path: str
    note: str = ""
    file: str = ""


_Paths = Mapping[str, tuple[str, str]]


class _State:
    """All twins as one commit has them."""

    def __init__(self, twins: dict[str, _Twin]) -> None:
        self.twins = twins
        self.at: dict[str, set[str]] = {}
        for artifact, twin in twins.items():
            for path in (twin.note_path, twin.file_path):
                self.at.setdefault(path, set()).add(artifact)

    def touched(self, commit: Commit) -> list[tuple[str, _Twin]]:
        found = {artifact for change in commit.changes for artifact in self.at.get(change.path, ())}
        return [(artifact, self.twins[artifact]) for artifact in sorted(found)]

    def take_back(self, changes: Iterable[Change]) -> None:
        """Become the state before these changes."""
        moves = [(change, artifact) for change in changes for artifact in self.at.get(change.path, ())]
        # First all leave their paths, then all come to the old ones: a commit can swap two names.
        for change, artifact in moves:
            if change.path != change.old_path:
                self.at[change.path].discard(artifact)
        for change, artifact in moves:
            twin = self.twins[artifact]
            if twin.note_path == change.path:
                twin.note_path, twin.note = change.old_path, change.old_blob
            else:
                twin.file_path, twin.file = change.old_path, change.old_blob
            self.at.setdefault(change.old_path, set()).add(artifact)


def _history(vault: Path, pairs: _Paths) -> Iterator[tuple[str, list[tuple[str, _Twin]]]]:
    """Each commit with the artifacts that it touched, as it has them; the newest with all.

    The state of a commit's first parent is its own with the commit's changes taken back. Only the tree of the newest
    commit and of each branch that was merged is read, not two hundred trees.
    """
    states: dict[str, _State] = {}
    paths: dict[str, _Paths] = {}
    newest = True
    for commit in commits(vault, COMMITS):
        state = states.pop(commit.name, None) or _in_tree(vault, commit.name, paths.pop(commit.name, pairs))
        yield commit.name, list(state.twins.items()) if newest else state.touched(commit)
        newest = False
        for parent in commit.parents[1:]:
            paths[parent] = {name: (twin.note_path, twin.file_path) for name, twin in state.twins.items()}
        if commit.parents and commit.parents[0] not in states:
            state.take_back(commit.changes)
            states[commit.parents[0]] = state


def _in_tree(vault: Path, commit: str, paths: _Paths) -> _State:
    blobs: dict[str, str] = {}
    for entry in (run(vault, "ls-tree", "-r", "-z", commit) or b"").split(b"\0"):
        facts, _, path = entry.partition(b"\t")
        if facts.startswith(b"100"):
            blobs[vault_path(path)] = facts.rpartition(b" ")[2].decode("ascii")
    return _State({name: _Twin(*pair, *(blobs.get(path, "") for path in pair)) for name, pair in paths.items()})
