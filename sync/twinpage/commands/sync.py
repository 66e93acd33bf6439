"""``twinpage sync``: one two-way pass, with a second look where something disappeared."""

from __future__ import annotations

from pathlib import Path

from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import Style, SyncOutcome
from twinpage.outputs import outputs
from twinpage.workspace.ground import Ground, open_ground


def run(
    *,
    vault: Path,
    dry_run: bool,
    allow_mass_delete: bool,
    output_format: str,
    terminal: Terminal,
    flags_note: bool = False,
) -> int:
    """Bring both twins of every artifact into step; the exit code."""
    ground = open_ground(vault)
    try:
        outcome = sync(ground, terminal, dry_run=dry_run, allow_mass_delete=allow_mass_delete, flags_note=flags_note)
    finally:
        ground.close()
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    terminal.result(outputs()[output_format].sync(outcome, Style(colour=terminal.colour)))
    return outcome.exit_code


def sync(
    ground: Ground,
    terminal: Terminal,
    *,
    dry_run: bool = False,
    allow_mass_delete: bool = False,
    flags_note: bool = False,
) -> SyncOutcome:
    """Passes until nothing waits. Where nothing changed, nothing is loaded that could read a note."""
    for remark in ground.remarks:
        terminal.remark(remark)
    ground.remarks.clear()
    if not flags_note and ground.in_step():
        return SyncOutcome(flags=int(ground.state.recall("flags")), planned=dry_run)
    from twinpage.workspace.looking_twice import passes

    return passes(ground, terminal.remark, dry_run=dry_run, allow_mass_delete=allow_mass_delete, flags_note=flags_note)
