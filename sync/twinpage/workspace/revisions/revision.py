"""A vault as git has it, staged or in a commit, with its flags up to date: only what differs from last time is read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from twinpage.core.flags.flagging import Broken
from twinpage.edge.git.trees import Tree
from twinpage.edge.states.slots import keep_listing
from twinpage.edge.states.state import State
from twinpage.errors import NotWritten
from twinpage.workspace.flagging.flags import flags_within
from twinpage.workspace.log import log_broken
from twinpage.workspace.look import look
from twinpage.workspace.opening import Workspace, workspace_on
from twinpage.workspace.revisions.revision_ground import files_of, ground_at


def open_revision(root: Path, tree: Tree, slot: str, settings: bytes | None = None, today: str = "") -> Workspace:
    """The vault at ``root`` as a tree has it, read only, its flags up to date. To be closed.

    ``slot``: ``staged``, ``head`` or ``base``, where what is found out is kept. ``settings``: to go by instead of the
    tree's own, should these have mistakes. ``today``: instead of its date, so that what only time brought does not
    differ between two trees. Raises what ``ground_at`` raises.
    """
    ground = ground_at(root, tree, slot, settings, today)
    try:
        ws = workspace_on(ground)
        log_broken(root, () if ground.unchanged() else bring_up(ws))
        return ws
    except BaseException:
        ground.close()
        raise


def bring_up(ws: Workspace) -> tuple[Broken, ...]:
    """Take the flags of what is another than last time, and of what depends on it; the rules that failed.

    Where the slot cannot be written, it is done in memory.
    """
    try:
        return _brought_up(ws)
    except NotWritten:
        ws.forget_state(_in_memory(ws.state))
        if ws.state.recall("settings") != ws.settings_digest:
            files_of(ws).news = None
        return _brought_up(ws)


def _brought_up(ws: Workspace) -> tuple[Broken, ...]:
    files = files_of(ws)
    paths = None if files.news is None else sorted(files.news)
    with ws.state.transaction():
        broken = flags_within(ws, look(ws, paths))
        keep_listing(ws.state, files.news, files.contents)
    files.news = []
    return broken


def _in_memory(state: State) -> State | None:
    try:
        return state.copy()
    except sqlite3.Error:
        return None
