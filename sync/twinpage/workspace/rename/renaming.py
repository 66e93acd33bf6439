"""Another id for an artifact: every file that has to change for it, made and proven before one of them is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from uuid import uuid4

from twinpage.core.artifact_text import write
from twinpage.core.choosing import conflicts
from twinpage.core.flags import baseline
from twinpage.core.ids import fits
from twinpage.core.renaming import mentions, renamed_id, renamed_note, renamed_value
from twinpage.core.signoffs import Rename, appended, line_of_rename
from twinpage.core.vault.vault import Card
from twinpage.core.wording import short_while
from twinpage.edge import clock
from twinpage.edge.ending import may_be_cut
from twinpage.edge.journal import exists
from twinpage.edge.lock import write_lock
from twinpage.errors import NotInStep, NotRead, TwinpageError, UnknownArtifact, Usage
from twinpage.model.decision import Clash, Held, Same
from twinpage.model.flag import BASELINE
from twinpage.model.kind import Kind
from twinpage.model.names import case_of, fold, is_artifact_id
from twinpage.model.signoff import SIGNOFFS
from twinpage.workspace.carrying.carry import Carry, Waiting
from twinpage.workspace.carrying.placing import handwritten
from twinpage.workspace.carrying.standing import looked_at
from twinpage.workspace.look import Look, artifact_path
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import VaultNames
from twinpage.workspace.rename.recovery import carry_out, recover
from twinpage.workspace.rename.steps import Journal, Step
from twinpage.workspace.scope import DECIDED
from twinpage.workspace.twin import Twin

LOOKS = 3
"""How often a note that somebody may be typing in is waited for."""


@dataclass
class Plan:
    """A rename that was proven and not yet written."""

    journal: Journal
    silenced: tuple[str, ...]
    """Old ids that twinpage.toml names in [[ignore]]."""
    left_behind: tuple[str, ...] = ()
    """Of an artifact that goes to another case: parts of its old case that name it or that it names."""
    waiting: list[Waiting] = field(default_factory=list)


def rename(ws: Workspace, old: str, new: str, remark: Callable[[str], None], dry_run: bool = False) -> Plan:
    """Give an artifact the id ``new``, and every part of it when it is a case; what was done.

    Nothing is written when ``dry_run``. Raises Usage and UnknownWord where that cannot be, NotRenamed, NotWritten,
    NotRead, LockHeld.
    """
    for number in range(LOOKS):
        with write_lock(ws.root):
            plan = _planned(ws, old, new, dry_run)
            for sentence in ws.remarks:
                remark(sentence)
            ws.remarks.clear()
            if dry_run:
                return plan
            if not plan.waiting:
                carry_out(ws, plan.journal)
                return plan
        first = plan.waiting[0]
        if number < LOOKS - 1:
            remark(f"Waiting {short_while(first.seconds)} for {first.path}: {first.because}.")
            clock.sleep(first.seconds)
    raise Usage(f"Nothing was renamed: {first.path} is not at rest. Run the command again in a moment.")


def _planned(ws: Workspace, old: str, new: str, dry_run: bool) -> Plan:
    if not dry_run:
        ws.disk.clear_leftovers()
        recover(ws)
    elif exists(ws.root):
        raise Usage("Another rename was cut short: run `twinpage sync`, which settles it, then this again.")
    with looked_at(ws), may_be_cut():
        renames = _Wish(ws, old, new).renames()
        return _Planning(ws, renames).plan()


class _Wish:
    """What somebody asked for, and whether it can be."""

    def __init__(self, ws: Workspace, old: str, new: str) -> None:
        self.ws = ws
        self.old = old
        self.new = new

    def renames(self) -> dict[str, str]:
        """Old id -> new id: the artifact's, then those of its parts."""
        card = self.ws.vault.card(self.old)
        if card is None:
            raise UnknownArtifact(self.old, self.ws.vault.similar_ids(self.old, ()))
        kind = self.ws.registry.kind(card.kind)
        if kind is None:
            raise Usage(f"{self.old} is of a kind that twinpage does not know: add its schema to schemas/ first.")
        self._well_formed(kind)
        renames = {self.old: self.new}
        if card.kind == "case":
            parts = sorted(one.id for one in self.ws.vault.index.names(()) if one.id.startswith(f"{self.old}/"))
            renames |= {part: self.new + part[len(self.old) :] for part in parts}
        for one in renames.values():
            self._free(one)
        return renames

    def _well_formed(self, kind: Kind) -> None:
        if self.new == self.old:
            raise Usage(f"{self.old} has this id already: name another.")
        if not is_artifact_id(self.new):
            raise Usage(f"`{self.new}` is no id: write small letters, digits and hyphens, with / between the parts.")
        if not fits(kind, self.new):
            what = kind.title.lower()
            raise Usage(f"`{self.new}` is no id for a {what}: those look like {kind.ids}. Choose one of that form.")
        if case_of(self.new) != case_of(self.old) and "{case}" in kind.ids:
            case = self.ws.vault.card(case_of(self.new))
            if case is None or case.kind != "case":
                similar = self.ws.vault.similar_ids(case_of(self.new), ("case",))
                raise UnknownArtifact(case_of(self.new), similar, "case")

    def _free(self, artifact: str) -> None:
        ws = self.ws
        claims = sorted(ws.vault.index.claims(artifact))
        if claims:
            raise Usage(f"{claims[0]} says already that it is {artifact}: choose another id.")
        if ws.vault.index.card(artifact) is not None:
            raise Usage(f"There is an artifact {artifact} already: choose another id.")
        path = artifact_path(artifact)
        if ws.disk.stat(path) is not None:
            raise Usage(f"{path} is there already: choose another id, or move it away.")
        for beside in prefixes(path):
            for other in self.beside.get(fold(beside), set()) - {beside}:
                raise Usage(f"{other} differs from {beside} in the form of its letters only: choose another id.")

    @cached_property
    def beside(self) -> dict[str, set[str]]:
        """Every file and folder of artifacts by its folded path."""
        found: dict[str, set[str]] = {}
        for path, _ in self.ws.state.stats():
            if path.startswith("artifacts/"):
                for prefix in prefixes(path):
                    found.setdefault(fold(prefix), set()).add(prefix)
        return found


def prefixes(path: str) -> Iterator[str]:
    """A path and the folders around it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


class _Planning:
    """The files of a rename."""

    def __init__(self, ws: Workspace, renames: dict[str, str]) -> None:
        self.ws = ws
        self.renames = renames
        self.carry = Carry(ws, Look(), DECIDED)

    def plan(self) -> Plan:
        ws = self.ws
        referrers = sorted({who for one in self.renames for who in ws.vault.index.referrers(one)} - set(self.renames))
        twins = [self._in_step(artifact) for artifact in (*self.renames, *referrers)]
        self._others_in_step({*self.renames, *referrers})
        made: list[Step] = []
        changed: list[Step] = []
        gone: list[Step] = []
        for twin in twins:
            file, note = self._file(twin), self._note(twin)
            (made if file.was is None else changed).append(file)
            if file.was is None:
                assert twin.file is not None
                gone.append(Step(twin.file_path, twin.file.text, None))
            if note.was != note.becomes and not self._typed(twin):
                changed.append(note)
        steps = tuple(
            step for step in (*made, *changed, *self._signoffs(), *self._baseline(), *gone) if step.was != step.becomes
        )
        journal = Journal(uuid4().hex, ws.state.recall("home"), self.renames, tuple(referrers), steps)
        silenced = sorted({one.artifact for one in ws.config.ignores} & set(self.renames))
        return Plan(journal, tuple(silenced), self._left_behind(referrers), self.carry.tally.waiting)

    def _left_behind(self, referrers: list[str]) -> tuple[str, ...]:
        old, new = next(iter(self.renames.items()))
        case = case_of(old)
        card = self.ws.vault.index.card(old)
        if card is None or old == case or case_of(new) == case:
            return ()
        near = {target for _, target in card.references} | set(referrers)
        return tuple(sorted(one for one in near if one.startswith(f"{case}/") and one != old))

    def _signoffs(self) -> Iterator[Step]:
        """Where anything was ever signed off, a line that says which id is which: sign-offs go along."""
        text = self._whole_text(SIGNOFFS)
        if text.strip():
            old, new = next(iter(self.renames.items()))
            line_of_it = line_of_rename(Rename(clock.stamp_of_everywhere(), old, new))
            yield Step(SIGNOFFS, text, appended(text.encode("utf-8"), line_of_it).decode("utf-8"))

    def _baseline(self) -> Iterator[Step]:
        """What is accepted stays accepted."""
        text = self._whole_text(BASELINE)
        if text:
            yield Step(BASELINE, text, baseline.renamed(text, lambda subject: renamed_id(subject, self.renames)))

    def _whole_text(self, path: str) -> str:
        """Of a file that is neither note nor artifact file; empty where it is not there. Raises NotRead, Usage."""
        try:
            data = self.ws.disk.read(path)
            return data.decode("utf-8")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise NotRead(path, error.strerror or "the system refused") from error
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise Usage(f"Nothing was renamed: line {line} of {path} is not UTF-8. Mend it first.") from error

    def _typed(self, twin: Twin) -> bool:
        return twin.page is not None and self.carry.wait_for(twin.artifact, twin.page, twin.base)

    # ------------------------------------------------------------------ both twins, as they have to be

    def _in_step(self, artifact: str) -> Twin:
        """Both twins of an artifact that agree. Raises Usage when they do not."""
        claims = self.ws.vault.index.claims(artifact)
        for ending in (".md", ".json"):
            both = sorted(path for path in claims if path.endswith(ending))
            if len(both) > 1:
                raise Usage(
                    f"Nothing was renamed: {both[0]} and {both[1]} both say that they are {artifact}. Give one of "
                    "them another id, or none."
                )
        twin, decision = self.carry.decide(artifact)
        value = twin.file.value if twin.file is not None else None
        if isinstance(decision, Clash) or conflicts.from_artifact(value or {}):
            raise Usage(
                f"Nothing was renamed: {artifact} has an open conflict. Run `twinpage resolve {artifact}` first."
            )
        if isinstance(decision, Held):
            raise Usage(f"Nothing was renamed: {artifact} is held. {decision.because}")
        if twin.reading is not None and twin.note_side.held:
            problem = next(problem for problem in twin.reading.problems if problem.holds)
            raise Usage(f"Nothing was renamed: {twin.note_path} is held. {problem.message}")
        settled = isinstance(decision, Same) and twin.base is not None and twin.base.note_path == twin.note_path
        if not settled:
            raise NotInStep(f"Nothing was renamed: {artifact} and its note are not in step. Run `twinpage sync` first.")
        return twin

    def _others_in_step(self, done: set[str]) -> None:
        """What changed and was not carried over yet may name the artifact where nobody has looked."""
        unsettled = (self.ws.state.dirty() | set(self.ws.state.subjects_with("TP901"))) - done
        for artifact in sorted(unsettled):
            card = self.ws.vault.index.card(artifact)
            for path in self._paths(artifact, card):
                if mentions(self._text(path), self.renames):
                    raise NotInStep(
                        f"Nothing was renamed: {path} is not in step and may name {next(iter(self.renames))}. Run "
                        f"`twinpage sync` first; where it tells a conflict, `twinpage resolve {artifact}`."
                    )
        for candidate in handwritten(self.ws):
            if mentions(candidate.page.text, self.renames):
                raise NotInStep(f"Nothing was renamed: {candidate.page.path} is new. Run `twinpage sync` first.")

    def _paths(self, artifact: str, card: Card | None) -> set[str]:
        found = set(self.ws.vault.index.claims(artifact))
        return found | {path for path in ((card.path, card.note_path) if card else ()) if path}

    def _text(self, path: str) -> str:
        try:
            return self.ws.disk.read(path).decode("utf-8", "replace")
        except (OSError, TwinpageError):
            return ""

    # ------------------------------------------------------------------ the new texts

    def _file(self, twin: Twin) -> Step:
        assert twin.file is not None
        assert twin.file.value is not None
        assert twin.kind is not None
        value = renamed_value(twin.file.value, twin.kind, self.renames, twin.artifact)
        faults = [problem for problem in self.ws.faults(value, twin.kind) if problem.holds]
        if faults:
            raise Usage(f"Nothing was renamed: {twin.artifact} would not be valid then. {faults[0].message}")
        text = write(value, twin.kind) if value != twin.file.value else twin.file.text
        if twin.artifact in self.renames:
            return Step(artifact_path(self.renames[twin.artifact]), None, text)
        return Step(twin.file_path, twin.file.text, text)

    def _note(self, twin: Twin) -> Step:
        assert twin.page is not None
        assert twin.kind is not None
        names = VaultNames(self.ws)
        text = renamed_note(twin.page, twin.kind, names, twin.reference, self.renames, twin.artifact)
        return Step(twin.page.path, twin.page.text, text)
