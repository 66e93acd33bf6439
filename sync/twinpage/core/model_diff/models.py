"""Two models compared: artifacts paired by path, by id, and by content, each placed where it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from twinpage.core.fields import is_reference
from twinpage.core.model_diff.comparing import compare
from twinpage.core.model_diff.renamed import Kinds, pair_renamed
from twinpage.core.wording import words
from twinpage.model.difference import ArtifactAction, ArtifactDiff, ModelDiff, Unread
from twinpage.model.kind import Value
from twinpage.model.names import case_of

Find = Callable[[str], Value | None]
"""The value of an artifact that did not change, by its id; None where nobody has it."""

_ROOT, _END = "artifacts/", ".json"
_ORDER = ("case", "segment", "profile", "journey", "sales-strategy", "entry")


class Sides(Struct, frozen=True):
    """The artifact files that differ, by vault path. A path that only one side has is absent in the other."""

    old: Mapping[str, Value]
    new: Mapping[str, Value]


def id_of(path: str, value: Value) -> str:
    """What an artifact file says that it is, else what its path says."""
    said = value.get("id")
    return said if isinstance(said, str) and said else path.removeprefix(_ROOT).removesuffix(_END)


def referred(values: Iterable[Value], kinds: Kinds) -> set[str]:
    """Ids of the artifacts that these name in their fields."""
    found: set[str] = set()
    of_kind: dict[str, list[str]] = {}
    for value in values:
        name = str(value.get("kind", ""))
        if name not in of_kind:
            kind = kinds(name)
            of_kind[name] = [how.name for how in kind.shape.fields if is_reference(how)] if kind else []
        for part in (value[one] for one in of_kind[name] if one in value):
            found.update(one for one in (part if isinstance(part, list) else [part]) if isinstance(one, str))
    return found


def compare_models(
    sides: Sides, kinds: Kinds, find: Find, unread: tuple[Unread, ...] = (), notes: int = 0
) -> ModelDiff:
    """What differs between two models, of which only the differing files are given."""
    pairs = _paired(sides, kinds)
    renames = {}
    for old_path, path in pairs:
        if old_path and path:
            before, now = id_of(old_path, sides.old[old_path]), id_of(path, sides.new[path])
            if before != now:
                renames[before] = now
    world = _World(sides, kinds, find, renames)
    told = [made for pair in pairs for made in world.told(*pair)]
    return ModelDiff(tuple(sorted(told, key=_place)), unread, notes, renames)


def together(parts: Sequence[ModelDiff]) -> ModelDiff:
    """Comparisons of different artifacts of the same two models as one; each must hold whatever has another id."""
    artifacts = [one for part in parts for one in part.artifacts]
    renames = {old: new for part in parts for old, new in (part.renames or {}).items()}
    return ModelDiff(tuple(sorted(artifacts, key=_place)), renames=renames)


def _paired(sides: Sides, kinds: Kinds) -> list[tuple[str, str]]:
    """(old path, new path); one is empty where an artifact is new or gone."""
    pairs = [(path, path) for path in sides.new if path in sides.old]
    gone = {path: value for path, value in sides.old.items() if path not in sides.new}
    come = {path: value for path, value in sides.new.items() if path not in sides.old}
    by_id = {id_of(path, value): path for path, value in come.items()}
    for path, value in list(gone.items()):
        now = by_id.pop(id_of(path, value), "")
        if now:
            pairs.append((path, now))
            del gone[path], come[now]
    renamed = pair_renamed(gone, come, kinds)
    pairs += renamed.items()
    taken = set(renamed.values())
    pairs += [(path, "") for path in gone if path not in renamed]
    return pairs + [("", path) for path in come if path not in taken]


@dataclass
class _World:
    sides: Sides
    kinds: Kinds
    find: Find
    renames: Mapping[str, str]
    _old: dict[str, Value] = field(init=False)
    _new: dict[str, Value] = field(init=False)

    def __post_init__(self) -> None:
        self._old = {id_of(path, value): value for path, value in self.sides.old.items()}
        self._new = {id_of(path, value): value for path, value in self.sides.new.items()}

    def value(self, artifact: str, before: bool = False) -> Value:
        """An artifact of either model, of the new one where both have it (or of the old one)."""
        first, second = (self._old, self._new) if before else (self._new, self._old)
        found = first.get(artifact)
        if found is None:
            found = second.get(artifact)
        if found is None and artifact:
            found = self.find(artifact)
        return found if found is not None else {}

    def name(self, artifact: str) -> str:
        return _text(self.value(artifact), "name") or artifact

    def told(self, old_path: str, path: str) -> Iterator[ArtifactDiff]:
        old = self.sides.old[old_path] if old_path else None
        new = self.sides.new[path] if path else None
        there = new if new is not None else old
        if there is None:
            return
        before = id_of(old_path, old) if old is not None else ""
        now = id_of(path, new) if new is not None else before
        kind = self.kinds(_text(there, "kind"))
        differences = compare(old, new, kind, self.name, self.renames)
        action = action_of(before, now, old, new)
        if action in ("renamed", "moved"):
            differences = tuple(one for one in differences if one.pointer != "/id")
        if action == "changed" and not differences and old_path == path:
            return
        name = _text(there, "kind")
        place = self._place(now, there, new is None)
        yield ArtifactDiff(
            action,
            now,
            before or now,
            name,
            kind.title if kind else words(name or "artifact").capitalize(),
            _text(there, "name") or now,
            path or old_path,
            old_path or path,
            differences,
            **place,  # type: ignore[arg-type]
        )

    def _place(self, artifact: str, value: Value, before: bool) -> dict[str, str | bool]:
        kind = _text(value, "kind")
        about = _text(value, "about")
        about_kind = _text(self.value(about, before), "kind") if about else ""
        case = artifact if kind == "case" else _text(value, "case") or case_of(artifact)
        profile = (
            artifact if kind == "profile" else _text(value, "profile") or (about if about_kind == "profile" else "")
        )
        segment = (
            artifact if kind == "segment" else _text(value, "segment") or (about if about_kind == "segment" else "")
        )
        if profile and not segment:
            segment = _text(self.value(profile, before), "segment")
        return {
            "of": self.name(profile) if profile and kind != "profile" else "",
            "case": case,
            "segment": segment,
            "profile": profile,
            "case_name": self.name(case) if case else "",
            "segment_name": self.name(segment) if segment else "",
            "profile_name": self.name(profile) if profile else "",
            "example": self.value(case, before).get("example") is True if case else False,
        }


def action_of(before: str, now: str, old: Value | None, new: Value | None) -> ArtifactAction:
    """What became of an artifact, by its ids and values."""
    if old is None:
        return "added"
    if new is None:
        return "removed"
    if before == now:
        return "changed"
    return "moved" if case_of(before) != case_of(now) and _text(new, "kind") != "case" else "renamed"


def _place(made: ArtifactDiff) -> tuple[object, ...]:
    rank = _ORDER.index(made.kind) if made.kind in _ORDER else len(_ORDER)
    return made.example, not made.case, made.case, made.segment, made.profile, rank, made.artifact, made.old_path


def _text(value: Value, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""
