"""``twinpage conflicts``: what waits for a decision, with all values in words."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from twinpage.edge.terminal import Terminal
from twinpage.model.output import Style
from twinpage.outputs import output_for
from twinpage.workspace.carrying.deciding import all_waiting
from twinpage.workspace.opening import open_workspace


def run(*, vault: Path, output_format: str, terminal: Terminal) -> int:
    """Print every open conflict; 1 when there is one."""
    ws = open_workspace(vault, keep_state=False)
    try:
        outcome = all_waiting(ws)
    finally:
        ws.close()
    outcome = replace(outcome, vault=_words_for(vault))
    terminal.result(
        output_for("conflicts", output_format)(outcome, Style(colour=terminal.colour, width=terminal.width))
    )
    return outcome.exit_code


def _words_for(vault: Path) -> tuple[str, ...]:
    """What a command has to be told so that it finds this vault from here."""
    return () if Path.cwd().resolve().is_relative_to(vault.resolve()) else ("--vault", str(vault))
