"""The models of two trees, compared: only what differs is read, and the names of what it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from twinpage.core import artifact_text
from twinpage.core.model_diff.models import Sides, compare_models, id_of, referred
from twinpage.core.schema.kinds import Registry
from twinpage.edge import shipped
from twinpage.edge.git.disk import Contents, differing
from twinpage.edge.git.repository import Repository
from twinpage.edge.git.trees import Tree
from twinpage.edge.walk import ARTIFACTS
from twinpage.model.difference import ModelDiff, Unread
from twinpage.model.kind import Value

_ID = re.compile(rb'^[ \t]*(?:- )?artifact-id::?[ \t]*"?([^"\r\n]+?)"?[ \t]*$', re.MULTILINE)
_HEAD = 4096
"""Bytes of a note in which its properties are looked for."""


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
        self.registry = Registry(shipped.schemas(), team)

    def model(self) -> ModelDiff:
        """What differs."""
        changed = differing(self.old, self.new, ".json", f"{ARTIFACTS}/")
        found = self.contents.read(name for pair in changed.values() for name in pair)
        sides: tuple[dict[str, Value], dict[str, Value]] = ({}, {})
        for path, names in changed.items():
            values = [
                self.value(path, name, tree, found) for name, tree in zip(names, (self.old, self.new), strict=True)
            ]
            if all(value is not None or not name for value, name in zip(values, names, strict=True)):
                for side, value in zip(sides, values, strict=True):
                    if value is not None:
                        side[path] = value
        self._tell_odd()
        kinds = self.registry.kind
        wanted = referred((*sides[0].values(), *sides[1].values()), kinds)
        self._learn(wanted)
        self._learn(referred((value for name in wanted if (value := self._known.get(name))), kinds))
        ids = {id_of(path, value) for side in sides for path, value in side.items()}
        notes = self._notes(ids)
        return compare_models(Sides(*sides), kinds, self.find, tuple(self.unread), notes)

    def value(self, path: str, name: str, tree: Tree, found: dict[str, bytes]) -> Value | None:
        """What a file says, out of what was read; None where it is absent, or told as unread."""
        if not name:
            return None
        data = found.get(name)
        if data is None:
            message = "Its content cannot be read here: it is larger than 32 MB, not readable, or was never fetched."
            self.unread.append(Unread(path, tree.label, 1, message))
            return None
        source = artifact_text.read_bytes(path, data)
        if source.value is None:
            problem = source.problems[0]
            line = source.text.count("\n", 0, problem.offset) + 1
            self.unread.append(Unread(path, tree.label, line, problem.message))
        return source.value

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
        found = self.contents.read(name for name in names.values() if name)
        for artifact, name in names.items():
            data = found.get(name)
            self._known[artifact] = artifact_text.read_bytes(paths[artifact], data).value if data is not None else None

    def _notes(self, artifacts: set[str]) -> int:
        """How many notes changed of which no artifact file did."""
        changed = {
            path: names
            for path, names in differing(self.old, self.new, ".md").items()
            if not any(part.startswith(".") for part in path.split("/"))
        }
        came = {new for old, new in changed.values() if not old}
        moved = {path for path, (old, new) in changed.items() if not new and old in came}
        names = {path: new or old for path, (old, new) in changed.items() if path not in moved}
        found = self.contents.read(names.values())
        number, noted = 0, set()
        for name in names.values():
            said = _ID.search(found.get(name, b"")[:_HEAD])
            artifact = said[1].decode("utf-8", "replace") if said else ""
            noted.add(artifact)
            number += artifact not in artifacts
        self.one_sided = (noted ^ artifacts) - {""}
        return number
