"""``twinpage sync``: one two-way pass, with a second look where something disappeared."""

from __future__ import annotations

from pathlib import Path

from twinpage.edge import clock
from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import Change, HeldTwin, OpenConflict, Style, SyncOutcome
from twinpage.outputs import outputs
from twinpage.workspace.carry import Tally, Waiting
from twinpage.workspace.log import log_broken
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.passes import PassResult, run_pass

LOOKS = 3
"""How often a one-shot sync looks before it leaves what is still changing to the next one."""


def run(*, vault: Path, dry_run: bool, allow_mass_delete: bool, output_format: str, terminal: Terminal) -> int:
    """Bring both twins of every artifact into step; the exit code."""
    ws = open_workspace(vault)
    try:
        outcome = sync(ws, terminal, dry_run=dry_run, allow_mass_delete=allow_mass_delete)
    finally:
        ws.close()
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    terminal.result(outputs()[output_format].sync(outcome, Style(colour=terminal.colour)))
    return outcome.exit_code


def sync(ws: Workspace, terminal: Terminal, *, dry_run: bool = False, allow_mass_delete: bool = False) -> SyncOutcome:
    """Passes until nothing waits, three at most; what they did together."""
    for remark in ws.remarks:
        terminal.remark(remark)
    results: list[PassResult] = []
    patient = False
    for number in range(LOOKS):
        result = run_pass(ws, patient=patient, dry_run=dry_run, allow_mass_delete=allow_mass_delete)
        results.append(result)
        log_broken(ws.root, result.broken, terminal)
        waiting = result.tally.waiting
        if not waiting or dry_run or number == LOOKS - 1:
            break
        terminal.remark(_waiting(waiting, result.seconds))
        clock.sleep(result.seconds)
        patient = True
    return _outcome(results, dry_run)


def _waiting(waiting: list[Waiting], seconds: float) -> str:
    first = waiting[0]
    others = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return f"Waiting {seconds:.1f} s for {first.path or first.artifact}{others}: {first.because}."


def _outcome(results: list[PassResult], planned: bool) -> SyncOutcome:
    last: Tally = results[-1].tally
    changes: list[Change] = [change for result in results for change in result.tally.changes]
    held: list[HeldTwin] = [*last.held]
    held += [
        HeldTwin(one.artifact, one.path, f"It waits: {one.because}. Run `twinpage sync` again in a moment.")
        for one in last.waiting
    ]
    conflicts: list[OpenConflict] = list(last.conflicts)
    not_written = tuple(dict.fromkeys(last.not_written))
    return SyncOutcome(tuple(changes), tuple(held), tuple(conflicts), results[-1].flags, not_written, planned)
