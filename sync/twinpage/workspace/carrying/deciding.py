"""Everything of an artifact, or of the vault, that waits for somebody's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twinpage.core.artifact_text import read_bytes
from twinpage.core.merging.overlay import view_of
from twinpage.edge.git.unmerged import Stages, unmerged
from twinpage.model.decision import Decision, Held
from twinpage.model.kind import Value
from twinpage.model.outcome import ConflictsOutcome, HeldTwin, OpenConflict, Undone
from twinpage.workspace.carrying.carry import Carry
from twinpage.workspace.carrying.marked import Marked, marked_of
from twinpage.workspace.carrying.standing import between, looked_at, open_conflicts, unsettled
from twinpage.workspace.history import bases_from_git
from twinpage.workspace.look import Look
from twinpage.workspace.opening import Workspace
from twinpage.workspace.scope import DECIDED
from twinpage.workspace.telling import told
from twinpage.workspace.twin import Twin, twin_of


@dataclass(frozen=True, slots=True)
class Waiting:
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
        index = unmerged(ws.root)
        each = [_waiting(ws, twin, decision, index) for twin, decision in unsettled(ws)]
        seen = {one.twin.artifact for one in each}
        for artifact in ws.state.subjects_with("TP901"):
            if artifact not in seen:
                each.append(_waiting(ws, twin_of(ws, artifact), None, index))
        seen |= {one.twin.artifact for one in each}
        for artifact in sorted(_half_removed(ws, index) - seen):
            each.append(_waiting(ws, twin_of(ws, artifact), None, index))
        found = sorted((one for each_one in each for one in each_one.found), key=lambda one: (one.path, one.pointer))
        undone = [_undone(one.marked) for one in each if one.marked is not None and not one.found]
        held = tuple(one.held for one in each if one.held is not None)
        told_of = {path for one in found for path in (one.path, one.note)} | {twin.path for twin in held}
        told_of |= {path for left in undone for path in left.paths}
        facts = {path: ws.state.file(path) for path in sorted(index.keys() - told_of)}
        unstaged = tuple(path for path, known in facts.items() if known is not None and known.artifact)
    return ConflictsOutcome(tuple(found), tuple(undone), held, unstaged=unstaged)


def waiting_of(ws: Workspace, artifact: str) -> Waiting:
    """The same for one artifact."""
    with looked_at(ws):
        base = bases_from_git(ws, [artifact]).get(artifact) if ws.state.base(artifact) is None else None
        twin, decision = Carry(ws, Look(), DECIDED, dry_run=True).decide(artifact, base)
        return _waiting(ws, twin, decision, unmerged(ws.root))


def _waiting(ws: Workspace, twin: Twin, decision: Decision | None, index: Mapping[str, Stages]) -> Waiting:
    marked = None
    if isinstance(decision, Held) or twin.note_path in index:
        marked = marked_of(ws, twin, index)
    if isinstance(marked, HeldTwin):
        return Waiting(twin, held=marked)
    if marked is not None:
        found = told(ws, marked.kind, marked.values, _between_branches(marked))
        return Waiting(twin, tuple(found), marked)
    values = [twin.file.value if twin.file else None, twin.reading.value if twin.reading else None]
    found = open_conflicts(twin, decision) or _removed_by_one(twin, index)
    return Waiting(twin, tuple(told(ws, twin.kind, [value for value in values if value], found)))


def _half_removed(ws: Workspace, index: Mapping[str, Stages]) -> set[str]:
    """Artifacts of which one branch removed a file that the other changed: git leaves that one, without a marker."""
    facts = (ws.state.file(path) for path, stages in index.items() if stages.half_removed)
    return {found.artifact for found in facts if found is not None and found.artifact}


def _removed_by_one(twin: Twin, index: Mapping[str, Stages]) -> list[OpenConflict]:
    """The whole artifact, if one branch removed a twin that the other changed."""
    left = [index[path] for path in (twin.file_path, twin.note_path) if path in index and index[path].half_removed]
    value = twin.file.value if twin.file else None
    if not left or value is None or twin.kind is None:
        return []
    view = view_of(value, twin.kind)
    was = index[twin.file_path].base if twin.file_path in index else None
    before = read_bytes(twin.file_path, was).value if was is not None else None
    base = view_of(before, twin.kind) if before is not None else None
    mine, other = (None, view) if left[0].ours is None else (view, None)
    place = twin.artifact, twin.file_path, twin.note_path if twin.page else "", ""
    return [OpenConflict(*place, base, mine, other, "theirs")]


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
