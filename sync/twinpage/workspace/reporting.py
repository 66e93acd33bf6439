"""What a watcher says of its passes: each thing once, when it comes and when it goes."""

from __future__ import annotations

from collections.abc import Callable

from twinpage.core.wording import counted
from twinpage.edge import clock
from twinpage.model.event import Event, What
from twinpage.model.flag import Flag
from twinpage.model.outcome import HeldTwin
from twinpage.workspace.log import log_broken
from twinpage.workspace.opening import Workspace
from twinpage.workspace.passes import PassResult
from twinpage.workspace.remembered import unpacked

LONG = 4.0
"""Seconds. What waits for less is not worth a word: somebody is typing."""
AGAIN = 60.0
"""Seconds after which the same is told of the same artifact again."""


class Reporting:
    """Remembers what was said."""

    def __init__(self, say: Callable[[Event], None]) -> None:
        self._say = say
        self._held: dict[str, HeldTwin] = {}
        self._conflicts: dict[str, set[str]] = {}
        self._refused: set[str] = set()
        self._waiting: dict[str, tuple[str, float]] = {}
        self._flags: dict[str, str] | None = None
        self._troubles: set[str] = set()
        self.started = False

    def start(self, ws: Workspace) -> None:
        """Everything was looked at for the first time."""
        self.started = True
        known = ws.state.recall("flags")
        flags = counted(int(known), "flag") if known.isdecimal() else "flags not counted"
        twins = counted(ws.state.count_cards(), "artifact")
        self._say(Event("started", f"Watching {ws.root.name}: {twins}, {flags}. Stop with Ctrl-C."))

    def trouble(self, sentence: str) -> None:
        """Something keeps a whole pass from being made; each is said once until a pass goes well."""
        if sentence not in self._troubles:
            self._troubles.add(sentence)
            self._say(Event("refused", sentence))

    def passed(self, ws: Workspace, result: PassResult, whole: bool) -> None:
        """Say what one pass did and found."""
        self._troubles.clear()
        for change in result.tally.changes:
            self._say(Event("change", change.because, change.path, 0, change.artifact, action=change.action))
        self._tell_held(result)
        self._tell_conflicts(result)
        self._tell_waiting(result)
        refused = {*result.tally.not_written, *log_broken(ws.root, result.broken)}
        for sentence in sorted(refused - self._refused):
            self._say(Event("refused", sentence))
        self._refused = refused | (self._refused if not whole else set())

    def flags(self, ws: Workspace) -> None:
        """Say which flags came and went since the last time, whoever changed what; nothing of the first time."""
        now = dict(ws.state.flags())
        before, self._flags = self._flags, now
        if before is not None:
            changed = sorted(
                subject for subject in before.keys() | now.keys() if before.get(subject) != now.get(subject)
            )
            for subject in changed:
                self._tell_flags(ws, subject, before.get(subject, ""), now.get(subject, ""))

    def _tell_held(self, result: PassResult) -> None:
        now = {held.artifact or held.path: held for held in result.tally.held}
        for key, held in now.items():
            if self._held.get(key) != held:
                self._say(Event("held", held.because, held.path, held.line, held.artifact))
        for key in sorted(self._held.keys() - now.keys()):
            if key not in result.decided and self._held[key].artifact:
                continue  # this pass was about others
            held = self._held.pop(key)
            self._say(Event("freed", "it is carried over again.", held.path, 0, held.artifact))
        self._held |= now

    def _tell_conflicts(self, result: PassResult) -> None:
        now: dict[str, set[str]] = {}
        for conflict in result.tally.conflicts:
            now.setdefault(conflict.artifact, set()).add(conflict.pointer)
            if conflict.pointer not in self._conflicts.get(conflict.artifact, ()):
                sentence = f"Both sides changed it: `twinpage resolve {conflict.artifact}` decides."
                self._say(Event("conflict", sentence, conflict.path, 0, conflict.artifact, conflict.pointer))
        for artifact in sorted(result.decided & self._conflicts.keys() - now.keys()):
            del self._conflicts[artifact]
            self._say(Event("agreed", "Both sides say the same again.", artifact=artifact))
        self._conflicts |= now

    def _tell_waiting(self, result: PassResult) -> None:
        now = clock.monotonic()
        for one in result.tally.waiting:
            because, then = self._waiting.get(one.artifact, ("", now))
            if one.seconds >= LONG and (because != one.because or then + AGAIN < now):
                self._waiting[one.artifact] = one.because, now
                sentence = f"{one.because}; it is looked at again in {one.seconds:.0f} s."
                self._say(Event("waiting", sentence, one.path, 0, one.artifact))
        for artifact in [name for name, (_, then) in self._waiting.items() if then + AGAIN < now]:
            del self._waiting[artifact]

    def _tell_flags(self, ws: Workspace, subject: str, before: str, after: str) -> None:
        old = {flag.fingerprint: flag for flag in unpacked(ws.state, subject, before)}
        new = {flag.fingerprint: flag for flag in unpacked(ws.state, subject, after)}
        for mark in sorted(new.keys() - old.keys()):
            self._say(_told("flag", new[mark]))
        for mark in sorted(old.keys() - new.keys()):
            self._say(_told("flag-gone", old[mark]))


def _told(what: What, flag: Flag) -> Event:
    place = (flag.message, flag.path, flag.line, flag.artifact, flag.pointer)
    return Event(what, *place, code=flag.code, severity=flag.severity, fingerprint=flag.fingerprint)
