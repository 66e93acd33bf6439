"""Removing an artifact because somebody said so."""

from __future__ import annotations

from twinpage.edge.trash import Trash
from twinpage.model.decision import Merge, ToArtifact, ToPage
from twinpage.workspace.carrying.carry import Carry
from twinpage.workspace.look import Look
from twinpage.workspace.opening import Workspace
from twinpage.workspace.trash.keeping import last_texts
from twinpage.workspace.twin import Twin


def remove_twins(ws: Workspace, seen: Look, artifact: str, because: str) -> list[str]:
    """Move both to the trash, in a transaction of the state; the paths moved. Raises ChangedMeanwhile, NotWritten."""
    twin = _in_step(ws, seen, artifact)
    files = []
    for path in (twin.file_path, twin.card.note_path if twin.card else ""):
        facts = ws.state.file(path) if path else None
        if facts is not None and facts.artifact != artifact and facts.condition != "blank":
            continue  # the note says that it is something else now, or nothing: it is somebody's own
        if facts is not None and ws.disk.stat(path) is not None:
            files.append((path, facts.digest))
    last = last_texts(ws, twin, [path for path, _ in files])
    gone = [(path, text) for path, text in last if ws.disk.stat(path) is None]
    Trash(ws.disk).put(artifact, because, files, gone)
    ws.state.drop_base(artifact)
    ws.disk.flush()
    return [path for path, _ in files]


def _in_step(ws: Workspace, seen: Look, artifact: str) -> Twin:
    """The artifact, with what only one twin says carried over: what comes back later shall be in step."""
    carry = Carry(ws, seen)
    twin, decision = carry.decide(artifact)
    if twin.page is not None and twin.file is not None and isinstance(decision, ToArtifact | ToPage | Merge):
        carry.carry(twin, decision)
        ws.state.put_files(carry.facts)
    return twin
