"""Writes of ours that a hook's stash took back: made while pre-commit put unstaged changes aside, they were lost."""

from __future__ import annotations

from msgspec import Struct

from twinpage.edge import clock
from twinpage.edge.git.activity import GitActivity
from twinpage.edge.states.state_tables import Packed
from twinpage.model.decision import Decision, Merge, ToArtifact, ToPage
from twinpage.model.edit import Digest
from twinpage.workspace.opening import Workspace
from twinpage.workspace.twin import Twin

NEAR = 3.0
"""Seconds between a write and the stash that took it back."""
ONCE = 60.0
"""Seconds in which a write is made good once: somebody who insists shall have their way."""
LONG = 3600.0
"""Seconds that a commit's hooks may take."""
_MOST = 500


class _Write(Struct, frozen=True):
    """What both twins were before we wrote, and what they had agreed on; ``at`` in seconds since the epoch."""

    at: float
    agreed: Packed
    note: Digest
    file: Digest


class TakenBack:
    """Remembers the last writes."""

    def __init__(self, git: GitActivity) -> None:
        self._git = git
        self._writes: dict[str, _Write] = {}
        self._made_good: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._writes)

    def writing(self, ws: Workspace, twin: Twin, decision: Decision) -> None:
        """This is about to be carried out."""
        self._writes.pop(twin.artifact, None)
        now = clock.now_ns() / 1e9
        if twin.base is None or twin.page is None or twin.file is None:
            return
        agreed = ws.state.packed(twin.artifact)
        fresh = self._made_good.get(twin.artifact, 0.0) + ONCE < now
        if fresh and agreed is not None and isinstance(decision, ToArtifact | ToPage | Merge):
            self._writes[twin.artifact] = _Write(now, agreed, twin.page.digest, twin.file.digest)
        while len(self._writes) > _MOST:
            del self._writes[next(iter(self._writes))]

    def make_good(self, ws: Workspace, twin: Twin) -> bool:
        """Put back the base from before a write that was taken back, so that it is made again; False: none was.

        With the base from after it, what the stash brought back would look like an edit, and undo the user's text.
        """
        write = self._writes.get(twin.artifact)
        if write is None or twin.base is None or twin.page is None or twin.file is None:
            return False
        sides = [
            (twin.note_path, twin.page.digest, twin.base.note_digest, write.note),
            (twin.file_path, twin.file.digest, twin.base.artifact_digest, write.file),
        ]
        back = [path for path, now, ours, before in sides if now == before != ours]
        if not back or not (self._git.put_aside_at(write.at, NEAR) or self._git_put(ws, back, write.at)):
            return False
        del self._writes[twin.artifact]
        self._made_good[twin.artifact] = clock.now_ns() / 1e9
        ws.state.put_packed(write.agreed)
        return True

    def forget_old(self) -> None:
        """Drop what no longer counts."""
        now = clock.now_ns() / 1e9
        self._writes = {name: write for name, write in self._writes.items() if not self._is_over(write, now)}
        self._made_good = {name: at for name, at in self._made_good.items() if at + ONCE >= now}

    def _is_over(self, write: _Write, now: float) -> bool:
        """No hook can take it back any more: the one that put changes aside may run its tests for minutes."""
        age = now - write.at
        return age > LONG or (age > ONCE and not self._git.put_aside_at(write.at, NEAR))

    def _git_put(self, ws: Workspace, paths: list[str], at: float) -> bool:
        stats = [ws.disk.stat(path) for path in self._git.same_as_index(paths)]
        return any(stat is not None and abs(stat.mtime_ns / 1e9 - at) < NEAR for stat in stats)
