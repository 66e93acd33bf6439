"""What the hooks say after git wrote files: when twins differ now or carry a conflict, else nothing, and quickly."""

from __future__ import annotations

from pathlib import Path

from twinpage.commands.status import status
from twinpage.core.wording import counted, some
from twinpage.edge.lock import watcher_of
from twinpage.edge.place import STATE_FOLDER
from twinpage.edge.terminal import Terminal
from twinpage.errors import TwinpageError
from twinpage.model.plain import plain_line
from twinpage.workspace.opening import open_workspace


def run(*, vault: Path, terminal: Terminal) -> int:
    """Print it; 0, whatever there is: git's work is done, and a hint cannot undo it."""
    # A watcher follows by itself. Without a state nobody has synced here yet, and everything would have to be read.
    if watcher_of(vault) is not None or not (vault / STATE_FOLDER / "state.db").is_file():
        return 0
    try:
        ws = open_workspace(vault, keep_state=False)
        try:
            outcome = status(ws)
        finally:
            ws.close()
    except TwinpageError:
        return 0  # `sync` and `check` tell what is wrong
    open_ = [plain_line(artifact) for artifact in outcome.conflicts]
    if open_:
        have = "artifact has an open conflict" if len(open_) == 1 else "artifacts have open conflicts"
        terminal.remark(f"twinpage: {len(open_)} {have} ({some(open_)}); `twinpage conflicts` shows how to end it.")
    number = sum(map(len, (outcome.ahead, outcome.behind, outcome.apart)))
    if number:
        differ = "differs from its artifact file" if number == 1 else "differ from their artifact files"
        terminal.remark(f"twinpage: {counted(number, 'note')} {differ} now; run `twinpage sync`.")
    return 0
