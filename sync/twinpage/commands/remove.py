"""``twinpage remove``: both twins of an artifact to the trash."""

from __future__ import annotations

from pathlib import Path

from twinpage.commands.sync import sync
from twinpage.edge.lock import write_lock
from twinpage.edge.terminal import Terminal
from twinpage.edge.trash import Trash
from twinpage.errors import UnknownWord, Usage
from twinpage.model.decision import Merge, ToArtifact, ToPage
from twinpage.workspace.carry import Carry
from twinpage.workspace.keeping import last_texts
from twinpage.workspace.look import Look, look
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.standing import looked_at
from twinpage.workspace.twin import Twin


def run(*, vault: Path, artifact: str, with_parts: bool, terminal: Terminal) -> int:
    """Remove an artifact, and with ``with_parts`` everything that belongs to its case."""
    ws = open_workspace(vault)
    try:
        with looked_at(ws):
            doomed = _doomed(ws, artifact, with_parts)
        with write_lock(ws.root), ws.state.transaction():
            seen = look(ws)
            for one in doomed:
                for path in _remove(ws, seen, one):
                    terminal.result(f"trashed {path}")
            ws.save_index()
        if len(doomed) == 1:
            terminal.remark(f"`twinpage restore {artifact}` brings it back.")
        else:
            terminal.remark("`twinpage restore` lists all of it; `twinpage restore ID` brings each back.")
        return sync(ws, terminal).exit_code
    finally:
        ws.close()


def _doomed(ws: Workspace, artifact: str, with_parts: bool) -> list[str]:
    card = ws.vault.card(artifact)
    if card is None:
        raise UnknownWord("artifact", artifact, ws.vault.similar(artifact, ()), "twinpage status")
    parts = sorted(other.id for other in ws.vault.index.names(()) if other.case == artifact and other.id != artifact)
    if parts and not with_parts:
        raise Usage(f"{artifact} has {len(parts)} parts, such as {parts[0]}: remove them too with --with-parts.")
    return [artifact, *parts]


def _remove(ws: Workspace, seen: Look, artifact: str) -> list[str]:
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
    Trash(ws.disk).put(artifact, "it was removed with `twinpage remove`", files, gone)
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
