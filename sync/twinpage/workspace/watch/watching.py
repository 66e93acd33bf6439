"""A watcher's work: told where something happened, it carries over just that and what depends on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from msgspec import Struct

from twinpage.core.settling import STORM, Settling
from twinpage.edge import clock
from twinpage.edge.events import Hints
from twinpage.edge.git.activity import GitActivity
from twinpage.edge.memory import give_back, keep_large_apart
from twinpage.errors import TwinpageError
from twinpage.model.event import Event
from twinpage.workspace.carrying import late_saves
from twinpage.workspace.carrying.passes import PassResult, run_pass
from twinpage.workspace.handover import AT_ONCE, GAP, look_ahead
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.reporting import Reporting
from twinpage.workspace.scope import Scope
from twinpage.workspace.watch.chores import AFTER, Chores
from twinpage.workspace.watch.portion import MOST, Portion
from twinpage.workspace.watch.resting import Resting
from twinpage.workspace.watch.retries import Retries
from twinpage.workspace.watch.troubles import Troubles

ASK_AGAIN = 0.3
"""Seconds after which git is asked again whether it is done."""
DOUBT_RESTS, DOUBT_WAITS = 0.5, 3.0
"""Seconds of quiet before the whole vault is looked at, and for how many that is waited for at most."""
SOON = 4.0
"""Seconds that flags are not told for the sake of what waits."""
GUARD_SPAN = 60.0
"""Seconds for which a removal counts for the mass guard: who watches sees many removals one by one."""

Say = Callable[[Event], None]


class _Wait(Struct, frozen=True):
    """Something that a pass left for a later look."""

    due: float
    path: str
    artifact: str
    patient: bool


@dataclass
class Watching:
    """One vault under watch. ``step`` does what is due, ``next`` says when something will be."""

    root: Path
    say: Say
    batches: int = 0
    _ws: Workspace = field(init=False)
    _settling: Settling = field(default_factory=Settling)
    _full_at: float | None = 0.0
    """When the whole vault is to be looked at; None: no need."""
    _doubt_since: float = 0.0
    _waits: dict[str, _Wait] = field(default_factory=dict)
    _left: frozenset[str] = frozenset()
    _removed: list[float] = field(default_factory=list)
    _guarded: set[str] = field(default_factory=set)
    _flags_left: bool = False
    """A pass left some to be taken anew."""
    _troubles: Troubles = field(init=False)
    _ask_git_at: float = 0.0
    _go_on_at: float = 0.0
    """When what a pass left is gone on with."""
    _busy: str = ""
    _reopen: bool = False
    _reporting: Reporting = field(init=False)
    _chores: Chores = field(init=False)
    _resting: Resting = field(init=False)
    _retries: Retries = field(init=False)
    _portion: Portion = field(init=False)

    def __post_init__(self) -> None:
        keep_large_apart()
        self._ws = self._opened()
        self._git = GitActivity(self._ws.root)
        self._resting = Resting(self._git)
        self._reporting = Reporting(self.say)
        self._chores = Chores()
        self._retries = Retries()
        self._portion = Portion()
        self._troubles = Troubles(self._ws.root)
        self._tell_remarks()

    def _tell_remarks(self) -> None:
        for remark in self._ws.remarks:
            self.say(Event("remark", remark))
        self._ws.remarks.clear()

    def _opened(self) -> Workspace:
        opened = open_workspace(self.root)
        opened.most_kept, opened.most_read = 2 * MOST, MOST // 4
        opened.loaded_from = AT_ONCE
        return opened

    def close(self) -> None:
        late_saves.close(self._ws)

    def next(self) -> float | None:
        """Seconds until something is due; None when nothing is on its way."""
        times = [self._go_on_at if self._behind else None, self._settling.next(), self._full_at, self._chores_due]
        times.append(self._resting.due)
        times += [wait.due for wait in self._waits.values()]
        times += [former.due] if (former := self._ws.disk.former) is not None else []
        known = [one for one in times if one is not None]
        if not known:
            return None
        due = max(min(known), self._ask_git_at)
        return max(0.0, due - clock.monotonic())

    @property
    def _chores_due(self) -> float | None:
        """Flags are told when what waits was seen to: most that comes and goes within seconds is worth no word."""
        if self._chores.due is None:
            return None
        soon = [wait.due for wait in self._waits.values() if wait.due < self._chores.due + SOON]
        return max([self._chores.due, *(due + AFTER for due in soon)])

    def step(self, hints: Hints) -> None:
        """Take in what was heard, and do all that is due."""
        now = clock.monotonic()
        self._hear(hints, now)
        try:
            self._work(now)
        except Exception as error:  # a mistake of ours, too, must not end the watch
            self._trouble(error)

    def _hear(self, hints: Hints, now: float) -> None:
        self._settling.saw(hints.paths, now)
        anew = hints.settings or not (self._reopen or self._ws.state.is_there())
        self._reopen = self._reopen or anew
        if hints.doubt or anew or (hints.paths and len(self._settling) > STORM):
            if self._full_at is None:
                self._doubt_since = now
            self._full_at = min(now + DOUBT_RESTS, self._doubt_since + DOUBT_WAITS)

    def _trouble(self, error: Exception) -> None:
        sentence, seconds = self._troubles.met(error)
        self._reporting.trouble(sentence)
        self._full_at = clock.monotonic() + seconds  # whatever was being done, a look at everything finds it again
        self._ask_git_at = self._full_at
        self._left = frozenset()

    # ------------------------------------------------------------------ what is due

    def _work(self, now: float) -> None:
        if now < self._ask_git_at:
            return
        self._listen_for_late_saves(now)
        full = self._full_at is not None and self._full_at <= now
        at_rest = () if full else self._settling.due(now)
        full = full or len(at_rest) > STORM
        over = [key for key, wait in self._waits.items() if wait.due <= now]
        behind = self._behind and self._go_on_at <= now
        if not (full or at_rest or over or behind):
            if not self._behind and self._chores_due is not None and self._chores_due <= now:
                self._do_chores()
            elif self._resting.due is not None and self._resting.due <= now:
                self._forget(now)
            return
        if self._git_is_busy(now):
            self._settling.saw(at_rest, now)
            return
        if self._reopen:
            self._open_again()
        if full or at_rest or over:
            self._carry(self._of_these(full, at_rest, [self._waits.pop(key) for key in over]))
        else:
            self._carry(Scope(paths=(), artifacts=frozenset(sorted(self._left)[: self._portion.size])))

    def _listen_for_late_saves(self, now: float) -> None:
        """Nobody tells of what is saved into a file that another took the place of."""
        former = self._ws.disk.former
        if former is not None and former.due is not None and former.due <= now:
            self._settling.saw(former.expire(), now)
            if not former.paths:
                self._ws.before.clear()

    def _forget(self, now: float) -> None:
        """What it had to remember of the last writes is some megabytes after a storm."""
        self._resting.forget_old(now)
        self._reporting.forget_old()
        self._ws.rest()
        give_back()

    @property
    def _behind(self) -> bool:
        """A pass left something, so that others could have the lock."""
        return bool(self._left) or self._flags_left

    def _of_these(self, full: bool, at_rest: tuple[str, ...], waits: list[_Wait]) -> Scope:
        if full:
            self._full_at = None
            self._settling.clear()
        return Scope(
            paths=None if full else (*at_rest, *dict.fromkeys(wait.path for wait in waits if wait.path)),
            artifacts=frozenset(wait.artifact for wait in waits if wait.artifact),
            patient=frozenset(wait.artifact for wait in waits if wait.patient),
        )

    def _git_is_busy(self, now: float) -> bool:
        busy = self._git.busy()
        if busy != self._busy:
            if busy:
                self.say(Event("resting", f"{busy}; what changes is carried over when that is done."))
            else:
                self.say(Event("going-on", "git is done."))
            self._busy = busy
        self._ask_git_at = now + ASK_AGAIN if busy else 0.0
        return bool(busy)

    def _open_again(self) -> None:
        try:
            opened = self._opened()
        except TwinpageError as error:
            if self._ws.state.is_there():  # the settings from before stay in force until these can be read
                self._reporting.trouble(str(error))
                self._reopen = False
                return
            raise
        self._ws.close()
        self._ws, self._reopen = opened, False
        self._tell_remarks()

    # ------------------------------------------------------------------ one pass

    def _carry(self, asked: Scope) -> None:
        now = clock.monotonic()
        self._removed = [then for then in self._removed if then + GUARD_SPAN > now]
        if self._guarded:  # somebody may have removed them, or brought them back, by a command beside us
            self._guarded &= self._ws.state.dirty()
        scope = Scope(
            asked.paths,
            asked.artifacts,
            asked.patient,
            rest=partial(self._resting.rest, self._ws),
            removals=len(self._removed) + len(self._guarded - asked.artifacts),
            most=self._portion.size,
            sums=False,
        )
        try:
            if asked.paths is None:
                look_ahead(self._ws)
            result = run_pass(self._ws, scope)
        except TwinpageError:
            self._settling.saw(asked.paths or (), now)
            raise
        self._after(asked, result)

    def _after(self, asked: Scope, result: PassResult) -> None:
        now = clock.monotonic()
        self._portion.took(len(result.decided), result.took)
        self._left = (self._left - asked.artifacts) | result.left
        self._guarded = (self._guarded - result.decided) | result.tally.guarded
        self._removed += [now for change in result.tally.changes if change.action == "trashed"]
        for artifact in result.decided:
            self._waits.pop(artifact, None)  # what was seen again in the meantime did not disappear for so long
        for one in result.tally.waiting:
            key = one.artifact or one.path
            self._waits[key] = _Wait(now + one.seconds, one.path, one.artifact, one.second_look)
        for artifact, seconds in self._retries.after(result.tally.refused, result.decided).items():
            self._waits[artifact] = _Wait(now + seconds, "", artifact, False)
        self._tell_remarks()
        whole = asked.paths is None
        self._reporting.passed(self._ws, result, whole)
        self._chores.add(result.keys, whole, now)
        if result.tally.changes:
            self.batches += 1
        # What asks the state comes last: another process may have it for itself by now.
        self._resting.wrote(self._ws, result.tally.changes, now)
        self._flags_left = bool(self._ws.state.stale(1))
        self._go_on_at = clock.monotonic() + GAP
        if not self._behind and not self._reporting.started:
            self._do_chores()
            self._reporting.start(self._ws)

    def _do_chores(self) -> None:
        whole = self._chores.whole
        self._chores.do(self._ws, self.say)
        self._reporting.settled_elsewhere(self._ws)
        self._reporting.links()
        self._reporting.flags(self._ws)
        self._git.read_index()
        if whole:
            self._ws.rest()
        else:
            self._ws.state.give_back()
        give_back()
        self._troubles.over()
