"""``twinpage conflicts``: what both twins changed, with both values."""

from __future__ import annotations

from pathlib import Path

from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import OpenConflict, Style
from twinpage.outputs import outputs
from twinpage.workspace.opening import open_workspace
from twinpage.workspace.standing import looked_at, merge_conflicts, open_conflicts, unsettled
from twinpage.workspace.twin import twin_of


def run(*, vault: Path, output_format: str, terminal: Terminal) -> int:
    """Print every open conflict; 1 when there is one."""
    ws = open_workspace(vault, keep_state=False)
    found: list[OpenConflict] = []
    try:
        with looked_at(ws):
            seen = set()
            for twin, decision in unsettled(ws):
                seen.add(twin.artifact)
                found += open_conflicts(twin, decision)
            for artifact in ws.state.subjects_with("TP901"):
                if artifact not in seen:
                    found += merge_conflicts(twin_of(ws, artifact))
    finally:
        ws.close()
    found.sort(key=lambda conflict: (conflict.path, conflict.pointer))
    terminal.result(outputs()[output_format].conflicts(found, Style(colour=terminal.colour)))
    return int(bool(found))
