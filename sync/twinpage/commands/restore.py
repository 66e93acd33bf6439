"""``twinpage restore``: bring back what a pass took off the disk."""

from __future__ import annotations

from pathlib import Path

from twinpage.commands.sync import sync
from twinpage.edge.lock import write_lock
from twinpage.edge.terminal import Terminal
from twinpage.edge.trash import Bundle, Trash
from twinpage.errors import AlreadyThere, UnknownWord
from twinpage.model.edit import digest
from twinpage.workspace.opening import open_workspace
from twinpage.workspace.rename_recovery import recover
from twinpage.workspace.returning import as_of_today, names_of
from twinpage.workspace.standing import looked_at


def run(*, vault: Path, artifact: str, terminal: Terminal) -> int:
    """Bring back the newest removal of an artifact, or one by its own name; list all when none is named."""
    ws = open_workspace(vault)
    try:
        trash = Trash(ws.disk)
        bundles = trash.bundles()
        if not artifact:
            terminal.result(_listed(bundles))
            return 0
        names = names_of(ws, artifact)
        bundle = next((one for one in bundles if one.artifact in names or one.folder.name == artifact), None)
        if bundle is None:
            raise UnknownWord("removed artifact", artifact, listed_by="twinpage restore")
        with write_lock(ws.root):
            recover(ws)
            with looked_at(ws):
                files = as_of_today(ws, bundle)
            _refuse_covering(trash, bundle, files, terminal)
            written = trash.bring_back(bundle, files)
        for path in written:
            terminal.result(f"restored {path}")
        if not written:
            terminal.result(f"Nothing to do: {bundle.artifact} is back already.")
        return sync(ws, terminal).exit_code
    finally:
        ws.close()


def _refuse_covering(trash: Trash, bundle: Bundle, files: dict[str, bytes], terminal: Terminal) -> None:
    for path, data in files.items():
        if trash.disk.stat(path) is not None and digest(trash.disk.read(path)) != digest(data):
            terminal.remark(f"What was put away lies in {trash.place(bundle)}; nothing of it is lost.")
            raise AlreadyThere(path)


def _listed(bundles: list[Bundle]) -> str:
    if not bundles:
        return "The trash is empty."
    rows = [f"{one.when}  {one.artifact}  ({one.because}; {', '.join(one.files)})" for one in bundles]
    newest: set[str] = set()
    for number, one in enumerate(bundles):
        if one.artifact in newest:  # by its id, a later removal comes back
            rows[number] += f"  `twinpage restore {one.folder.name}`"
        newest.add(one.artifact)
    return "\n".join([*rows, "Bring one back with `twinpage restore ID`."])
