"""Removing an artifact because somebody said so."""

from __future__ import annotations

from twinpage.edge.trash import Trash
from twinpage.workspace.opening import Workspace


def remove_twins(ws: Workspace, artifact: str, because: str) -> list[str]:
    """Move both to the trash, in a transaction of the state; the paths moved. Raises ChangedMeanwhile, NotWritten."""
    card = ws.vault.card(artifact)
    assert card is not None
    files = []
    for path in (card.path, card.note_path):
        facts = ws.state.file(path) if path else None
        if facts is not None and facts.artifact != artifact and facts.condition != "blank":
            continue  # the note says that it is something else now, or nothing: it is somebody's own
        if facts is not None and ws.disk.stat(path) is not None:
            files.append((path, facts.digest))
    Trash(ws.disk).put(artifact, because, files)
    ws.state.drop_base(artifact)
    ws.disk.flush()
    return [path for path, _ in files]
