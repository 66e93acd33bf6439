"""One two-way pass over a vault: look, place, decide, carry, flag, remember."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from twinpage.core.flagging import Broken
from twinpage.edge import clock
from twinpage.edge.disk import Disk
from twinpage.edge.lock import write_lock
from twinpage.edge.state import Base, FileFacts
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault
from twinpage.model.decision import Decision, Gone, Held, Same
from twinpage.model.outcome import Change, HeldTwin
from twinpage.workspace.carry import Carry, Tally, owners_of
from twinpage.workspace.flags import ARTIFACT, finish_flags, refresh_flags
from twinpage.workspace.look import Look, look, refresh_card
from twinpage.workspace.opening import Workspace
from twinpage.workspace.placing import handwritten, place_notes
from twinpage.workspace.record import facts_of
from twinpage.workspace.twin import Twin

AHEAD = 32
"""How many new notes are on their way to the disk while others are made."""
FEW_REMOVALS = 5
LARGE_SHARE = 0.25
MANY_REMOVALS = 50


Chooser = Callable[[Workspace, Twin, Decision], tuple[Twin, Decision]]


@dataclass(frozen=True, slots=True)
class PassResult:
    """What one pass did, and how many flags stand after it."""

    tally: Tally
    flags: int
    broken: tuple[Broken, ...] = ()
    """Rules that failed: a mistake of ours, for the log."""

    @property
    def seconds(self) -> float:
        """After how long another look would settle what waits."""
        return max((waiting.seconds for waiting in self.tally.waiting), default=0.0)


def run_pass(
    ws: Workspace, *, patient: bool = False, dry_run: bool = False, allow_mass_delete: bool = False
) -> PassResult:
    """One pass, under the write lock and in one transaction of the state. Raises LockHeld, NotWritten."""
    with write_lock(ws.root):
        ws.disk.clear_leftovers()
        try:
            with ws.state.transaction():
                result = _Pass(ws, patient, dry_run, allow_mass_delete).run()
                if dry_run:
                    raise _OnlyPlanned(result)
        except _OnlyPlanned as planned:
            return planned.result
        return result


def run_on(ws: Workspace, artifact: str, choose: Chooser) -> PassResult:
    """A pass over one artifact in which somebody chooses what is decided. Raises what ``choose`` raises."""
    with write_lock(ws.root), ws.state.transaction():
        one = _Pass(ws, patient=True, dry_run=False, allow_mass_delete=True)
        return one.run_on(artifact, choose)


class _OnlyPlanned(Exception):
    """No error: it takes a planned pass back out of the state."""

    def __init__(self, result: PassResult) -> None:
        self.result = result


class _Pass:
    def __init__(self, ws: Workspace, patient: bool, dry_run: bool, allow_mass_delete: bool) -> None:
        self.ws = ws
        self.dry_run = dry_run
        self.allow_mass_delete = allow_mass_delete
        self.seen = look(ws)
        self.carry = Carry(ws, self.seen, patient, dry_run)

    @property
    def tally(self) -> Tally:
        return self.carry.tally

    def run(self) -> PassResult:
        ws = self.ws
        self._give_ids()
        held = "yes" if self.tally.held else ""
        if ws.state.recall("notes held") != held:  # they are told each time, though no file changes
            ws.state.remember("notes held", held)
        dirty = ws.state.dirty()
        if self.seen.everything:
            dirty |= {row[0] for row in ws.state.rows("select id from twins")}
        if not dirty and not self.seen.keys and not self.seen.loose and not self.seen.everything:
            return PassResult(self.tally, self._known_count())
        self.seen.keys |= place_notes(ws, dirty)
        for twin, decision in self._removals(dirty):
            self.carry.carry(twin, decision)
        doubtful = self._settle_all(sorted(dirty))
        bases = _from_history(ws, doubtful)
        for artifact in doubtful:
            self.carry.carry(*self.carry.decide(artifact, bases.get(artifact)))
        self._owners(dirty)
        ws.disk.flush()
        return self._finish()

    def run_on(self, artifact: str, choose: Chooser) -> PassResult:
        """Carry out what somebody chose for one artifact."""
        bases = _from_history(self.ws, [artifact]) if self.ws.state.base(artifact) is None else {}
        twin, decision = self.carry.decide(artifact, bases.get(artifact))
        self.carry.deciding = True
        self.carry.carry(*choose(self.ws, twin, decision))
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

    def _carry_all(self, ahead: deque[tuple[Twin, Decision]]) -> None:
        while ahead:
            self.carry.carry(*ahead.popleft())

    def _settle(self, twin: Twin, decision: Decision) -> bool:
        """Carry out, unless only git's history can say what both last agreed on."""
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
        ws.state.clear_dirty(self.carry.settled)
        self.seen.affected |= self.carry.settled
        broken = tuple(self.carry.broken) + refresh_flags(ws, self.seen, self.carry.flagged)
        if self.carry.late:
            broken += refresh_flags(ws, Look(keys=self.carry.late))
        ws.save_index()
        flags = finish_flags(ws, () if self.seen.everything else self.seen.keys | self.carry.late)
        ws.state.remember("last pass", clock.stamp())
        return PassResult(self.tally, flags, broken)

    # ------------------------------------------------------------------ notes written by hand

    def _give_ids(self) -> None:
        for candidate in handwritten(self.ws):
            if candidate.held is not None:
                self.tally.held.append(candidate.held)
                continue
            path, text = candidate.page.path, candidate.text
            because = "a new note of this kind gets an id"
            if self.dry_run:
                self.tally.changes.append(Change(path, "updated", candidate.artifact, because))
                continue
            wait = self.carry.wait_for(candidate.artifact, candidate.page, None)
            if wait:
                continue
            data = text.encode("utf-8")
            try:
                stat = self.ws.disk.write(path, data, candidate.page.digest)
            except (ChangedMeanwhile, NotWritten, OutsideVault) as error:
                self.tally.not_written.append(str(error))
                continue
            self.tally.changes.append(Change(path, "updated", candidate.artifact, because))
            self._adopt(path, facts_of(self.ws, path, data, stat, candidate.artifact))

    def _adopt(self, path: str, facts: FileFacts) -> None:
        self.ws.state.put_files([(path, facts._replace(stat=Disk.trusted(facts.stat)))])
        self.seen.keys |= self.ws.put_claim(facts.artifact, path)
        self.seen.keys |= refresh_card(self.ws, facts.artifact, None)
        self.ws.state.add_dirty([facts.artifact])
        self.seen.affected.add(facts.artifact)

    # ------------------------------------------------------------------ removals, and their guard

    def _removals(self, dirty: set[str]) -> list[tuple[Twin, Decision]]:
        """Take what disappeared out of ``dirty`` and decide it first: together it may be too much."""
        candidates = [artifact for artifact in sorted(dirty) if self._half_gone(artifact)]
        decided = [self.carry.decide(artifact) for artifact in candidates]
        gone = [(twin, decision) for twin, decision in decided if isinstance(decision, Gone)]
        dirty.difference_update(candidates)
        if self._too_many(len(gone)) and not self.allow_mass_delete:
            sentence = (
                f"{len(gone)} artifacts would be removed in one pass, so none is. Bring the files back if that was an "
                "accident, or run `twinpage sync --allow-mass-delete`."
            )
            for twin, _ in gone:
                path = twin.note_path or twin.file_path
                self.tally.held.append(HeldTwin(twin.artifact, path, sentence))
            decided = [(twin, decision) for twin, decision in decided if not isinstance(decision, Gone)]
        return decided

    def _half_gone(self, artifact: str) -> bool:
        card = self.ws.vault.index.card(artifact)
        if not self.ws.state.known_note(artifact):
            return False
        if card is None or not card.path or not card.note_path:
            return True
        facts = self.ws.state.file(card.note_path)
        return facts is not None and facts.condition == "blank"

    def _too_many(self, removals: int) -> bool:
        if removals <= FEW_REMOVALS:
            return False
        total = sum(1 for _ in self.ws.state.base_notes())
        return removals > MANY_REMOVALS or removals > LARGE_SHARE * total

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
