"""Carrying decisions out: each artifact's two texts are made, proven, and only then written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.artifact_text import read
from twinpage.core.flags.flagging import Broken
from twinpage.core.merging.decide import decide
from twinpage.core.trash_words import NOTE_EMPTIED, NOTE_REMOVED
from twinpage.core.vault.vault import Card
from twinpage.edge import clock
from twinpage.edge.ending import done_whole
from twinpage.edge.states.state import Base, FileFacts
from twinpage.edge.trash import Trash
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault, Unwritable
from twinpage.model.decision import Clash, Decision, Forgotten, Gone, Held, Merge, Same, ToArtifact, ToPage, Wait
from twinpage.model.edit import Digest
from twinpage.model.outcome import Action, Change, HeldTwin, OpenConflict
from twinpage.model.page import Page
from twinpage.model.problem import line_and_column
from twinpage.workspace.carrying.late_saves import remember_before
from twinpage.workspace.carrying.placing import free_note, place_again
from twinpage.workspace.flagging.flags import ARTIFACT, flag
from twinpage.workspace.log import log_conflicts
from twinpage.workspace.look import Look, refresh_card
from twinpage.workspace.opening import Workspace
from twinpage.workspace.record import facts_of, remember
from twinpage.workspace.scope import EVERYTHING, Scope
from twinpage.workspace.subjects import subject_in_step
from twinpage.workspace.texts import Texts, texts_of
from twinpage.workspace.trash.keeping import keep_before, keep_replaced, last_texts
from twinpage.workspace.twin import Twin, twin_of

QUIET = 3.0
"""Seconds since a person's save during which a note is not written."""
_EXCLUDED = (
    "The note of {} would go to a folder that twinpage.toml excludes. Take the folder out of exclude, or name another "
    "for this kind in [folders]."
)
_REMOVED_YET_CHANGED = "it was removed, but its note has changed since; `twinpage remove {}` removes both"
SECOND_LOOK = 2.5
"""Seconds after which something that disappeared is looked at again."""


class Waiting(Struct, frozen=True):
    """Something that this pass leaves for a later look. ``because`` is a clause."""

    artifact: str
    path: str
    because: str
    seconds: float
    second_look: bool = False
    """It disappeared; looked at again it counts as gone."""


@dataclass
class Tally:
    """What a pass did and left."""

    changes: list[Change] = field(default_factory=list)
    held: list[HeldTwin] = field(default_factory=list)
    conflicts: list[OpenConflict] = field(default_factory=list)
    not_written: list[str] = field(default_factory=list)
    """Sentences."""
    refused: set[str] = field(default_factory=set)
    """Artifacts that they are about."""
    waiting: list[Waiting] = field(default_factory=list)
    guarded: set[str] = field(default_factory=set)
    """Artifacts whose removal the mass guard holds."""


@dataclass
class Carry:
    """One pass over some artifacts of a vault."""

    ws: Workspace
    seen: Look
    scope: Scope = EVERYTHING
    dry_run: bool = False
    tally: Tally = field(default_factory=Tally)
    facts: list[tuple[str, FileFacts]] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    unfollowed: set[str] = field(default_factory=set)
    """Artifacts whose notes still refer to something by its former title: they are not settled."""
    copies: set[str] = field(default_factory=set)
    """Artifacts whose twins went while another note says that it is one of them: that note is decided next."""
    late: set[str] = field(default_factory=set)
    """Keys that this pass itself touched, after the flags of some artifacts were taken."""
    flagged: set[str] = field(default_factory=set)
    broken: list[Broken] = field(default_factory=list)
    made: dict[str, Texts] = field(default_factory=dict)
    """Texts of notes that are begun."""
    deciding: bool = False
    """Somebody chose what is carried out."""

    def __post_init__(self) -> None:
        self.trash = Trash(self.ws.disk)

    def decide(self, artifact: str, base: Base | None = None) -> tuple[Twin, Decision]:
        """Read both sides and decide. ``base``: to be used in the place of what the state remembers."""
        twin = twin_of(self.ws, artifact, base)
        if twin.kind is None:
            because = twin.note_side.because or twin.file_side.because
            return twin, Held(because) if because else Forgotten()
        return twin, decide(twin.note_side, twin.file_side, twin.agreed, twin.kind, self.scope.is_patient(artifact))

    def begin(self, twin: Twin, decision: Decision) -> bool:
        """Make the text of a note that there was none of, and start to bring it onto the disk; False: nothing to do."""
        if self.dry_run or not isinstance(decision, ToPage) or twin.page or twin.base or not twin.note_path:
            return False
        try:
            texts = texts_of(self.ws, twin, decision.view, None)
        except Unwritable:
            return False
        if texts.held or texts.note is None or texts.file is not None:
            return False
        self.made[twin.artifact] = texts
        self.ws.disk.begin(twin.note_path, texts.note.encode("utf-8", "surrogatepass"))
        return True

    def carry(self, twin: Twin, decision: Decision) -> None:
        """Carry one decision out. What the system or the lens refuses is told in the tally."""
        rest = self.scope.rest(twin, decision)
        if rest is not None:
            patient = self.scope.is_patient(twin.artifact)
            self.tally.waiting.append(Waiting(twin.artifact, twin.note_path or twin.file_path, *rest, patient))
            return
        try:
            self._carry(twin, decision)
        except ChangedMeanwhile as error:
            self.tally.waiting.append(Waiting(twin.artifact, error.path, "it changed at this moment", 0.3))
            self._once_more(twin)
        except (NotWritten, OutsideVault) as error:
            self.tally.not_written.append(str(error))
            self.tally.refused.add(twin.artifact)
            self._once_more(twin)
        except Unwritable as error:
            self._hold(twin, str(error))

    def _once_more(self, twin: Twin) -> None:
        """The next look tries again, even where only an embed was to be written."""
        self.settled.discard(twin.artifact)
        self.ws.state.add_dirty([twin.artifact])

    def _carry(self, twin: Twin, decision: Decision) -> None:
        match decision:
            case Same():
                self._write(twin, texts_of(self.ws, twin, None, None), "both say the same")
            case ToArtifact(view):
                new = "the note had none yet" if twin.base is None else _REMOVED_YET_CHANGED.format(twin.artifact)
                because = "the note changed" if twin.file else new
                self._write(twin, texts_of(self.ws, twin, None, view), because)
            case ToPage(view):
                twin = self._with_place(twin)
                if twin.page is None and (not twin.note_path or self.ws.config.excludes(twin.note_path)):
                    raise Unwritable(_EXCLUDED.format(twin.artifact))
                new = "the artifact file had none yet" if twin.base is None else "its note was gone"
                because = "the artifact file changed" if twin.page else new
                texts = self.made.pop(twin.artifact, None) or texts_of(self.ws, twin, view, None)
                self._write(twin, texts, because)
            case Merge(view):
                self._write(twin, texts_of(self.ws, twin, view, view), "both changed, in different places", True)
            case Clash():
                self._clash(twin, decision)
            case Gone(side):
                self._gone(twin, side)
            case Held(because):
                self._hold(twin, because)
            case Wait(because):
                known = twin.base.note_path if twin.base else ""
                path = twin.file_path if "file" in because else twin.note_path or known
                self.tally.waiting.append(Waiting(twin.artifact, path, because, SECOND_LOOK, second_look=True))
            case Forgotten():
                self._forget(twin)
            case _:
                assert_never(decision)

    def _with_place(self, twin: Twin) -> Twin:
        """The note of this twin went and shall come back: where it was, unless something else stands there by now."""
        if twin.note_path or twin.base is None:
            return twin
        path = twin.base.note_path
        if twin.card is not None and twin.kind is not None and self.ws.disk.stat(path) is not None:
            _, path = free_note(self.ws, twin.card.name, twin.card.case, twin.kind, twin.artifact)
        self.seen.keys |= place_again(self.ws, twin.artifact, path)
        return replace(twin, note_path=path, card=self.ws.vault.index.card(twin.artifact))

    # ------------------------------------------------------------------ writing

    def _write(self, twin: Twin, texts: Texts, because: str, merged: bool = False) -> bool:
        """Write what differs; True when both twins stand as they should."""
        if texts.held:
            self.tally.held.append(texts.held)
            return False
        if texts.note is not None and self._being_typed(twin):
            return False
        if not self.dry_run:
            keep_before(self.ws, self.trash, twin, texts, self.deciding)
            keep_replaced(self.ws, self.trash, twin)
            remember_before(self.ws, twin)
        action: Action = "merged" if merged else "updated"
        if texts.file is not None:
            expects = twin.file.digest if twin.file else None
            self._put(twin.file_path, texts.file, expects, twin.artifact, action if twin.file else "created", because)
        if texts.note is not None:
            if texts.page is not None:
                self.ws.keep(texts.page)
            expects = twin.page.digest if twin.page else None
            shown = "its embeds" if texts.only_embeds else because
            self._put(twin.note_path, texts.note, expects, twin.artifact, action if twin.page else "created", shown)
        if not self.dry_run:
            self.late |= remember(self.ws, twin, texts)
            self.settled.add(twin.artifact)
            self._flag(twin, texts)
        self._tell_held_fields(twin)
        return True

    def _tell_held_fields(self, twin: Twin) -> None:
        """Fields whose value in the note cannot be told, such as a link to nothing: the rest went on without them."""
        if not twin.note_side.held or twin.reading is None or twin.page is None:
            return
        for problem in twin.reading.problems:
            if problem.holds:
                line, _ = line_and_column(twin.page.text, problem.offset)
                held = HeldTwin(twin.artifact, twin.note_path, problem.message, line, (problem.pointer,))
                self.tally.held.append(held)
        self._once_more(twin)  # in every pass, until the link leads somewhere

    def _flag(self, twin: Twin, texts: Texts) -> None:
        """Take the flags of what is in step now, while both texts are at hand."""
        card = self.ws.vault.index.card(twin.artifact)
        file = twin.file if texts.file is None else read(twin.file_path, texts.file)
        self.seen.affected.add(twin.artifact)
        if card is None or twin.kind is None or file is None or texts.page is None or texts.reading is None:
            return
        if texts.conflicts or texts.reading.held:
            return
        subject = subject_in_step, (self.ws, card, twin.kind, file, texts.page, texts.reading)
        self.broken += flag(self.ws, ARTIFACT + twin.artifact, lambda: subject[0](*subject[1]))
        self.flagged.add(twin.artifact)

    def _put(self, path: str, text: str, expects: Digest | None, artifact: str, action: Action, because: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        change = Change(path, action, artifact, because)
        if not self.dry_run:
            stat = self.ws.disk.write(path, data, expects, change.deed)
            self.ws.raw.pop(path, None)
            self.facts.append((path, facts_of(self.ws, path, data, stat, artifact)))
        self.tally.changes.append(change)

    def _being_typed(self, twin: Twin) -> bool:
        """Somebody saved this note a moment ago: its write waits."""
        waits = twin.page is not None and self.wait_for(twin.artifact, twin.page, twin.base)
        if waits:
            self._once_more(twin)
        return waits

    def wait_for(self, artifact: str, page: Page, base: Base | None) -> bool:
        """The note's bytes are a person's and new: what would be written waits, and the tally says so."""
        stat = self.ws.disk.stat(page.path)
        ours = page.digest in self.ws.own_writes or (base and base.written and base.note_digest == page.digest)
        if self.dry_run or stat is None or ours:
            return False
        age = (clock.now_ns() - stat.mtime_ns) / 1e9
        if not 0 <= age < QUIET:
            return False
        self.tally.waiting.append(Waiting(artifact, page.path, "somebody may be typing in it", QUIET - age))
        return True

    # ------------------------------------------------------------------ conflicts and removals

    def _clash(self, twin: Twin, clash: Clash) -> None:
        texts = texts_of(self.ws, twin, clash.note_view, clash.file_view, clash)
        removed = any(not conflict.pointer for conflict in clash.conflicts)
        because = "one side was removed, the other changed" if removed else "both changed the same field"
        done = len(self.tally.changes)
        if self._write(twin, texts, because, True):
            self.settled.discard(twin.artifact)
        self.tally.conflicts += texts.conflicts
        if len(self.tally.changes) > done and not self.dry_run:  # it came, or changed: it is met in each pass
            log_conflicts(self.ws.root, texts.conflicts)

    def _gone(self, twin: Twin, side: str) -> None:
        of_note = NOTE_REMOVED if twin.page is None else NOTE_EMPTIED
        because = of_note if side == "note" else "its artifact file was removed"
        files = self._twin_left(twin, side)
        if not self.dry_run:
            with done_whole():
                self.trash.put(twin.artifact, because, files, last_texts(self.ws, twin, {path for path, _ in files}))
        self.tally.changes += [Change(path, "trashed", twin.artifact, because) for path, _ in files]
        self._forget_state(twin)
        self._go_on_with_a_copy(twin.artifact)

    def _go_on_with_a_copy(self, artifact: str) -> None:
        """The twins went, and another note says that it is this artifact: from now on it is. See ``copies``."""
        if not self.dry_run and any(path.endswith(".md") for path in self.ws.vault.index.claims(artifact)):
            self.settled.discard(artifact)
            self.late |= refresh_card(self.ws, artifact, None)
            self.copies.add(artifact)

    def _twin_left(self, twin: Twin, side: str) -> list[tuple[str, Digest]]:
        if side == "note":
            return [(twin.file_path, twin.file.digest)] if twin.file else []
        return [(twin.note_path, twin.page.digest)] if twin.page else []

    def _forget(self, twin: Twin) -> None:
        if twin.base is not None and not self.dry_run:
            self.trash.put(twin.artifact, "both twins were removed", (), last_texts(self.ws, twin, set()))
        self._forget_state(twin)

    def _forget_state(self, twin: Twin) -> None:
        if self.dry_run:
            return
        self.ws.state.drop_base(twin.artifact)
        self.late |= self.ws.vault.drop(twin.artifact)
        for path in (twin.file_path, twin.note_path):
            if path and self.ws.disk.stat(path) is None:
                self.ws.state.drop_files([path])
                self.late |= self.ws.drop_claim(twin.artifact, path)
                if path == twin.note_path and twin.card:
                    self.late |= self.ws.drop_page(path, twin.card.title)
        self.seen.affected.add(twin.artifact)
        self.settled.add(twin.artifact)

    def _hold(self, twin: Twin, because: str) -> None:
        path = twin.note_path or twin.file_path
        line = 1
        for candidate in (twin.note_path, twin.file_path, *self.ws.vault.index.claims(twin.artifact)):
            head = because.removeprefix(f"{candidate}:")
            if candidate and head != because:
                path, number = candidate, head.partition(":")[0]
                line = int(number) if number.isdecimal() else 1
                because = head.partition(": ")[2] or because
        self.tally.held.append(HeldTwin(twin.artifact, path, because, line))


def owners_of(ws: Workspace, keys: set[str], besides: set[str]) -> list[Card]:
    """Artifacts whose notes show embeds: of what asked about these keys, and of some subjects besides."""
    owners = []
    for subject in sorted(ws.state.dependants(keys) | besides):
        card = ws.vault.index.card(subject.removeprefix("id:"))
        kind = ws.registry.kind(card.kind) if card else None
        if card is not None and kind is not None and kind.embeds:
            owners.append(card)
    return owners
