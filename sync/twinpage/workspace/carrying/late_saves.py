"""A program that opened a file before twinpage wrote there, and saved after: what it saved counts."""

from __future__ import annotations

from contextlib import suppress

from twinpage.edge.former import Former, FormerFiles
from twinpage.edge.lock import write_lock
from twinpage.edge.trash import Trash
from twinpage.errors import TwinpageError
from twinpage.workspace.opening import Workspace
from twinpage.workspace.twin import Twin

MOST = 2_000
"""From so many paths on, those that no save can concern any more are forgotten meanwhile: of each it is some memory."""


def remember_before(ws: Workspace, twin: Twin) -> None:
    """What both twins had agreed on before one of them is written, as long as somebody may save late."""
    if ws.disk.former is None or twin.base is None:
        return
    agreed = ws.state.packed(twin.artifact)
    if agreed is not None:
        ws.before |= {twin.note_path: agreed, twin.file_path: agreed}
    if len(ws.before) > MOST:
        _forget_old(ws, ws.disk.former)


def take_back_late_saves(ws: Workspace) -> None:
    """Put back what was saved into files that were written over: it is a change of what both twins agreed on before.

    Where somebody changed what took its place, too, it goes to the trash.
    """
    if ws.disk.former is None:
        return
    for former in list(ws.disk.former.late()):
        known = ws.before.get(former.path)
        if known is not None and ws.disk.give_back(former):
            ws.state.put_packed(known)
            ws.state.add_dirty([known.artifact])
        else:
            _to_trash(ws, former, known.artifact if known else former.path)
        former.forget()
    _forget_old(ws, ws.disk.former)


def saved_late(ws: Workspace) -> bool:
    """A program saved into a file that was written over: another pass takes it back."""
    return ws.disk.former is not None and ws.disk.former.saved


def close(ws: Workspace) -> None:
    """Close. The next pass finds what was saved late, as a change of what both twins had agreed on before."""
    with suppress(TwinpageError):  # it cannot be remembered: the file has its place back all the same
        if saved_late(ws):
            with write_lock(ws.root), ws.state.transaction():
                take_back_late_saves(ws)
    ws.close()


def _forget_old(ws: Workspace, former: FormerFiles) -> None:
    recent = former.paths
    ws.before = {path: known for path, known in ws.before.items() if path in recent}


def _to_trash(ws: Workspace, former: Former, artifact: str) -> None:
    Trash(ws.disk).put(artifact, "it was saved while twinpage wrote there", (), [(former.path, former.read())])
