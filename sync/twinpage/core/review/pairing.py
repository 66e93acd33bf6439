"""Artifacts as both sides of a review have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from twinpage.core.model_diff import Find, Sides, compare_models
from twinpage.core.model_diff.renamed import Kinds
from twinpage.model.difference import ArtifactDiff, Difference
from twinpage.model.kind import Value
from twinpage.model.review import Happened

Values = Mapping[str, Value | None]


class Pair(Struct, frozen=True):
    """One artifact that is not the same on both sides. An id is empty where it is not there."""

    old: str
    new: str
    happened: Happened
    differences: tuple[Difference, ...] = ()
    """But for id and name of what has another id: these are told with the artifact."""


def pairs_of(
    before: Mapping[str, Value | None], after: Mapping[str, Value | None], kinds: Kinds, find: Find
) -> list[Pair]:
    """What differs, from the artifacts by id whose files differ; a value that cannot be read is None.

    What is written in another way says the same, and so does what follows another's new id.
    """
    unread = {artifact for side in (before, after) for artifact, value in side.items() if value is None}
    sides = Sides(
        {_path(artifact): value for artifact, value in before.items() if value is not None and artifact not in unread},
        {_path(artifact): value for artifact, value in after.items() if value is not None and artifact not in unread},
    )
    model = compare_models(sides, kinds, find)
    found = [_pair(one) for one in model.artifacts if one.action != "changed" or not _only_follows(one)]
    for artifact in sorted(unread):
        old, new = (artifact if artifact in side else "" for side in (before, after))
        found.append(Pair(old, new, "added" if not old else "removed" if not new else "unread"))
    return sorted(found, key=lambda pair: (pair.new or pair.old, pair.old))


def renames_of(pairs: Sequence[Pair]) -> dict[str, str]:
    """Old id -> new id."""
    return {pair.old: pair.new for pair in pairs if pair.old and pair.new and pair.old != pair.new}


def _pair(one: ArtifactDiff) -> Pair:
    old = "" if one.action == "added" else one.old_artifact
    new = "" if one.action == "removed" else one.artifact
    told = tuple(each for each in one.differences if old == new or each.pointer not in ("/id", "/name"))
    return Pair(old, new, one.action, told if old and new else ())


def _only_follows(one: ArtifactDiff) -> bool:
    return all(difference.action == "followed" for difference in one.differences)


def _path(artifact: str) -> str:
    return f"artifacts/{artifact}.json"
