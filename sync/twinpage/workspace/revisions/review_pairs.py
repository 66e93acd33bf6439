"""What differs between the two sides of a review; of many artifacts found by a second process meanwhile."""

from __future__ import annotations

import pickle
from collections.abc import Callable

from twinpage.core.json_text import read_value
from twinpage.core.review.pairing import Pair, pairs_of
from twinpage.edge.disk import Disk
from twinpage.edge.git.tree_files import TreeFiles
from twinpage.edge.git.trees import Tree
from twinpage.edge.processes import can_fork, halves
from twinpage.edge.walk import ARTIFACTS
from twinpage.model.kind import Value
from twinpage.workspace.look import artifact_at, artifact_path
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import source_at

PAYS_TWICE = 200
"""From so many changed artifacts on, a second process compares them while this one takes flags."""


def changed_pairs(base: Workspace, head: Workspace) -> list[Pair]:
    """The artifacts that are not the same on both sides, by id."""
    before, after = _digests(base), _digests(head)
    ids = sorted(artifact for artifact in before.keys() | after.keys() if before.get(artifact) != after.get(artifact))
    for ws in (base, head):
        ws.disk.expect(map(artifact_path, ids))
    old = {artifact: _value(base, artifact) for artifact in ids if artifact in before}
    new = {artifact: _value(head, artifact) for artifact in ids if artifact in after}
    return pairs_of(old, new, head.registry.kind, lambda artifact: _from_card(base, head, artifact))


def _from_card(base: Workspace, head: Workspace, artifact: str) -> Value | None:
    """As much of an artifact that did not change as others are told by; it need not be read for that."""
    card = head.vault.card(artifact) or base.vault.card(artifact)
    if card is None:
        return None
    refers = dict(reversed(card.references))
    return {**refers, "kind": card.kind, "name": card.name, "case": card.case, "example": card.example}


def _digests(ws: Workspace) -> dict[str, str]:
    return {row[0]: row[1] for row in ws.state.rows("select artifact, digest from files where role = 'artifact'")}


def _value(ws: Workspace, artifact: str) -> Value | None:
    source = source_at(ws, artifact_path(artifact))
    return source.value if source is not None else None


def beside(
    base: Workspace, old: Tree, new: Tree, opened: Callable[[], Workspace]
) -> tuple[Workspace, list[Pair] | None]:
    """The other side opened, and what differs if a second process has found that meanwhile.

    It knows the kinds and names of the base alone; where a schema of the team's own differs, it is not asked.
    """
    changed = [change.path for change in old.changed(new)]
    ids = [artifact_at(path) for path in changed if path.startswith(f"{ARTIFACTS}/") and path.endswith(".json")]
    if len(ids) < PAYS_TWICE or any(path.startswith("schemas/") for path in changed) or not can_fork():
        return opened(), None
    head, told = halves(opened, lambda: pickle.dumps(_pairs_of_trees(base, TreeFiles(old), TreeFiles(new), ids)))
    return head, None if told is None else pickle.loads(told)


def _pairs_of_trees(base: Workspace, old: Disk, new: Disk, ids: list[str]) -> list[Pair]:
    sides = []
    for files in (old, new):
        files.expect(map(artifact_path, ids))
        found = {artifact: _read(files, artifact) for artifact in ids}
        sides.append({artifact: value for artifact, value in found.items() if value is not _NOT_THERE})
    return pairs_of(sides[0], sides[1], base.registry.kind, lambda artifact: _from_card(base, base, artifact))


_NOT_THERE: Value = {}


def _read(files: Disk, artifact: str) -> Value | None:
    """None for what cannot be read; a file that says that it is another artifact is none here."""
    path = artifact_path(artifact)
    try:
        value = read_value(files.read(path))
    except FileNotFoundError:
        return _NOT_THERE
    except OSError:
        return None
    is_other = value is not None and (value.get("id") != artifact or not isinstance(value.get("kind"), str))
    return _NOT_THERE if is_other else value
