"""``twinpage sync``: one two-way pass, with a second look where something disappeared."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import SyncOutcome
from twinpage.model.output import Style
from twinpage.model.plain import plain_line
from twinpage.outputs import output_for
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
    terminal.result(output_for("sync", output_format)(outcome, Style(colour=terminal.colour)))
    return outcome.exit_code


def sync_after(ground: Ground, terminal: Terminal, own: Collection[str]) -> int:
    """A pass after a command did its work. The exit code is about ``own``, the artifacts that the command is about.

    2 when a file could not be written, 1 when one of them waits, else 0; each with a sentence.
    """
    return code_after(sync(ground, terminal), terminal, own)


def code_after(outcome: SyncOutcome, terminal: Terminal, own: Collection[str]) -> int:
    """See ``sync_after``."""
    held = [twin for twin in outcome.held if twin.artifact in own]
    open_ = sorted({conflict.artifact for conflict in outcome.conflicts} & set(own))
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    for twin in held:
        terminal.remark(f"held {plain_line(twin.path)}:{twin.line} {plain_line(twin.because)}")
    for artifact in open_:
        terminal.remark(f"{artifact} has an open conflict: `twinpage conflicts` shows both sides and how to end it.")
    return 2 if outcome.not_written else int(bool(held or open_))


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
    from twinpage.workspace.carrying.looking_twice import passes

    return passes(ground, terminal.remark, dry_run=dry_run, allow_mass_delete=allow_mass_delete, flags_note=flags_note)
