"""What a look found and no pass has carried over yet: who looks without a pass leaves it to the next one."""

from __future__ import annotations

import json

from twinpage.edge import clock
from twinpage.edge.lock import write_lock
from twinpage.workspace.ground import HANDOVER
from twinpage.workspace.look import Look, look
from twinpage.workspace.opening import Workspace

GAP = 0.15
"""Seconds in which others get the lock, before it is taken for more of the same: longer than their naps."""
AT_ONCE = 250
"""Files that are looked at in one hold of the write lock, so that other commands need not wait long."""


def leave(ws: Workspace, seen: Look) -> None:
    """Remember, within a transaction of the state, what this look found: the next pass counts it as its own."""
    if seen.nothing:
        return
    before = _left(ws)
    told = {
        "affected": sorted(seen.affected | before.affected),
        "loose": sorted(seen.loose | before.loose),
        "keys": sorted(seen.keys | before.keys),
        "everything": seen.everything or before.everything,
    }
    ws.state.remember(HANDOVER, json.dumps(told))


def take_over(ws: Workspace, seen: Look) -> None:
    """Add to a pass's own look what others have left to it, within its transaction."""
    left = _left(ws)
    if left.nothing:
        return
    seen.affected |= left.affected
    seen.loose |= left.loose
    seen.keys |= left.keys
    seen.everything |= left.everything
    ws.state.remember(HANDOVER, "")


def look_ahead(ws: Workspace) -> None:
    """Where very much changed, look at it bit by bit before a pass does. Raises LockHeld, NotWritten."""
    if ws.state.recall("settings") != ws.settings_digest:
        return  # the pass reads everything anew
    changed = _changed(ws)
    if len(changed) <= AT_ONCE:
        return
    for start in range(0, len(changed), AT_ONCE):
        if start:
            clock.sleep(GAP)
        with write_lock(ws.root), ws.state.transaction():
            leave(ws, look(ws, changed[start : start + AT_ONCE]))
            ws.save_index()


def _changed(ws: Workspace) -> list[str]:
    seen = ws.compare()
    return seen.changed + seen.gone


def _left(ws: Workspace) -> Look:
    told = ws.state.recall(HANDOVER)
    if not told:
        return Look()
    left = json.loads(told)
    return Look(set(left["affected"]), set(left["loose"]), set(left["keys"]), left["everything"])
