"""``twinpage remove``: both twins of an artifact to the trash."""

from __future__ import annotations

from pathlib import Path

from twinpage.commands.sync import sync_after
from twinpage.core.wording import some
from twinpage.edge.ending import may_be_cut
from twinpage.edge.lock import write_lock
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownArtifact, Usage
from twinpage.workspace.carrying.standing import looked_at
from twinpage.workspace.handover import leave
from twinpage.workspace.look import look
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.trash.removing import remove_twins


def run(*, vault: Path, artifact: str, with_parts: bool, terminal: Terminal) -> int:
    """Remove an artifact, and with ``with_parts`` everything that belongs to its case."""
    ws = open_workspace(vault)
    try:
        with looked_at(ws):
            doomed = _doomed(ws, artifact, with_parts)
            left = sorted({who for one in doomed for who in ws.vault.index.referrers(one)} - set(doomed))
        with write_lock(ws.root), ws.state.transaction():
            seen = look(ws)
            leave(ws, seen)
            for one in doomed:
                gone = remove_twins(ws, seen, one, "it was removed with `twinpage remove`")
                with may_be_cut():  # between two deeds; and who reads what is told may have stopped reading
                    for path in gone:
                        terminal.result(f"trashed {path}")
            ws.save_index()
        if len(doomed) == 1:
            terminal.remark(f"`twinpage restore {artifact}` brings it back.")
        else:
            terminal.remark(f"`twinpage restore {artifact} --with-parts` brings all of it back.")
        if left:
            still, them = ("artifacts still name", "them") if len(left) > 1 else ("artifact still names", "it")
            told = f"{len(left)} {still} what went: {some(left)}."
            terminal.remark(f"{told} Let {them} name another, or remove {them} as well.")
        return sync_after(ws, terminal, doomed)
    finally:
        ws.close()


def _doomed(ws: Workspace, artifact: str, with_parts: bool) -> list[str]:
    card = ws.vault.card(artifact)
    if card is None:
        raise UnknownArtifact(artifact, ws.vault.similar_ids(artifact, ()))
    parts = sorted(other.id for other in ws.vault.index.names(()) if other.case == artifact and other.id != artifact)
    if parts and not with_parts:
        raise Usage(f"{artifact} has {len(parts)} parts, such as {parts[0]}: remove them too with --with-parts.")
    return [artifact, *parts]
