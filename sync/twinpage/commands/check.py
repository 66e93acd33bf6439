"""``twinpage check``: every flag of the vault. Changes no note and no artifact file unless asked to mend."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.flagging import order_for_people
from twinpage.edge.place import vault_paths
from twinpage.edge.terminal import Terminal
from twinpage.model.flag import Flag, Severity
from twinpage.model.outcome import CheckOutcome, Style
from twinpage.outputs import outputs
from twinpage.workspace.fixing import Fixed, mend
from twinpage.workspace.flags import all_flags, coverage_of, take_flags
from twinpage.workspace.log import log_broken
from twinpage.workspace.opening import Workspace, open_workspace


def run(
    *,
    vault: Path,
    paths: tuple[Path, ...],
    fix: bool,
    output_format: str,
    fail_on: Severity | None,
    statistics: bool,
    terminal: Terminal,
) -> int:
    """Print the flags, of ``paths`` only when some are given; the exit code by ``fail_on``, else by the settings."""
    ws = open_workspace(vault, keep_state=fix)
    try:
        for remark in ws.remarks:
            terminal.remark(remark)
        wanted = vault_paths(ws.root, paths)
        fixed = mend(ws, wanted, terminal) if fix else Fixed()
        outcome = check(ws, wanted, fixed, terminal)
        limit = fail_on or ws.config.fail_on
    finally:
        ws.close()
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    style = Style(colour=terminal.colour, statistics=statistics)
    terminal.result(outputs()[output_format].check(outcome, style))
    return outcome.exit_code(limit)


def check(ws: Workspace, paths: tuple[str, ...], fixed: Fixed, terminal: Terminal) -> CheckOutcome:
    """Bring the flags up to date and gather them."""
    log_broken(ws.root, take_flags(ws), terminal)
    flags = [flag for flag in all_flags(ws) if not paths or _concerns(flag, paths)]
    own, examples = order_for_people(flags, ws.vault)
    return CheckOutcome(own, examples, ws.state.count_cards(), coverage_of(ws), fixed.changes, fixed.not_written)


def _concerns(flag: Flag, paths: tuple[str, ...]) -> bool:
    return any(path == "" or flag.path == path or flag.path.startswith(path + "/") for path in paths)
