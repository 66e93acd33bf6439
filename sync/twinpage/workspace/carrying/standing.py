"""How the twins stand to one another, without carrying anything over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from twinpage.core.choosing import conflicts
from twinpage.core.merging.three_way import OURS
from twinpage.core.pointers import look as value_at
from twinpage.edge.states.state_index import StateIndex
from twinpage.model.decision import Clash, Decision, Held, Same
from twinpage.model.kind import Value
from twinpage.model.outcome import OpenConflict
from twinpage.workspace.carrying.carry import Carry
from twinpage.workspace.carrying.placing import place_notes
from twinpage.workspace.history import bases_from_git
from twinpage.workspace.look import Look, look
from twinpage.workspace.opening import Workspace
from twinpage.workspace.scope import DECIDED
from twinpage.workspace.twin import Twin, twin_of


@contextmanager
def looked_at(ws: Workspace) -> Iterator[Look]:
    """Bring the index up to date while the block runs. Nothing of it is kept, and nobody has to wait for it."""
    if ws.unchanged() and not ws.state.dirty():
        ws.scanned = None  # whoever writes after this looks anew
        yield Look()
        return
    kept = ws.state
    ws.state = kept.copy()
    ws.use(StateIndex(ws.state))
    try:
        with ws.state.transaction():
            yield look(ws)
    finally:
        ws.state.close()
        ws.state = kept
        ws.use(StateIndex(kept))


def unsettled(ws: Workspace) -> Iterator[tuple[Twin, Decision]]:
    """Every artifact whose files changed since both twins last agreed, with what a pass would decide."""
    dirty = sorted(ws.state.dirty())
    place_notes(ws, dirty)
    carry = Carry(ws, Look(), DECIDED, dry_run=True)
    doubtful = []
    for artifact in dirty:
        twin, decision = carry.decide(artifact)
        undecided = twin.base is None and not isinstance(decision, Same | Held)
        if undecided and twin.page is not None and twin.file is not None:
            doubtful.append(artifact)
        else:
            yield twin, decision
    bases = bases_from_git(ws, doubtful) if doubtful else {}
    for artifact in doubtful:
        yield carry.decide(artifact, bases.get(artifact))


def open_conflicts(twin: Twin, decision: Decision | None) -> list[OpenConflict]:
    """The conflicts of one artifact: between its twins, and those that a merge left in its file."""
    note = twin.note_path if twin.page else ""
    found: list[OpenConflict] = []
    if isinstance(decision, Clash):
        found += [
            OpenConflict(twin.artifact, twin.file_path, note, c.pointer, c.base, c.file, c.note, "note")
            for c in decision.conflicts
        ]
    return found + merge_conflicts(twin)


def merge_conflicts(twin: Twin) -> list[OpenConflict]:
    """Conflicts in the artifact file that do not come from its note."""
    value = twin.file.value if twin.file else None
    return list(between(twin, twin.note_path if twin.page else "", value or {}))


def conflicts_of_branches(ws: Workspace, besides: Collection[str]) -> list[OpenConflict]:
    """Those that a merge of git left, and nobody decided yet; of these artifacts none."""
    waiting = [artifact for artifact in ws.state.subjects_with("TP901") if artifact not in besides]
    return [one for artifact in waiting for one in merge_conflicts(twin_of(ws, artifact))]


def between(twin: Twin, note: str, value: Value) -> Iterator[OpenConflict]:
    """Those between two branches that an artifact carries as data."""
    for left in conflicts.from_artifact(value):
        if left.from_ != "note":
            mine = value_at(value, left.pointer)
            other = left.other
            if _is_order(other) and isinstance(mine, list) and not _is_order(mine):
                mine = [item.get("id") for item in mine if isinstance(item, dict)]
            from_ = left.from_
            if from_ == OURS:  # ours removed what theirs changed, so what stands there is theirs
                mine, other, from_ = other, mine, "theirs"
            place = twin.artifact, twin.file_path, note, left.pointer
            yield OpenConflict(*place, left.base, mine, other, from_)


def _is_order(part: object) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(name, str) for name in part)
