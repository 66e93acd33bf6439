"""What a watcher does once it is quiet: sums over the whole vault that no single change has to wait for."""

from __future__ import annotations

from collections.abc import Callable

from twinpage.edge import clock
from twinpage.edge.lock import write_lock
from twinpage.edge.states.state_index import StateIndex
from twinpage.model.event import Event
from twinpage.workspace.flagging.flags import finish_flags
from twinpage.workspace.flagging.flags_note import flags_note_at, not_ignored, write_flags_note
from twinpage.workspace.opening import Workspace
from twinpage.workspace.trash.pruning import prune_if_due

AFTER = 1.0
"""Seconds of quiet before they are done."""


class Chores:
    """Remembers what the sums have to take in. ``due`` is None when nothing is to be done."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self.whole = False
        """Anything may have changed."""
        self.due: float | None = None

    def add(self, keys: frozenset[str], whole: bool, now: float) -> None:
        """A pass was made that touched these keys, or anything when it was ``whole``."""
        self.whole = self.whole or whole
        self._keys = set() if self.whole else self._keys | keys  # all of a storm's would be megabytes
        self.due = now + AFTER

    def do(self, ws: Workspace, say: Callable[[Event], None]) -> None:
        """Do them."""
        with write_lock(ws.root), ws.state.transaction():
            finish_flags(ws, None if self.whole or not self._keys else self._keys)
        self._keys.clear()
        self.whole, self.due = False, None
        before = flags_note_at(ws)
        noted = write_flags_note(ws)
        if noted.path and (sentence := not_ignored(ws, before)):
            say(Event("remark", sentence))
        if noted.seconds:
            self.due = clock.monotonic() + noted.seconds
        if noted.refused:
            say(Event("refused", noted.refused))
        prune_if_due(ws, lambda sentence: say(Event("remark", sentence)))
        ws.drop_texts()
        ws.use(StateIndex(ws.state))
