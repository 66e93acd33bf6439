"""``twinpage status``: how the twins stand to one another, and when they were last brought into step."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from twinpage.edge.lock import watcher_of
from twinpage.edge.terminal import Terminal
from twinpage.model.decision import Clash, Decision, Forgotten, Gone, Held, Merge, Same, ToArtifact, ToPage, Wait
from twinpage.model.outcome import StatusOutcome
from twinpage.model.output import Style
from twinpage.outputs import output_for
from twinpage.workspace.carrying.deciding import left_by_merge
from twinpage.workspace.carrying.standing import conflicts_of_branches, looked_at, merge_conflicts, unsettled
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.twin import Twin


def run(*, vault: Path, output_format: str, terminal: Terminal) -> int:
    """Print it; 0, whatever there is to tell."""
    ws = open_workspace(vault, keep_state=False)
    try:
        outcome = status(ws)
    finally:
        ws.close()
    terminal.result(output_for("status", output_format)(outcome, Style(colour=terminal.colour)))
    return 0


def status(ws: Workspace) -> StatusOutcome:
    """Nothing is written or remembered."""
    told: dict[str, set[str]] = {name: set() for name in ("step", "ahead", "behind", "apart", "conflicts", "held")}
    with looked_at(ws):
        gone = set()
        for twin, decision in unsettled(ws):
            told[_standing(twin, decision)].add(twin.artifact)
            gone |= {twin.artifact} if isinstance(decision, Gone) else set()
        told["conflicts"] |= {one.artifact for one in conflicts_of_branches(ws, set().union(*told.values()))}
        left = left_by_merge(ws, set().union(*(ids for name, ids in told.items() if name != "step")) - gone)
        for name, found in (("conflicts", left.conflicts), ("held", left.held)):
            by_merge = {one.artifact for one in found}  # what a branch removed alone no sync brings into step
            told = {other: ids | by_merge if other == name else ids - by_merge for other, ids in told.items()}
        others = sum(len(ids) for name, ids in told.items() if name != "step")
        in_step = ws.state.count_cards() - others
    lists = {name: tuple(sorted(ids)) for name, ids in told.items() if name != "step"}
    return StatusOutcome(
        in_step=max(in_step, 0), last_pass=ws.state.recall("last pass"), watcher=watcher_of(ws.root), **lists
    )


def _standing(twin: Twin, decision: Decision) -> str:
    if merge_conflicts(twin):
        return "conflicts"
    match decision:
        case Same() if twin.note_side.held:
            return "held"
        case Same() | Forgotten():
            return "step"
        case ToArtifact() | Gone("note"):
            return "ahead"
        case ToPage() | Gone(_):
            return "behind"
        case Merge():
            return "apart"
        case Clash():
            return "conflicts"
        case Held() | Wait():
            return "held"
        case _:
            assert_never(decision)
