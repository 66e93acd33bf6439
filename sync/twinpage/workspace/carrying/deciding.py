"""Everything of an artifact, or of the vault, that waits for somebody's decision."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.artifact_text import read_bytes
from twinpage.core.merging.markers import left_by_git
from twinpage.core.merging.overlay import view_of
from twinpage.edge.git.head import may_be_merging
from twinpage.edge.git.merge_files import other_side
from twinpage.edge.git.unmerged import Stages, unmerged
from twinpage.model.decision import Decision, Held
from twinpage.model.kind import Value
from twinpage.model.outcome import ConflictsOutcome, HeldTwin, OpenConflict, Undone
from twinpage.model.plain import plain_line
from twinpage.workspace.carrying.carry import Carry
from twinpage.workspace.carrying.marked import Marked, marked_of
from twinpage.workspace.carrying.standing import between, looked_at, open_conflicts, unsettled
from twinpage.workspace.history import bases_from_git
from twinpage.workspace.look import Look
from twinpage.workspace.opening import Workspace
from twinpage.workspace.scope import DECIDED
from twinpage.workspace.telling import told
from twinpage.workspace.twin import Twin, twin_of

_DECIDED = "decided of a merge"
"""Key of the state: names of the versions that somebody has decided on, and git still waits for."""


class Waiting(Struct, frozen=True):
    """What one artifact waits for. ``marked``: at least one of its twins has git's markers."""

    twin: Twin
    found: tuple[OpenConflict, ...] = ()
    marked: Marked | None = None
    held: HeldTwin | None = None

    @property
    def removed_by_one(self) -> bool:
        """One branch removed the artifact that the other changed."""
        return any(one.by_git and not one.pointer for one in self.found)


def all_waiting(ws: Workspace) -> ConflictsOutcome:
    """All conflicts of the vault in words; nothing is written or remembered."""
    with looked_at(ws):
        index = _undecided(ws)
        each = [_waiting(ws, twin, decision, index) for twin, decision in unsettled(ws)]
        seen = {one.twin.artifact for one in each}
        for artifact in ws.state.subjects_with("TP901"):
            if artifact not in seen:
                each.append(_waiting(ws, twin_of(ws, artifact), None, index))
        seen |= {one.twin.artifact for one in each}
        each += _without_a_sign(ws, index, seen)
        found = sorted((one for each_one in each for one in each_one.found), key=lambda one: (one.path, one.pointer))
        undone = [_undone(one.marked) for one in each if one.marked is not None and not one.found]
        held = tuple(one.held for one in each if one.held is not None)
        told_of = {path for one in found for path in (one.path, one.note)} | {twin.path for twin in held}
        told_of |= {path for left in undone for path in left.paths}
        left = sorted(index.keys() - told_of)
        unstaged = tuple(path for path in left if index[path].decided or _artifacts_at(ws, [path]))
    return ConflictsOutcome(tuple(found), tuple(undone), held, unstaged=unstaged)


def waiting_of(ws: Workspace, artifact: str) -> Waiting:
    """The same for one artifact."""
    with looked_at(ws):
        base = bases_from_git(ws, [artifact]).get(artifact) if ws.state.base(artifact) is None else None
        twin, decision = Carry(ws, Look(), DECIDED, dry_run=True).decide(artifact, base)
        return _waiting(ws, twin, decision, _undecided(ws))


def left_by_merge(ws: Workspace, besides: Collection[str]) -> ConflictsOutcome:
    """What a merge that is not ended left without a sign in any file; of these artifacts nothing."""
    if not may_be_merging(ws.root):
        return ConflictsOutcome()
    each = _without_a_sign(ws, _undecided(ws), besides)
    found = tuple(one for each_one in each for one in each_one.found)
    undone = (one.marked.twin for one in each if one.marked is not None and not one.found)
    held = [one.held for one in each if one.held is not None]
    held += [HeldTwin(one.artifact, one.note_path, left_by_git(one.artifact, "note")) for one in undone]
    return ConflictsOutcome(found, held=tuple(held))


def half_removed(ws: Workspace) -> set[str]:
    """Paths of files that one branch removed and the other changed, as long as nobody decided."""
    if not may_be_merging(ws.root):
        return set()
    return {path for path, stages in _undecided(ws).items() if stages.half_removed}


def note_decided(ws: Workspace, artifact: str) -> None:
    """Somebody decided what a merge left of an artifact: until git hears of it, its index tells the same as before."""
    index = unmerged(ws.root)
    if not index:
        return  # it waits for nothing any more, or cannot tell now
    known = _decided(ws) & {stages.names for stages in index.values()}
    known |= {stages.names for path, stages in index.items() if artifact in _artifacts_at(ws, [path])}
    ws.state.remember(_DECIDED, json.dumps(sorted(known)) if known else "")


def _decided(ws: Workspace) -> set[tuple[str, ...]]:
    return {tuple(names) for names in json.loads(ws.state.recall(_DECIDED) or "[]")}


def _undecided(ws: Workspace) -> dict[str, Stages]:
    """What git's index tells of twins; of those that somebody decided since, no more than both versions."""
    index, decided = unmerged(ws.root), _decided(ws)
    return {
        path: replace(stages, decided=True) if stages.names in decided else stages for path, stages in index.items()
    }


def _without_a_sign(ws: Workspace, index: Mapping[str, Stages], besides: Collection[str]) -> list[Waiting]:
    """Artifacts of which git left one version as it was, without a marker, that are not among ``besides``."""
    left = _artifacts_at(ws, (path for path, stages in index.items() if stages.half_removed or stages.as_ours))
    return [_waiting(ws, twin_of(ws, artifact), None, index) for artifact in sorted(left.difference(besides))]


def _artifacts_at(ws: Workspace, paths: Iterable[str]) -> set[str]:
    facts = (ws.state.file(path) for path in paths)
    return {found.artifact for found in facts if found is not None and found.artifact}


def _waiting(ws: Workspace, twin: Twin, decision: Decision | None, index: Mapping[str, Stages]) -> Waiting:
    marked = None
    if isinstance(decision, Held) or twin.note_path in index or twin.file_path in index:
        marked = marked_of(ws, twin, index)
    if isinstance(marked, HeldTwin):
        return Waiting(twin, held=marked)
    if marked is not None:
        found = told(ws, marked.kind, marked.values, _between_branches(marked))
        return Waiting(twin, tuple(found), marked)
    values = [twin.file.value if twin.file else None, twin.reading.value if twin.reading else None]
    found = _removed_by_one(ws, twin, index) or open_conflicts(twin, decision)
    return Waiting(twin, tuple(told(ws, twin.kind, [value for value in values if value], found)))


def _removed_by_one(ws: Workspace, twin: Twin, index: Mapping[str, Stages]) -> list[OpenConflict]:
    """The whole artifact, if one branch removed a twin that the other changed."""
    left = [index[path] for path in (twin.file_path, twin.note_path) if path in index and index[path].half_removed]
    value = twin.file.value if twin.file else twin.reading.value if twin.reading else None
    if not left or value is None or twin.kind is None:
        return []
    view = view_of(value, twin.kind)
    was = index[twin.file_path].base if twin.file_path in index else None
    before = read_bytes(twin.file_path, was).value if was is not None else twin.base.view if twin.base else None
    base = view_of(before, twin.kind) if before is not None else None
    mine, other = (None, view) if left[0].ours is None else (view, None)
    place = twin.artifact, twin.file_path, twin.note_path if twin.page else "", ""
    return [OpenConflict(*place, base, mine, other, f"theirs {plain_line(other_side(ws.root))}".strip())]


def _between_branches(marked: Marked) -> list[OpenConflict]:
    twin = marked.twin
    note = twin.note_path if twin.page else ""
    found = [
        OpenConflict(
            twin.artifact, twin.file_path, note, clash.pointer, clash.base, clash.note, clash.file, marked.from_
        )
        for clash in marked.clashes
    ]
    taken = {one.pointer for one in found}
    value: Value = marked.in_file.value if marked.in_file else {}
    return found + [one for one in between(twin, note, value) if one.pointer not in taken]


def _undone(marked: Marked) -> Undone:
    names = [str(side["name"]) for side in marked.values if side.get("name")]
    return Undone(marked.twin.artifact, names[0] if names else "", marked.paths)
