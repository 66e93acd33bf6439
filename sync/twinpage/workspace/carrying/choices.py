"""What somebody chose for the conflicts of an artifact, as the decision of a pass."""

from __future__ import annotations

from collections.abc import Sequence

from twinpage.core.choosing.choosing import Chosen, first_of_each
from twinpage.core.choosing.resolving import FILE, NOTE, resolved, resolved_removal, settle_merge
from twinpage.core.merging.decide import Agreed, FileSide, decide
from twinpage.core.merging.overlay import view_of
from twinpage.errors import Usage
from twinpage.model.decision import Clash, Decision, Gone, Same, ToArtifact, ToPage
from twinpage.model.outcome import OpenConflict
from twinpage.workspace.carrying.passes import Chooser
from twinpage.workspace.carrying.standing import merge_conflicts, open_conflicts
from twinpage.workspace.opening import Workspace
from twinpage.workspace.twin import Twin


def choice(found: Sequence[OpenConflict], chosen: Chosen) -> Chooser:
    """Decides as chosen; what is not chosen stays open. Raises Usage for a conflict that is not as it was ``found``."""
    seen = {one.pointer: (one.base, one.mine, one.other) for one in first_of_each(found) if one.pointer in chosen}

    def choose(ws: Workspace, twin: Twin, decision: Decision) -> tuple[Twin, Decision]:
        open_now = first_of_each(open_conflicts(twin, decision))
        now = {one.pointer: (one.base, one.mine, one.other) for one in open_now}
        for pointer, as_seen in seen.items():
            if now.get(pointer) != as_seen:
                raise Usage(
                    f"{twin.artifact} changed meanwhile, so nothing was decided; see `twinpage conflicts` again."
                )
        left = [one.pointer for one in merge_conflicts(twin) if one.pointer in chosen]
        if left:
            twin, decision = _settled(twin, decision, {pointer: chosen[pointer] for pointer in left})
        if isinstance(decision, Clash):
            decision = _decided(decision, chosen)
        return twin, decision

    return choose


def keeping(choose: Chooser) -> Chooser:
    """The same, but the twin that is gone is made anew from the one that stays, which nobody changed."""

    def keep(ws: Workspace, twin: Twin, decision: Decision) -> tuple[Twin, Decision]:
        if not isinstance(decision, Gone):
            return choose(ws, twin, decision)
        if decision.side == "file":
            return twin, ToArtifact(twin.note_side.view)
        assert twin.file is not None
        assert twin.file.value is not None
        assert twin.kind is not None
        return twin, ToPage(view_of(twin.file.value, twin.kind))

    return keep


def _decided(clash: Clash, chosen: Chosen) -> Decision:
    if any(conflict.pointer == "" for conflict in clash.conflicts):
        if "" not in chosen:
            return clash
        return resolved_removal(clash, NOTE if chosen[""] is None else FILE)
    return resolved(clash, {c.pointer: chosen[c.pointer] for c in clash.conflicts if c.pointer in chosen})


def _settled(twin: Twin, decision: Decision, chosen: Chosen) -> tuple[Twin, Decision]:
    """What git's merge left is settled in the artifact file first; the note follows what that says then."""
    assert twin.file is not None
    assert twin.file.value is not None
    assert twin.kind is not None
    agreed = Agreed(twin.file.value, twin.note_side.view) if isinstance(decision, Same) else twin.agreed
    value = settle_merge(twin.file.value, chosen)
    return twin.with_value(value), decide(twin.note_side, FileSide("read", value), agreed, twin.kind, patient=True)
