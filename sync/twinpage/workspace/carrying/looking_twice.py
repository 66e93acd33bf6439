"""Passes until nothing waits: what disappeared gets a second look, what somebody types in a moment of rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from twinpage.core.wording import short_while
from twinpage.edge import clock
from twinpage.edge.former import FormerFiles
from twinpage.model.outcome import Change, HeldTwin, SyncOutcome
from twinpage.workspace.carrying.carry import Waiting
from twinpage.workspace.carrying.deciding import left_by_merge
from twinpage.workspace.carrying.late_saves import saved_late
from twinpage.workspace.carrying.passes import PassResult, run_pass
from twinpage.workspace.carrying.standing import conflicts_of_branches
from twinpage.workspace.flagging.flags_note import keep_flags_note
from twinpage.workspace.ground import Ground
from twinpage.workspace.log import log_broken
from twinpage.workspace.opening import Workspace, workspace_on
from twinpage.workspace.scope import EVERYTHING, Scope
from twinpage.workspace.trash.pruning import prune_if_due

LOOKS = 3
"""How often a one-shot sync looks before it leaves what is still changing to the next one."""


def passes(
    ground: Ground,
    remark: Callable[[str], None],
    *,
    dry_run: bool = False,
    allow_mass_delete: bool = False,
    flags_note: bool = False,
) -> SyncOutcome:
    """Three passes at most; what they did together. ``remark`` is told what is waited for.

    ``flags_note``: the Flags note is asked for.
    """
    ws = ground if isinstance(ground, Workspace) else workspace_on(ground)
    if not dry_run:
        ws.disk.former = ws.disk.former or FormerFiles()
    results: list[PassResult] = []
    go_on = partial(_until_nothing_waits, ws, remark, results, dry_run, allow_mass_delete)
    failed = go_on()
    if not dry_run:
        if any(result.tally.changes for result in results):
            prune_if_due(ws, remark)
        failed += keep_flags_note(ws, remark, asked=flags_note)
        if saved_late(ws):  # asked as late as can be, for whoever began to save before the last write
            failed += go_on()
            failed += keep_flags_note(ws, remark)
    tally = results[-1].tally
    tally.conflicts += conflicts_of_branches(ws, {one.artifact for one in tally.conflicts})
    told = {one.artifact for one in tally.conflicts} | {one.artifact for one in tally.held}
    left = left_by_merge(ws, told)
    tally.conflicts += left.conflicts
    tally.held += left.held
    return _together(results, failed, dry_run)


def _until_nothing_waits(
    ws: Workspace,
    remark: Callable[[str], None],
    results: list[PassResult],
    dry_run: bool,
    allow_mass_delete: bool,
) -> list[str]:
    """Passes, each added to ``results``; sentences about rules that failed."""
    failed: list[str] = []
    scope = EVERYTHING
    for number in range(LOOKS):
        result = run_pass(ws, scope, dry_run=dry_run, allow_mass_delete=allow_mass_delete)
        results.append(result)
        for sentence in ws.remarks:
            remark(sentence)
        ws.remarks.clear()
        failed += log_broken(ws.root, result.broken)
        if dry_run or number == LOOKS - 1 or not (result.tally.waiting or _may_go_on(result)):
            break
        if result.tally.waiting:
            remark(_sentence(result.tally.waiting, result.seconds))
            clock.sleep(result.seconds)
            scope = Scope(patient=_looked_at(result, scope))
    return failed


def _looked_at(result: PassResult, scope: Scope) -> frozenset[str]:
    """What the next pass need not look at twice: it waited, or has been looked at twice and is open all the same."""
    waiting = {one.artifact for one in result.tally.waiting}
    still_open = {one.artifact for one in result.tally.conflicts} | {one.artifact for one in result.tally.held}
    return frozenset(waiting | {artifact for artifact in still_open if scope.is_patient(artifact)})


def _may_go_on(result: PassResult) -> bool:
    """What was held for a note that this very pass made need not be held any longer."""
    return bool(result.tally.held) and any(change.action == "created" for change in result.tally.changes)


def _sentence(waiting: list[Waiting], seconds: float) -> str:
    first = waiting[0]
    others = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return f"Waiting {short_while(seconds)} for {first.path or first.artifact}{others}: {first.because}."


def _together(results: list[PassResult], failed: list[str], planned: bool) -> SyncOutcome:
    last = results[-1].tally
    changes: list[Change] = [change for result in results for change in result.tally.changes]
    left = [
        HeldTwin(one.artifact, one.path, f"It waits: {one.because}. Run `twinpage sync` again in a moment.")
        for one in last.waiting
    ]
    not_written = tuple(dict.fromkeys([*last.not_written, *failed]))
    held = tuple(sorted({*last.held, *left}, key=lambda one: (one.path, one.line, one.artifact, one.because)))
    conflicts = tuple(sorted(last.conflicts, key=lambda one: one.artifact))
    return SyncOutcome(tuple(changes), held, conflicts, results[-1].flags, not_written, planned)
