"""How one artifact changed over commits, by following its file and its id backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from twinpage.core.model_diff.models import Sides, compare_models
from twinpage.core.model_diff.renamed import pair_renamed
from twinpage.edge.git.disk import Contents
from twinpage.edge.git.log import Change, Commit, commits
from twinpage.edge.git.repository import Repository
from twinpage.edge.git.run import run
from twinpage.edge.git.trees import Tree
from twinpage.edge.walk import ARTIFACTS
from twinpage.model.difference import ArtifactDiff, Told, Unread
from twinpage.model.kind import Value
from twinpage.workspace.revisions.model_compared import Comparing

_ALL = 1_000_000_000
_MOST_GONE = 500
"""Of a commit that removed more files, git alone says what was renamed."""
_FACTS = 4


@dataclass
class History:
    """A walk through the commits of a vault, newest first."""

    repository: Repository
    head: Tree
    contents: Contents
    paths: set[str] = field(default_factory=set)
    """Where the artifact's file is, or was."""

    def __post_init__(self) -> None:
        self._comparing = Comparing(self.repository, self.head, self.head, self.contents)

    def of(self, artifact: str, number: int | None) -> tuple[Told, ...]:
        """What each commit changed in it."""
        self.paths = {f"{ARTIFACTS}/{artifact}.json"}
        found: list[Told] = []
        for commit in commits(self.repository.vault, _ALL):
            for change in [one for one in commit.changes if self.paths & {one.path, one.old_path}]:
                told = self._told(commit, change)
                if told is not None:
                    found.append(told)
            if number is not None and len(found) >= number:
                break
        return tuple(_with_facts(self.repository, found[:number]))

    def _told(self, commit: Commit, change: Change) -> Told | None:
        if not change.old_blob:
            change = self._renamed_from(commit, change)
        old_path = change.old_path
        if change.blob and old_path not in self.paths:
            self.paths.add(old_path)
        if len(commit.parents) > 1 and self._is_of_another_parent(commit, change):
            return None
        sides: list[dict[str, Value]] = []
        self._comparing.unread.clear()
        for path, blob in ((old_path, change.old_blob), (change.path, change.blob)):
            value = self._comparing.value(path, blob, self.head, self._comparing.read([blob]))
            sides.append({path: value} if value is not None else {})
        unread = tuple(Unread(one.path, commit.name, one.line, one.message) for one in self._comparing.unread)
        model = compare_models(Sides(*sides), self._comparing.registry.kind, self._comparing.find)
        made: ArtifactDiff | None = next(iter(model.artifacts), None)
        if made is None and not unread:
            return None
        return Told(commit.name, "", "", "", None if unread else made, unread)

    def _renamed_from(self, commit: Commit, change: Change) -> Change:
        """The file from which a new one came, where git did not see it because too much of it changed."""
        gone = [one for one in commit.changes if not one.blob and _is_artifact(one.path)]
        if not change.blob or not 0 < len(gone) <= _MOST_GONE:
            return change
        contents = self._comparing.read([change.blob, *(one.old_blob for one in gone)])
        values: dict[str, Value] = {}
        for path, blob in ((change.path, change.blob), *((one.path, one.old_blob) for one in gone)):
            value = self._comparing.value(path, blob, self.head, contents)
            if value is not None:
                values[path] = value
        come = {path: value for path, value in values.items() if path == change.path}
        left = {path: value for path, value in values.items() if path != change.path}
        pairs = pair_renamed(left, come, self._comparing.registry.kind)
        old = next(iter(pairs), "")
        blobs = {one.path: one.old_blob for one in gone}
        return Change(old, change.path, blobs[old], change.blob) if old else change

    def _is_of_another_parent(self, commit: Commit, change: Change) -> bool:
        """A merge took the file over as another parent had it: the commits of that branch tell it."""
        for number in range(2, len(commit.parents) + 1):
            said = run(
                self.repository.vault, "rev-parse", "--verify", "--quiet", f"{commit.name}^{number}:./{change.path}"
            )
            blob = said.strip().decode("ascii") if said else ""
            if blob == change.blob:
                return True
        return False


def is_shallow(repository: Repository) -> bool:
    """Older commits were never fetched."""
    return run(repository.vault, "rev-parse", "--is-shallow-repository") == b"true\n"


def _is_artifact(path: str) -> bool:
    return path.startswith(f"{ARTIFACTS}/") and path.endswith(".json")


def _with_facts(repository: Repository, found: list[Told]) -> Iterator[Told]:
    """Who, when and why."""
    facts: dict[str, list[str]] = {}
    names = list(dict.fromkeys(one.commit for one in found))
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        said = run(
            repository.vault,
            "log",
            "--no-walk=unsorted",
            "-z",
            "--date=short",
            "--format=%H%x01%ad%x01%aN%x01%s",
            *some,
        )
        for line in (said or b"").decode("utf-8", "replace").split("\0"):
            parts = line.split("\x01", _FACTS - 1)
            if len(parts) == _FACTS:
                facts[parts[0]] = parts
    for one in found:
        _, date, author, subject = facts.get(one.commit, ["", "", "", ""])
        yield Told(one.commit, date, author, subject, one.artifact, one.unread)
