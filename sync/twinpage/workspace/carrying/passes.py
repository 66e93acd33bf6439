"""One two-way pass over a vault: look, place, decide, carry, flag, remember."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.flags.flagging import Broken
from twinpage.edge import clock
from twinpage.edge.disk import Disk
from twinpage.edge.ending import may_be_cut
from twinpage.edge.git.head import head_mark
from twinpage.edge.lock import write_lock
from twinpage.edge.states.state import Base, FileFacts
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault
from twinpage.model.decision import Clash, Decision, Held, Merge, Same, ToArtifact, ToPage
from twinpage.model.edit import digest
from twinpage.model.outcome import Change
from twinpage.workspace.carrying.carry import Carry, Tally, owners_of
from twinpage.workspace.carrying.following import follow
from twinpage.workspace.carrying.late_saves import take_back_late_saves
from twinpage.workspace.carrying.mass_guard import removals
from twinpage.workspace.carrying.placing import handwritten, place_notes
from twinpage.workspace.flagging.flags import ARTIFACT, finish_flags, refresh_flags
from twinpage.workspace.handover import leave, take_over
from twinpage.workspace.log import log_refused
from twinpage.workspace.look import Look, artifacts_at, look, refresh_card
from twinpage.workspace.opening import Workspace
from twinpage.workspace.record import facts_of
from twinpage.workspace.rename.recovery import recover
from twinpage.workspace.scope import DECIDED, EVERYTHING, Scope
from twinpage.workspace.twin import Twin

HEAD = "checked out"
"""Key of the state: what git had checked out when the last pass ended."""
AHEAD = 32
"""How many new notes are on their way to the disk while others are made."""

Chooser = Callable[[Workspace, Twin, Decision], tuple[Twin, Decision]]


class PassResult(Struct, frozen=True):
    """What one pass did, and how many flags stand after it."""

    tally: Tally
    flags: int
    broken: tuple[Broken, ...] = ()
    """Rules that failed: a mistake of ours, for the log."""
    left: frozenset[str] = frozenset()
    """Artifacts that were to be carried and flagged too, and were more than one pass may hold the lock for."""
    keys: frozenset[str] = frozenset()
    """What may be answered differently now; see ``finish_flags``."""
    decided: frozenset[str] = frozenset()
    """Artifacts that were decided: what is held or in conflict among them is in the tally."""
    took: float = 0.0
    """Seconds for which the write lock was held."""

    @property
    def seconds(self) -> float:
        """After how long another look would settle what waits."""
        return max((waiting.seconds for waiting in self.tally.waiting), default=0.0)


def run_pass(
    ws: Workspace, scope: Scope = EVERYTHING, *, dry_run: bool = False, allow_mass_delete: bool = False
) -> PassResult:
    """One pass, under the write lock and in one transaction of the state. Raises LockHeld, NotWritten."""
    with write_lock(ws.root):
        began = clock.monotonic()
        ws.disk.clear_leftovers()
        if not dry_run:
            recover(ws)
        try:
            with ws.state.transaction():
                take_back_late_saves(ws)
                with _logged(_Pass(ws, scope, dry_run)) as under_way:
                    result = under_way.run(allow_mass_delete)
                if dry_run:
                    raise _OnlyPlanned(result)
        except _OnlyPlanned as planned:
            return planned.result
        return replace(result, took=clock.monotonic() - began)


def run_on(ws: Workspace, artifact: str, choose: Chooser) -> PassResult:
    """A pass over one artifact in which somebody chooses what is decided. Raises what ``choose`` raises."""
    with write_lock(ws.root):
        recover(ws)
        with ws.state.transaction(), _logged(_Pass(ws, DECIDED, dry_run=False)) as under_way:
            return under_way.run_on(artifact, choose)


@contextmanager
def _logged(under_way: _Pass) -> Iterator[_Pass]:
    """What was refused stands in the log, also of a pass that is cut short. A watch tells it itself, and once."""
    try:
        with may_be_cut():
            yield under_way
    finally:
        if under_way.scope.sums and not under_way.dry_run:
            log_refused(under_way.ws.root, under_way.tally.not_written)


class _OnlyPlanned(Exception):
    """No error: it takes a planned pass back out of the state."""

    def __init__(self, result: PassResult) -> None:
        self.result = result


class _Pass:
    def __init__(self, ws: Workspace, scope: Scope, dry_run: bool) -> None:
        self.ws = ws
        self.scope = scope
        self.dry_run = dry_run
        self.seen = look(ws, scope.paths)
        self.carry = Carry(ws, self.seen, scope, dry_run)
        self.left: set[str] = set()
        self.decided: set[str] = set()
        self.head = head_mark(ws.root)
        self.switched = False
        """Another commit is checked out than in the last pass: what is remembered may be another branch's."""

    @property
    def tally(self) -> Tally:
        return self.carry.tally

    def run(self, allow_mass_delete: bool) -> PassResult:
        ws = self.ws
        take_over(ws, self.seen)
        self.switched = ws.state.recall(HEAD) not in ("", self.head)
        self._give_ids()
        held = "yes" if self.tally.held else ""
        if ws.state.recall("notes held") != held:  # they are told each time, though no file changes
            ws.state.remember("notes held", held)
        work = self._work()
        if (
            not work
            and not self.seen.keys
            and not self.seen.loose
            and not self.seen.everything
            and not ws.state.stale(1)
        ):
            self._remember_head()
            return PassResult(self.tally, self._known_count() if self.scope.sums else 0)
        follow(self.carry, work)  # before a new note takes a former title
        self.seen.keys |= place_notes(ws, work)
        self.decided = set(work)
        for twin, decision in removals(self.carry, work, allow_mass_delete):
            self.carry.carry(twin, decision)
        self._leave_some(work)
        doubtful = self._settle_all(sorted(work))
        bases = _from_history(ws, doubtful)
        for artifact in doubtful:
            self.carry.carry(*self._with_history(artifact, bases.get(artifact)))
        self._go_on_with_copies(work)
        self._owners(work | self.left)
        ws.disk.flush()
        return self._finish()

    def _work(self) -> set[str]:
        """What is to be decided: all that is unsettled, or what this pass was told of and what depends on it."""
        unsettled = self.ws.state.dirty()
        if self.seen.everything:
            unsettled |= {row[0] for row in self.ws.state.rows("select id from twins")}
        elif self.scope.paths is not None:
            near = {key.removeprefix(ARTIFACT) for key in self.ws.state.dependants(self.seen.keys)}
            unsettled &= near | self.seen.affected | artifacts_at(self.ws, self.scope.paths)
        card, known = self.ws.vault.index.card, self.ws.state.known_note
        unsettled |= self._linked(self.seen.keys)
        return unsettled | {artifact for artifact in self.scope.artifacts if card(artifact) or known(artifact)}

    def _linked(self, keys: set[str]) -> set[str]:
        """Artifacts whose notes link to a title that leads elsewhere now: they say something else."""
        titles = {key for key in keys if key.startswith("title:")}
        found = {key.removeprefix(ARTIFACT) for key in self.ws.state.dependants(titles) if key.startswith(ARTIFACT)}
        return {artifact for artifact in found if self.ws.state.known_note(artifact)}

    def _leave_some(self, work: set[str]) -> None:
        """Others shall not wait long for the lock: what is more than one pass may carry is left to the next."""
        if 0 < self.scope.most < len(work):
            self.left = set(sorted(work)[self.scope.most :])
            work -= self.left

    def run_on(self, artifact: str, choose: Chooser) -> PassResult:
        """Carry out what somebody chose for one artifact."""
        leave(self.ws, self.seen)
        follow(self.carry, {artifact})
        bases = _from_history(self.ws, [artifact]) if self.ws.state.base(artifact) is None else {}
        twin, decision = self.carry.decide(artifact, bases.get(artifact))
        self.carry.deciding = True
        self.carry.carry(*choose(self.ws, twin, decision))
        self._go_on_with_copies({artifact})
        self._owners({artifact})
        self.ws.disk.flush()
        return self._finish()

    def _settle_all(self, artifacts: list[str]) -> list[str]:
        """Decide and carry out; what is left is that of which only git's history can say what both last agreed on.

        Notes to be made are begun ahead: the disk takes its time for each, and for many at once hardly more.
        """
        ahead: deque[tuple[Twin, Decision]] = deque()
        doubtful = []
        for artifact in artifacts:
            twin, decision = self.carry.decide(artifact)
            if self.carry.begin(twin, decision):
                ahead.append((twin, decision))
                if len(ahead) > AHEAD:
                    self.carry.carry(*ahead.popleft())
                continue
            if ahead:
                self._carry_all(ahead)
                twin, decision = self.carry.decide(artifact)
            if not self._settle(twin, decision):
                doubtful.append(artifact)
        self._carry_all(ahead)
        return doubtful

    def _go_on_with_copies(self, work: set[str]) -> None:
        """Where twins went, a note that says the same takes their place; it may know others by their former titles."""
        if self.carry.copies:
            follow(self.carry, work | self.carry.copies)
        for artifact in sorted(self.carry.copies):
            self.carry.carry(*self.carry.decide(artifact))

    def _carry_all(self, ahead: deque[tuple[Twin, Decision]]) -> None:
        while ahead:
            self.carry.carry(*ahead.popleft())

    def _with_history(self, artifact: str, base: Base | None) -> tuple[Twin, Decision]:
        """Where git switched branches, what is remembered is another branch's: git's own base may know of no clash."""
        remembered = self.carry.decide(artifact)
        if base is None:
            return remembered
        twin, decision = self.carry.decide(artifact, base)
        if remembered[0].base is not None and not isinstance(decision, Same | ToArtifact | ToPage):
            return remembered
        return twin, decision

    def _settle(self, twin: Twin, decision: Decision) -> bool:
        """Carry out, unless only git's history can say what both last agreed on."""
        value = twin.file.value if twin.file is not None else None
        if self.switched and isinstance(decision, Clash | Merge) and twin.page and value and "conflicts" not in value:
            return False
        known = twin.base is not None or isinstance(decision, Same | Held)
        if not known and twin.page is not None and twin.file is not None:
            return False
        self.carry.carry(twin, decision)
        return True

    def _known_count(self) -> int:
        known = self.ws.state.recall("flags")
        return int(known) if known.isdecimal() else finish_flags(self.ws)

    def _finish(self) -> PassResult:
        ws = self.ws
        if self.dry_run:
            return PassResult(self.tally, self._known_count())
        # Trusted only now: in the moment of its own write every file looks as if it might change again within one tick.
        ws.state.put_files((path, facts._replace(stat=Disk.trusted(facts.stat))) for path, facts in self.carry.facts)
        ws.state.clear_dirty(self.carry.settled - self.carry.unfollowed)
        self.seen.affected |= self.carry.settled | self.scope.artifacts
        broken = tuple(self.carry.broken) + refresh_flags(
            ws, self.seen, self.carry.flagged | self.left, self.scope.most
        )
        if self.carry.late:
            broken += refresh_flags(ws, Look(keys=self.carry.late), most=self.scope.most)
        ws.save_index()
        keys = frozenset() if self.seen.everything else frozenset(self.seen.keys | self.carry.late)
        ws.state.remember("flags", "")  # not known until they are counted
        flags = finish_flags(ws, None if self.seen.everything else keys) if self.scope.sums else 0
        ws.state.remember("last pass", clock.stamp())
        self._remember_head()
        return PassResult(self.tally, flags, broken, frozenset(self.left), keys, frozenset(self.decided - self.left))

    def _remember_head(self) -> None:
        if not self.tally.waiting and not self.left and self.ws.state.recall(HEAD) != self.head:
            self.ws.state.remember(HEAD, self.head)

    # ------------------------------------------------------------------ notes written by hand

    def _give_ids(self) -> None:
        for candidate in handwritten(self.ws):
            if candidate.held is not None:
                self.tally.held.append(candidate.held)
                continue
            path, text = candidate.page.path, candidate.text
            change = Change(path, "updated", candidate.artifact, "a new note of this kind gets an id")
            if self.dry_run:
                self.tally.changes.append(change)
                continue
            wait = self.carry.wait_for(candidate.artifact, candidate.page, None)
            if wait:
                continue
            data = text.encode("utf-8")
            try:
                stat = self.ws.disk.write(path, data, candidate.page.digest, change.deed)
            except (ChangedMeanwhile, NotWritten, OutsideVault) as error:
                self.tally.not_written.append(str(error))
                self.tally.refused.add(candidate.artifact)
                continue
            self.tally.changes.append(change)
            self.ws.own_writes.add(digest(data))
            self._adopt(path, facts_of(self.ws, path, data, stat, candidate.artifact))

    def _adopt(self, path: str, facts: FileFacts) -> None:
        self.ws.state.put_files([(path, facts._replace(stat=Disk.trusted(facts.stat)))])
        self.seen.keys |= self.ws.put_claim(facts.artifact, path)
        self.seen.keys |= refresh_card(self.ws, facts.artifact, None)
        self.ws.state.add_dirty([facts.artifact])
        self.seen.affected.add(facts.artifact)

    # ------------------------------------------------------------------ notes that show what changed

    def _owners(self, done: set[str]) -> None:
        keys = self.carry.late if self.seen.everything else self.carry.late | self.seen.keys
        made = {
            ARTIFACT + one.artifact
            for one in self.tally.changes
            if one.action == "created" and one.path.endswith(".json")
        }
        for card in owners_of(self.ws, keys, made):
            if (
                card.id in done and ARTIFACT + card.id not in made
            ):  # what an artifact is embedded for may be known only now that it has its file
                continue
            twin, decision = self.carry.decide(card.id)
            if isinstance(decision, Same):
                self.carry.carry(twin, decision)


def _from_history(ws: Workspace, artifacts: list[str]) -> dict[str, Base]:
    if not artifacts:
        return {}
    from twinpage.workspace.history import bases_from_git  # rarely needed, and git takes long to load

    return bases_from_git(ws, artifacts)
