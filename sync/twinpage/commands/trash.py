"""``twinpage trash``: what was put away, and taking the old of it away for good."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.pruning import Limits
from twinpage.edge.terminal import Terminal
from twinpage.model.output import Style
from twinpage.outputs import output_for
from twinpage.workspace.ground import open_ground
from twinpage.workspace.trash.pruning import held, prune


def run(
    *,
    vault: Path,
    asked_to_prune: bool,
    older_than: int | None,
    larger_than: int | None,
    output_format: str,
    terminal: Terminal,
) -> int:
    """List it, or prune it; ``older_than`` in days, ``larger_than`` in megabytes, None: as by default."""
    limits = Limits(older_than, larger_than)
    ground = open_ground(vault, keep_state=asked_to_prune)
    try:
        outcome = prune(ground, limits) if asked_to_prune else held(ground, limits)
    finally:
        ground.close()
    for sentence in outcome.not_taken:
        terminal.remark(sentence)
    terminal.result(output_for("trash", output_format)(outcome, Style(colour=terminal.colour)))
    return outcome.exit_code
