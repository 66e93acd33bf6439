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

    _left: dict[str, str] = field(default_factory=dict)
    """Blobs of files as they were when they left their paths, of commits gone through so far."""

    def __post_init__(self) -> None:
        self._comparing = Comparing(self.repository, self.head, self.head, self.contents)

    def of(self, artifact: str, number: int | None) -> tuple[Told, ...]:
        """What each commit changed in it."""
        self.paths = {f"{ARTIFACTS}/{artifact}.json"}
        found: list[Told] = []
        for commit in commits(self.repository.vault, _ALL):
            self._left |= {one.old_path: one.old_blob for one in commit.changes if _went(one)}
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
        whole = self._with_what_moved(commit, sides) if all(sides) else Sides(*sides)
        model = compare_models(whole, self._comparing.registry.kind, self._find)
        ours = (one for one in model.artifacts if one.path in sides[1] or one.old_path in sides[0])
        made: ArtifactDiff | None = next(ours, None)
        if made is None and not unread:
            return None
        return Told(commit.name, "", "", "", None if unread else made, unread)

    def _with_what_moved(self, commit: Commit, sides: list[dict[str, Value]]) -> Sides:
        """Both sides with the artifacts that the commit moved: references may only follow these."""
        gone = {one.old_path: one.old_blob for one in commit.changes if _went(one)}
        come = {
            one.path: one.blob for one in commit.changes if one.blob and (one.old_path != one.path or not one.old_blob)
        }
        if not 0 < len(gone) <= _MOST_GONE or len(come) > _MOST_GONE:
            return Sides(*sides)
        found = self._comparing.read([*gone.values(), *come.values()])
        old, new = (
            {path: found.get(blob) for path, blob in side.items() if _is_artifact(path)} for side in (gone, come)
        )
        return Sides(
            {path: value for path, value in old.items() if value is not None} | sides[0],
            {path: value for path, value in new.items() if value is not None} | sides[1],
        )

    def _find(self, artifact: str) -> Value | None:
        """An artifact by its id, as it is today or as it was when it left."""
        found = self._comparing.find(artifact)
        blob = self._left.get(f"{ARTIFACTS}/{artifact}.json") if found is None else None
        return self._comparing.read([blob]).get(blob) if blob else found

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


def _went(change: Change) -> bool:
    return bool(change.old_blob) and (change.old_path != change.path or not change.blob)


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
