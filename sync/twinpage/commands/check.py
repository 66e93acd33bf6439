"""``twinpage check``: every flag of the vault. Changes no note and no artifact file unless asked to mend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from twinpage.edge.place import vault_paths
from twinpage.edge.terminal import Terminal
from twinpage.model.flag import Flag, Severity
from twinpage.model.outcome import CheckOutcome, Style
from twinpage.outputs import outputs
from twinpage.workspace.ground import Ground, open_ground
from twinpage.workspace.remembered import coverage, flags_and_examples


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
    ground = open_ground(vault, keep_state=fix)
    try:
        for remark in ground.remarks:
            terminal.remark(remark)
        wanted = vault_paths(ground.root, paths)
        outcome = _mended(ground, wanted, terminal) if fix else check(ground, wanted, terminal)
        limit = fail_on or ground.config.fail_on
    finally:
        ground.close()
    for sentence in outcome.not_written:
        terminal.remark(sentence)
    style = Style(colour=terminal.colour, statistics=statistics)
    terminal.result(outputs()[output_format].check(outcome, style))
    return outcome.exit_code(limit)


def check(ground: Ground, paths: tuple[str, ...], terminal: Terminal) -> CheckOutcome:
    """Bring the flags up to date and gather them. Where nothing changed, nothing is loaded that could read it."""
    if not ground.unchanged():
        from twinpage.workspace.flags import take_flags
        from twinpage.workspace.log import log_broken
        from twinpage.workspace.opening import workspace_on

        ws = workspace_on(ground)
        failed = log_broken(ws.root, take_flags(ws))
        return _gathered(ws, paths, failed)
    return _gathered(ground, paths, ())


def _mended(ground: Ground, paths: tuple[str, ...], terminal: Terminal) -> CheckOutcome:
    from twinpage.workspace.fixing import mend
    from twinpage.workspace.opening import workspace_on

    fixed = mend(workspace_on(ground), paths, terminal)
    outcome = check(ground, paths, terminal)
    return replace(outcome, fixed=fixed.changes, not_written=(*outcome.not_written, *fixed.not_written))


def _gathered(ground: Ground, paths: tuple[str, ...], failed: tuple[str, ...]) -> CheckOutcome:
    own, examples = flags_and_examples(ground.state)
    if paths:
        own = tuple(flag for flag in own if _concerns(flag, paths))
        examples = tuple(flag for flag in examples if _concerns(flag, paths))
    return CheckOutcome(own, examples, ground.state.count_cards(), coverage(ground.state), (), failed)


def _concerns(flag: Flag, paths: tuple[str, ...]) -> bool:
    return any(path == "" or flag.path == path or flag.path.startswith(path + "/") for path in paths)
