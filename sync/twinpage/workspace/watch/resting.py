"""Twins that a watcher leaves alone for a moment: git has just put a file there, or two programs undo each other."""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.back_and_forth import BackAndForth
from twinpage.edge import clock
from twinpage.edge.git.activity import GitActivity
from twinpage.model.decision import Decision, Forgotten, Gone, Held, Same, Wait
from twinpage.model.outcome import Change
from twinpage.workspace.opening import Workspace
from twinpage.workspace.twin import Twin
from twinpage.workspace.watch.taken_back import TakenBack

HOLD = 5.0
"""Seconds for which a change is held that is just what git's index has."""
AGAIN = 0.3
"""Seconds after which a write is made again that was taken back."""
TAKEN = 60.0
"""Seconds after which it is asked again whether a twin is still gone by git's doing."""
COUNTS = 65.0
"""Seconds for which our own last writes count."""


class Resting:
    """Remembers since when something is held."""

    def __init__(self, git: GitActivity) -> None:
        self._git = git
        self._since: dict[str, tuple[str, float]] = {}
        self._turns = BackAndForth()
        self._taken_back = TakenBack(git)
        self._last = 0.0
        self.due: float | None = None
        """When it is time to ``forget_old``; None: nothing is remembered."""

    def rest(self, ws: Workspace, twin: Twin, decision: Decision) -> tuple[str, float] | None:
        """Why this decision waits, and for how many seconds; None: carry it out."""
        if isinstance(decision, Same | Held | Wait | Forgotten):
            self._since.pop(twin.artifact, None)
            return None
        if self._taken_back.make_good(ws, twin):
            return "what was written a moment ago was taken back by a commit's hooks", AGAIN
        why = self._why(twin, decision)
        if why is None:
            self._taken_back.writing(ws, twin, decision)
        return why

    def _why(self, twin: Twin, decision: Decision) -> tuple[str, float] | None:
        now = clock.monotonic()
        again = self._turns.rest(twin.artifact, now)
        if again:
            because = (
                "it goes back and forth between two versions, so another program must be writing it too; find and "
                "stop that one"
            )
            return because, again
        taken = self._taken_by_git(twin, decision) if isinstance(decision, Gone) else None
        return taken or self._held_for_git(twin, now)

    def _held_for_git(self, twin: Twin, now: float) -> tuple[str, float] | None:
        # A hook that put unstaged changes aside shows what is in the index (pre-commit#2803). Where both twins are so
        # and agree, nothing is to be written and nothing held.
        changed = [path for path, _ in _changed_sides(twin)]
        if not self._git.same_as_index(changed):
            self._since.pop(twin.artifact, None)
            return None
        version = " ".join(digest for _, digest in _changed_sides(twin))
        known, since = self._since.get(twin.artifact, ("", now))
        if known != version:
            since = now
        self._since[twin.artifact] = version, since
        left = since + HOLD - now
        return ("git has just put this version there", left) if left > 0 else None

    def _taken_by_git(self, twin: Twin, gone: Gone) -> tuple[str, float] | None:
        # A branch that has only one of the twins: nobody asked for the other to be removed.
        path = twin.file_path if gone.side == "file" else twin.base.note_path if twin.base else ""
        if not path or not self._git.took_away(path):
            return None
        went, left = ("artifact file", "note") if gone.side == "file" else ("note", "artifact file")
        because = f"git took its {went} away, so its {left} stays; to remove the artifact, remove the {left} too"
        return because, TAKEN

    def wrote(self, ws: Workspace, changes: Iterable[Change], now: float) -> None:
        """A pass wrote these files."""
        for artifact in dict.fromkeys(change.artifact for change in changes):
            self._since.pop(artifact, None)
            base = ws.state.base(artifact)
            if base is not None:
                self._turns.wrote(artifact, f"{base.note_digest} {base.artifact_digest}", now)
                self._last = now
                self.due = self.due or now + COUNTS

    def forget_old(self, now: float) -> None:
        """Drop what no longer counts."""
        self._turns.forget_old(now)
        self._taken_back.forget_old()
        last = self._last + COUNTS
        remembers = len(self._turns) or len(self._taken_back)
        self.due = (last if last > now else now + COUNTS) if remembers else None


def _changed_sides(twin: Twin) -> list[tuple[str, str]]:
    """Path and digest of the sides that are not as they were when both last agreed."""
    sides = []
    if twin.page is not None and (twin.base is None or twin.page.digest != twin.base.note_digest):
        sides.append((twin.note_path, twin.page.digest))
    if twin.file is not None and (twin.base is None or twin.file.digest != twin.base.artifact_digest):
        sides.append((twin.file_path, twin.file.digest))
    return sides
