"""Removals of one pass, decided first: together they may be too much to be meant."""

from __future__ import annotations

from twinpage.core.merging.markers import left_by_git
from twinpage.model.decision import Decision, Gone
from twinpage.model.outcome import HeldTwin
from twinpage.workspace.carrying.carry import Carry
from twinpage.workspace.carrying.deciding import half_removed
from twinpage.workspace.opening import Workspace
from twinpage.workspace.twin import Twin

FEW_REMOVALS = 5
LARGE_SHARE = 0.25
MANY_REMOVALS = 50


def removals(carry: Carry, work: set[str], allow_mass_delete: bool) -> list[tuple[Twin, Decision]]:
    """Take what disappeared out of ``work`` and decide it; what the guard holds is told in the tally instead."""
    candidates = [artifact for artifact in sorted(work) if _half_gone(carry.ws, artifact)]
    decided = [carry.decide(artifact) for artifact in candidates]
    work.difference_update(candidates)
    gone = [(twin, decision) for twin, decision in decided if isinstance(decision, Gone)]
    waiting = half_removed(carry.ws) if gone else set()
    for twin, _ in [one for one in gone if waiting & {one[0].note_path, one[0].file_path}]:
        because = left_by_git(twin.artifact, "note" if twin.note_path in waiting else "file")
        carry.tally.held.append(HeldTwin(twin.artifact, twin.note_path or twin.file_path, because))
        decided = [(one, decision) for one, decision in decided if one is not twin]
        gone = [(one, decision) for one, decision in gone if one is not twin]
    number = len(gone) + carry.scope.removals
    if gone and _too_many(carry.ws, number) and not allow_mass_delete:
        sentence = (
            f"{number} artifacts would be removed in one pass, so none is. Bring the files back if that was an "
            "accident, or run `twinpage sync --allow-mass-delete`."
        )
        for twin, _ in gone:
            path = twin.note_path or twin.file_path
            carry.tally.held.append(HeldTwin(twin.artifact, path, sentence))
            carry.tally.guarded.add(twin.artifact)
        decided = [(twin, decision) for twin, decision in decided if not isinstance(decision, Gone)]
    return decided


def _half_gone(ws: Workspace, artifact: str) -> bool:
    card = ws.vault.index.card(artifact)
    if not ws.state.known_note(artifact):
        return False
    if card is None or not card.path or not card.note_path:
        return True
    facts = ws.state.file(card.note_path)
    return facts is not None and facts.condition == "blank"


def _too_many(ws: Workspace, removals: int) -> bool:
    if removals <= FEW_REMOVALS:
        return False
    total = sum(1 for _ in ws.state.base_notes())
    return removals > MANY_REMOVALS or removals > LARGE_SHARE * total
