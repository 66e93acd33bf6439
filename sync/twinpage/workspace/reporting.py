"""What a watcher says of its passes: each thing once, when it comes and when it goes."""

from __future__ import annotations

from collections.abc import Callable

from twinpage.core.wording import counted
from twinpage.edge import clock
from twinpage.errors import MEND_IT
from twinpage.model.event import Event, What
from twinpage.model.flag import SEVERITIES, Flag
from twinpage.model.outcome import HeldTwin
from twinpage.workspace.carrying.passes import PassResult
from twinpage.workspace.log import log_broken
from twinpage.workspace.opening import Workspace
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
        self._astray: dict[str, HeldTwin] = {}
        """Held for a link that leads nowhere, and not told of yet."""
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
        if sentence and sentence not in self._troubles:
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
            self._say(Event("refused", sentence.replace(MEND_IT, "mend that: it is tried again by itself.")))
        self._refused = refused | (self._refused if not whole else set())

    def settled_elsewhere(self, ws: Workspace) -> None:
        """Say what of all that was held or in conflict another command settled meanwhile."""
        unsettled = ws.state.dirty()
        for key in sorted(key for key, held in self._held.items() if held.artifact and held.artifact not in unsettled):
            self._free(key)
        for artifact in sorted(self._conflicts.keys() - unsettled):
            self._agree(artifact)

    def _free(self, key: str) -> None:
        held = self._held.pop(key)
        self._say(Event("freed", "Nothing holds it any more.", held.path, 0, held.artifact))

    def _agree(self, artifact: str) -> None:
        del self._conflicts[artifact]
        self._say(Event("agreed", "Both sides say the same again.", artifact=artifact))

    def flags(self, ws: Workspace) -> None:
        """Say which flags came and went since the last time, whoever changed what; nothing of the first time."""
        now = dict(ws.state.flags())
        before, self._flags = self._flags, now
        if before is None:
            return
        came: list[Flag] = []
        went: list[Flag] = []
        for subject in before.keys() | now.keys():
            if before.get(subject) != now.get(subject):
                old = {flag.fingerprint: flag for flag in unpacked(ws.state, subject, before.get(subject, ""))}
                new = {flag.fingerprint: flag for flag in unpacked(ws.state, subject, now.get(subject, ""))}
                came += [new[mark] for mark in new.keys() - old.keys()]
                went += [old[mark] for mark in old.keys() - new.keys()]
        for flag in sorted(came, key=_gravest_first):
            self._say(_told("flag", flag))
        for flag in sorted(went, key=_gravest_first):
            self._say(_told("flag-gone", flag))

    def _tell_held(self, result: PassResult) -> None:
        now = {held.artifact or held.path: held for held in result.tally.held}
        for key, held in now.items():
            if self._held.get(key) == held:
                continue
            if held.pointers:
                self._astray[key] = held
            else:
                self._say_held(held)
        settled = _settled(result)
        for key in sorted(self._held.keys() - now.keys()):
            if key in settled or not self._held[key].artifact:
                self._free(key)  # else this pass was about others
        self._astray = {key: held for key, held in self._astray.items() if key in now or key not in settled}
        self._held |= {key: held for key, held in now.items() if key not in self._astray}

    def links(self) -> None:
        """Say which links lead nowhere: not at once, for a note that an editor saves may be gone for a moment."""
        for held in self._astray.values():
            self._say_held(held)
        self._held |= self._astray
        self._astray = {}

    def _say_held(self, held: HeldTwin) -> None:
        self._say(Event("held", held.because, held.path, held.line, held.artifact))

    def _tell_conflicts(self, result: PassResult) -> None:
        now: dict[str, set[str]] = {}
        for conflict in result.tally.conflicts:
            now.setdefault(conflict.artifact, set()).add(conflict.pointer)
            if conflict.pointer not in self._conflicts.get(conflict.artifact, ()):
                happened = "Both sides changed it" if conflict.pointer else "One side was removed, the other changed"
                sentence = f"{happened}: run `twinpage resolve {conflict.artifact} --take note`, or `--take file`."
                self._say(Event("conflict", sentence, conflict.path, 0, conflict.artifact, conflict.pointer))
        for artifact in sorted(_settled(result) & self._conflicts.keys() - now.keys()):
            self._agree(artifact)
        self._conflicts |= now

    def _tell_waiting(self, result: PassResult) -> None:
        now = clock.monotonic()
        for one in result.tally.waiting:
            because, then = self._waiting.get(one.artifact, ("", now))
            if one.seconds >= LONG and (because != one.because or then + AGAIN < now):
                self._waiting[one.artifact] = one.because, now
                sentence = f"{one.because}; it is looked at again in {one.seconds:.0f} s."
                self._say(Event("waiting", sentence, one.path, 0, one.artifact))
        self.forget_old()

    @property
    def remembered(self) -> int:
        """How many artifacts wait of which it was said a moment ago."""
        return len(self._waiting)

    def forget_old(self) -> None:
        """Drop what would be told again by now."""
        now = clock.monotonic()
        for artifact in [name for name, (_, then) in self._waiting.items() if then + AGAIN < now]:
            del self._waiting[artifact]


def _settled(result: PassResult) -> frozenset[str]:
    """Artifacts of which this pass has found out how they stand."""
    return result.decided - {one.artifact for one in result.tally.waiting}


def _gravest_first(flag: Flag) -> tuple[int, tuple[str, int, str, int, str]]:
    return SEVERITIES.index(flag.severity), flag.order


def _told(what: What, flag: Flag) -> Event:
    place = (flag.message, flag.path, flag.line, flag.artifact, flag.pointer)
    return Event(what, *place, code=flag.code, severity=flag.severity, fingerprint=flag.fingerprint)
