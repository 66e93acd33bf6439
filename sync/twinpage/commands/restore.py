"""``twinpage restore``: bring back what a pass took off the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from twinpage.commands.sync import sync_after
from twinpage.core.wording import moment
from twinpage.edge.ending import may_be_cut
from twinpage.edge.lock import write_lock
from twinpage.edge.terminal import Terminal
from twinpage.edge.trash import Bundle, Trash, by_id
from twinpage.errors import AlreadyThere, UnknownWord, Usage
from twinpage.model.names import case_of
from twinpage.model.plain import plain_line
from twinpage.workspace.carrying.standing import looked_at
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.rename.recovery import recover
from twinpage.workspace.trash.restoring import bring_back, chosen


def run(*, vault: Path, artifact: str, terminal: Terminal, with_parts: bool = False) -> int:
    """Bring back the newest removal of an artifact, or one by its own name; list all when none is named.

    ``with_parts``: also everything that belongs to the case and is not there.
    """
    ws = open_workspace(vault)
    try:
        trash = Trash(ws.disk)
        if with_parts and not artifact:
            raise Usage("--with-parts needs the ID of a case: `twinpage restore` lists what could come back.")
        if not artifact:
            terminal.result(_listed([bundle for bundle in trash.bundles() if bundle.files]))
            return 0
        with write_lock(ws.root):
            recover(ws)
            parts = _parts(ws, trash, artifact) if with_parts else []
            back = [_restore(ws, trash, artifact, terminal)]
            refused = _restore_parts(ws, trash, parts, terminal)
        return max(sync_after(ws, terminal, [*back, *parts]), 2 if refused else 0)
    finally:
        ws.close()


def _parts(ws: Workspace, trash: Trash, case: str) -> list[str]:
    """What belonged to a case, lies in the trash, and has neither twin any more."""
    with looked_at(ws):
        gone = (name for name in by_id(trash.bundles()) if ws.vault.card(name) is None)
        return sorted(name for name in gone if case_of(name) == case and name != case)


def _restore_parts(ws: Workspace, trash: Trash, parts: Sequence[str], terminal: Terminal) -> int:
    """Bring all of them back that have room; how many have none, each told."""
    refused = 0
    for part in parts:
        try:
            _restore(ws, trash, part, terminal)
        except AlreadyThere as error:
            terminal.remark(str(error))
            refused += 1
    return refused


def _restore(ws: Workspace, trash: Trash, word: str, terminal: Terminal) -> str:
    """Bring it back; the id of what came back."""
    bundle = chosen(ws, trash.bundles(), word)
    if bundle is None:
        unread = next((folder for folder in trash.unread() if folder.rpartition("/")[2] == word), "")
        if unread:
            raise Usage(f"The record of {unread} cannot be read: take what you need out of that folder by hand.")
        raise UnknownWord("removed artifact", word, listed_by="twinpage restore")
    for path in bundle.missing:
        terminal.remark(f"{path} is no longer in the trash; the rest of this removal is brought back.")
    try:
        written = bring_back(ws, trash, bundle)
    except AlreadyThere:
        terminal.remark(f"What was put away lies in {trash.place(bundle)}; nothing of it is lost.")
        raise
    with may_be_cut():  # between two deeds; and who reads what is told may have stopped reading
        for path in written:
            terminal.result(f"restored {path}")
    if not written:
        where = f" What was put away lies in {trash.place(bundle)}, too." if bundle.restored else ""
        terminal.result(f"Nothing to do: {bundle.artifact} is back already.{where}")
    return bundle.artifact


def _listed(bundles: list[Bundle]) -> str:
    if not bundles:
        return "The trash is empty."
    rows = []
    first = by_id(bundles)
    for one in bundles:
        told = f"{moment(one.when)}  {one.artifact}  ({one.because}; {', '.join(one.files)})"
        later = "" if first[one.artifact] is one else f"  `twinpage restore {plain_line(one.name)}`"
        rows.append(plain_line(told) + later)
    return "\n".join([*rows, "Bring one back with `twinpage restore ID`."])
