"""``twinpage watch``: the same as ``sync``, for as long as it runs, about what changes."""

from __future__ import annotations

import math
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from twinpage.core.wording import counted
from twinpage.edge import clock, deeds
from twinpage.edge.events import Events, Hints
from twinpage.edge.lock import Beat, watcher_role
from twinpage.edge.mounts import far_disk
from twinpage.edge.place import identity
from twinpage.edge.terminal import Terminal
from twinpage.errors import VaultGone
from twinpage.model.event import Event
from twinpage.model.output import Style
from twinpage.outputs import output_for
from twinpage.workspace.watch.watching import Watching

BEAT = 10.0
"""Seconds between two signs of life."""
LOOK_WITHOUT_EVENTS, LOOK_FAR = 5.0, 30.0
"""Seconds between two looks at all files where the system tells of no changes, and where others make some of which it
does not tell. Everywhere else there are none."""
ASLEEP = 60.0
"""Seconds later than asked for: the machine slept, and nobody knows what happened meanwhile."""
LINES = {"flag": 6, "flag-gone": 6}
MOST_LINES = 12
"""How many lines of one kind are told of one step; the rest is counted."""


class Terminated(BaseException):
    """Somebody asked the process to end."""


def run(*, vault: Path, output_format: str, terminal: Terminal) -> int:
    """Watch until stopped: 130 with Ctrl-C, 0 when asked to end. Raises AlreadyWatched, VaultGone and what opening
    a vault raises."""
    voice = _Voice(vault, output_format, terminal)
    with watcher_role(vault) as beat, _ending():
        code = 0
        try:
            _watch(vault, voice, beat)
        except KeyboardInterrupt:
            code = 130
        except Terminated:
            pass
        voice.say(Event("stopped", "Stopped; everything that was carried over is safe."))
        voice.flush()
        return code


def _watch(vault: Path, voice: _Voice, beat: Beat) -> None:
    watching = Watching(vault, voice.say)
    try:
        with ExitStack() as stack:
            try:
                events = stack.enter_context(Events(vault))
            except OSError as error:
                voice.say(Event("remark", f"The system does not tell of changes here ({error.strerror}). {_SLOWLY}"))
                _listen(watching, voice, beat, None, LOOK_WITHOUT_EVENTS)
                return
            _listen(watching, voice, beat, events, _look_again(vault, events, voice))
    finally:
        watching.close()


def _look_again(vault: Path, events: Events, voice: _Voice) -> float:
    """Seconds between two looks at everything: infinite where the system tells of all changes."""
    unwatched = events.unwatched_folders()
    if unwatched:
        voice.say(Event("remark", _TOO_FEW.format(counted(unwatched, "folder"))))
        return LOOK_WITHOUT_EVENTS
    kind = far_disk(vault)
    if kind:
        voice.say(Event("remark", _FAR.format(kind)))
        return LOOK_FAR
    return math.inf


_SLOWLY = f"All files are compared every {LOOK_WITHOUT_EVENTS:.0f} seconds instead."
_TOO_FEW = (
    f"The system watches no more folders for one user, so it does not tell of {{}}. {_SLOWLY} To be told at once, "
    "raise fs.inotify.max_user_watches."
)
_FAR = (
    "This vault, or a folder in it, is on a disk that other computers write to ({}), and the system does not tell of "
    f"what they do there. All files are compared every {LOOK_FAR:.0f} seconds as well; to be told at once, keep the "
    "vault on a disk of this computer."
)


def _listen(watching: Watching, voice: _Voice, beat: Beat, events: Events | None, anyway: float) -> None:
    vault = watching.root
    known = identity(vault)
    look_at = clock.monotonic() + anyway
    beat_at = 0.0
    while True:
        if voice.terminal.unread:
            raise Terminated  # a plugin or pipe that is gone would leave a watcher that nobody knows of
        now = clock.monotonic()
        hints = events.take() if events is not None else Hints()
        if hints.ended or identity(vault) != known:
            raise VaultGone(str(vault))
        if now >= look_at:
            hints.doubt = True
            look_at = now + anyway
        if now >= beat_at:
            beat(watching.batches)
            beat_at = now + BEAT
        before = watching.batches
        watching.step(hints)
        if watching.batches != before:
            beat(watching.batches)
        voice.flush()
        due = watching.next()
        now = clock.monotonic()
        pause = min(max(0.0, beat_at - now), max(0.0, look_at - now), *([] if due is None else [due]))
        if events is not None:
            events.wait(pause)
        else:
            clock.sleep(pause)
        if clock.monotonic() - now > pause + ASLEEP:
            look_at = 0.0


@contextmanager
def _ending() -> Iterator[None]:
    """A request to end arrives as an exception, wherever the work is: a pass that is cut short heals in the next."""

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Voice:
    """Writes events; of many of one kind at once a person sees the first few and their number."""

    def __init__(self, vault: Path, output_format: str, terminal: Terminal) -> None:
        self._vault = vault
        self._worded = output_for("event", "json" if output_format == "jsonl" else output_format)
        self.terminal = terminal
        self._style = Style(colour=terminal.colour)
        self._for_people = output_format == "text"
        self._said: Counter[str] = Counter()

    def say(self, event: Event) -> None:
        if event.what not in _LOGGED_OR_MANY:
            deeds.note(self._vault, [f"{event.what}  {event.path}  {event.sentence}  {event.artifact}"])
        self._said[event.what] += 1
        if self._for_people and self._said[event.what] > LINES.get(event.what, MOST_LINES):
            return
        line = self._worded(event, clock.stamp(), self._style)
        trouble = event.what in ("refused", "remark") and self._for_people
        (self.terminal.remark if trouble else self.terminal.result)(line)

    def flush(self) -> None:
        """One step is done."""
        said, self._said = self._said, Counter()
        for what, number in said.items():
            most = LINES.get(what, MOST_LINES)
            if self._for_people and number > most:
                more = counted(number - most, _MORE.get(what, "line"))
                self.terminal.result(f"          and {more} more.")


_LOGGED_OR_MANY = ("change", "conflict", "flag", "flag-gone")
"""Not for the log: every pass writes its deeds there itself, and flags are told by ``check``."""
_MORE = {"change": "file", "flag": "flag", "flag-gone": "flag", "held": "held artifact", "conflict": "conflict"}
