"""``twinpage rename``: another id for an artifact, in both twins and everywhere that names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from twinpage.commands.sync import sync
from twinpage.core.wording import counted, some
from twinpage.edge.terminal import Terminal
from twinpage.errors import NotInStep
from twinpage.model.names import case_of
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.rename.renaming import Plan, rename
from twinpage.workspace.rename.steps import Journal


def run(*, vault: Path, artifact: str, new_id: str, dry_run: bool, terminal: Terminal) -> int:
    """Rename all or nothing, tell each file that changed, and bring flags and cards up to date."""
    ws = open_workspace(vault)
    try:
        plan = _renamed(ws, artifact, new_id, dry_run, terminal)
        for line in _lines(plan.journal, dry_run):
            terminal.result(line)
        for sentence in _another_case(plan, dry_run):
            terminal.remark(sentence)
        for old in plan.silenced:
            new = plan.journal.renames[old]
            terminal.remark(f"twinpage.toml silences a flag of {old}: write {new} in that [[ignore]].")
        if dry_run:
            terminal.remark("Nothing was written: this is what the rename would do.")
            return 0
        outcome = sync(ws, terminal)
    finally:
        ws.close()
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    return 2 if outcome.not_written else 0


def _renamed(ws: Workspace, artifact: str, new_id: str, dry_run: bool, terminal: Terminal) -> Plan:
    """The rename; what somebody typed and no pass has carried over yet is carried over first."""
    try:
        return rename(ws, artifact, new_id, terminal.remark, dry_run)
    except NotInStep:
        if dry_run:
            raise
    written = sync(ws, terminal).changes
    if written:
        terminal.remark(f"First what was not in step was brought into step: {counted(len(written), 'file')} written.")
    return rename(ws, artifact, new_id, terminal.remark)


def _another_case(plan: Plan, planned: bool) -> Iterator[str]:
    """A part that goes to another case takes its field ``case`` along, and nothing else of the old one."""
    old, new = plan.journal.first
    if case_of(old) == case_of(new) or old == case_of(old):
        return
    belongs = f"would belong to the case {case_of(new)}" if planned else f"belongs to the case {case_of(new)} now"
    yield f"{new} {belongs}: its field `case` says so."
    if plan.left_behind:
        them = some(list(plan.left_behind))
        yield f"Of {case_of(old)} these name it, or it names them: {them}. Rename them, too, if they go along."


def _lines(journal: Journal, planned: bool) -> Iterator[str]:
    move, update = ("would move", "would update") if planned else ("moved", "updated")
    moved = {f"artifacts/{old}.json": f"artifacts/{new}.json" for old, new in journal.renames.items()}
    for step in journal.steps:
        if step.path in moved:
            yield f"{move} {step.path} to {moved[step.path]}"
        elif step.path not in moved.values():
            yield f"{update} {step.path}"
