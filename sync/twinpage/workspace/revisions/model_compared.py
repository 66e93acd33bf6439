"""The models of two trees, compared: only what differs is read, and the names of what it refers to."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.json_text import read_value
from twinpage.core.model_diff.models import Sides, compare_models, id_of, referred, together
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.edge.git.disk import Contents
from twinpage.edge.git.log import Change
from twinpage.edge.git.repository import Repository
from twinpage.edge.git.trees import Tree
from twinpage.edge.processes import can_fork, halves
from twinpage.edge.walk import ARTIFACTS
from twinpage.model.difference import ModelDiff, Unread
from twinpage.model.kind import Value
from twinpage.model.regex import regex

_ID = regex(rb'^[ \t]*(?:- )?artifact-id::?[ \t]*"?([^"\r\n]+?)"?[ \t]*$', re.MULTILINE)
_HEAD = 4096
"""Bytes of a note in which its properties are looked for."""


PAYS_TWICE = 300
"""From so many changed artifact files on, a second process compares half of them."""


class _Part(Struct, frozen=True):
    """Some of the artifact files, compared."""

    made: ModelDiff
    ids: set[str]
    unread: tuple[Unread, ...]


@dataclass
class Comparing:
    """A comparison under way."""

    repository: Repository
    old: Tree
    new: Tree
    contents: Contents
    registry: Registry = field(init=False)
    unread: list[Unread] = field(default_factory=list)
    one_sided: set[str] = field(default_factory=set)
    """Artifacts of which only the note, or only the file, differs."""
    _known: dict[str, Value | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        team = {}
        if (self.repository.vault / "schemas").is_dir():
            from twinpage.workspace.settings import team_schemas  # it brings all of the settings along

            team = team_schemas(self.repository.vault)
        self.registry = shipped.kinds().with_team(team)

    def model(self) -> ModelDiff:
        """What differs."""
        changes = self.old.changed(self.new)
        changed = [one for one in changes if one.path.startswith(f"{ARTIFACTS}/") and one.path.endswith(".json")]
        parts, noted = self._halves(changed, changes) or ((self._part(changed),), self._noted(changes))
        unread = [one for part in parts for one in part.unread]
        self.unread.clear()
        self._tell_odd()
        ids = set().union(*(part.ids for part in parts))
        self.one_sided = (set(noted) ^ ids) - {""}
        notes = sum(artifact not in ids for artifact in noted)
        return replace(together([part.made for part in parts]), unread=(*unread, *self.unread), notes=notes)

    def _halves(
        self, changed: Sequence[Change], changes: Sequence[Change]
    ) -> tuple[tuple[_Part, _Part], list[str]] | None:
        """``_part`` and ``_noted``, in two processes; None where that does not pay, or one half would have to know of
        the other: what came, went or has another id may be the same artifact."""
        if len(changed) < PAYS_TWICE or not all(one.old_blob and one.blob for one in changed) or not can_fork():
            return None
        half = len(changed) // 2
        (mine, noted), told = halves(
            lambda: (self._part(changed[:half]), self._noted(changes)),
            lambda: pickle.dumps(self._part(changed[half:])),
        )
        others: _Part | None = None if told is None else pickle.loads(told)
        return None if others is None or mine.made.renames or others.made.renames else ((mine, others), noted)

    def _part(self, changed: Sequence[Change]) -> _Part:
        """What differs in these files, and which of them cannot be read."""
        self.unread.clear()
        found = self.read(name for one in changed for name in (one.old_blob, one.blob))
        sides: tuple[dict[str, Value], dict[str, Value]] = ({}, {})
        for path, *names in ((one.path, one.old_blob, one.blob) for one in changed):
            values = [
                self.value(path, name, tree, found) for name, tree in zip(names, (self.old, self.new), strict=True)
            ]
            if all(value is not None or not name for value, name in zip(values, names, strict=True)):
                for side, value in zip(sides, values, strict=True):
                    if value is not None:
                        side[path] = value
        kinds = self.registry.kind
        wanted = referred((*sides[0].values(), *sides[1].values()), kinds)
        self._learn(wanted)
        self._learn(referred((value for name in wanted if (value := self._known.get(name))), kinds))
        ids = {id_of(path, value) for side in sides for path, value in side.items()}
        return _Part(compare_models(Sides(*sides), kinds, self.find), ids, tuple(self.unread))

    def read(self, names: Iterable[str]) -> dict[str, Value | None]:
        """What files say, by their names in a tree: None where it is no artifact. What cannot be read is missing."""
        return {name: read_value(data) for name, data in self.contents.stream(names)}

    def value(self, path: str, name: str, tree: Tree, found: Mapping[str, Value | None]) -> Value | None:
        """What a file says, out of what was read; None where it is absent, or told as unread."""
        if not name:
            return None
        value = found.get(name)
        if value is None:
            self.unread.append(self._unread(path, name, tree))
        return value

    def _unread(self, path: str, name: str, tree: Tree) -> Unread:
        data = self.contents.read([name]).get(name)
        if data is None:
            message = "Its content cannot be read here: it is larger than 32 MB, not readable, or was never fetched."
            return Unread(path, tree.label, 1, message)
        from twinpage.core.artifact_text import read_bytes  # nearly never

        source = read_bytes(path, data)
        problem = source.problems[0]
        return Unread(path, tree.label, source.text.count("\n", 0, problem.offset) + 1, problem.message)

    def _tell_odd(self) -> None:
        """What has the place of an artifact file and is none that could be compared."""
        message = "It is a symbolic link, which is not followed. Put the file itself there."
        for path in sorted({path for path, _ in self.old.links.items() ^ self.new.links.items()}):
            if path.startswith(f"{ARTIFACTS}/") and path.endswith(".json"):
                tree = self.new if path in self.new.links else self.old
                self.unread.append(Unread(path, tree.label, 1, message))
        message = "Its name is another file's but for how its letters are composed. Remove one of them."
        for path in sorted(set(self.old.doubles) ^ set(self.new.doubles)):
            if path.startswith(f"{ARTIFACTS}/"):
                tree = self.new if path in self.new.doubles else self.old
                self.unread.append(Unread(path, tree.label, 1, message))

    def find(self, artifact: str) -> Value | None:
        """An artifact that does not differ, by its id."""
        if artifact not in self._known:
            self._learn([artifact])
        return self._known.get(artifact)

    def _learn(self, artifacts: Iterable[str]) -> None:
        """Read artifacts that did not change, many at once."""
        paths = {artifact: f"{ARTIFACTS}/{artifact}.json" for artifact in artifacts if artifact not in self._known}
        names = {artifact: self.new.files.get(path) or self.old.files.get(path, "") for artifact, path in paths.items()}
        found = self.read(name for name in names.values() if name)
        self._known |= {artifact: found.get(name) for artifact, name in names.items()}

    def _noted(self, changes: Sequence[Change]) -> list[str]:
        """The artifacts of the notes that changed; empty for a note of none."""
        changed = [one for one in changes if one.path.endswith(".md") and not f"/{one.path}".count("/.")]
        came = {one.blob for one in changed if not one.old_blob}
        names = [one.blob or one.old_blob for one in changed if one.blob or one.old_blob not in came]
        found = {name: _claimed(data) for name, data in self.contents.stream(names)}
        return [found.get(name, "") for name in names]


def _claimed(note: bytes) -> str:
    """The artifact that a note says it is; empty where it says none."""
    said = _ID.search(note[:_HEAD])
    return said[1].decode("utf-8", "replace") if said else ""
