"""Bringing the index up to date with the disk: reads what changed, and only that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from twinpage.core.artifact_text import read_bytes
from twinpage.core.merging.markers import identity
from twinpage.core.vault.cards import at_note, bare_card, card_of
from twinpage.core.vault.vault import Card
from twinpage.edge.disk import ARTIFACTS, Scan, Stat
from twinpage.edge.ending import may_be_cut
from twinpage.edge.states.state import FileFacts
from twinpage.errors import NotRead, OutsideVault
from twinpage.model.edit import digest
from twinpage.model.names import fold, is_artifact_id
from twinpage.model.page import Page
from twinpage.model.signoff import SIGNOFFS
from twinpage.model.source import Source
from twinpage.model.text import without_nulls
from twinpage.workspace.ground import NOWHERE, roles_of_odd
from twinpage.workspace.opening import MANY, Workspace
from twinpage.workspace.reading import reading_of
from twinpage.workspace.signed import take_signoffs

FAULTY = "faulty"
"""Condition of an artifact file that its schema refuses: no note is planned for it, and nothing shows it yet."""
FORMER = "former titles"
"""Key of the state: JSON of former title -> artifact, where some notes may still refer to it so; see ``follow``."""
_UNREAD = """select artifact from files where path >= 'artifacts/' and path < 'artifacts0' and role = 'artifact'
  and condition in ('broken', 'unreadable')"""
_WHAT_OTHERS_ASK = 2
"""From here on, facts of a file say what others may ask: role, title, id, kind and condition."""
BROKEN_NOTE_MARKS = ("artifact-id", "artifact-kind")


@dataclass
class Look:
    """What one look at the disk gave."""

    affected: set[str] = field(default_factory=set)
    """Ids of artifacts of which a file changed, came or went."""
    loose: set[str] = field(default_factory=set)
    """Paths that changed and belong to no artifact."""
    keys: set[str] = field(default_factory=set)
    """What may be answered differently now."""
    everything: bool = False
    """Settings or kinds changed, or nothing was remembered: every file was read anew."""

    @property
    def nothing(self) -> bool:
        """No file changed, came or went."""
        return not (self.affected or self.loose or self.keys or self.everything)

    changed: int = 0
    """How many files changed, came or went."""
    unreadable: tuple[str, ...] = ()
    """Folders and files that could not be read; nothing of them counts as gone."""


def artifact_path(artifact: str) -> str:
    return f"{ARTIFACTS}/{artifact}.json"


def artifact_at(path: str) -> str:
    """The id that an artifact file must have, by its path."""
    return path[len(ARTIFACTS) + 1 : -len(".json")]


def artifacts_at(ws: Workspace, paths: Iterable[str]) -> set[str]:
    """The ids of artifacts that have, had or must have a file at these paths, as far as known; see ``look``.

    Another process may have looked there first: then nothing changed since the last look, and all is still to be done.
    """
    found: set[str] = set()
    for path in paths:
        below = (path, f"{path[:-1]}0") if path.endswith("/") else (path, f"{path}\0")  # "0" comes right after "/"
        for column, table in (("artifact", "files"), ("id", "twins")):
            name = "path" if table == "files" else "note_path"
            query = f"select {column} from {table} where {name} >= ? and {name} < ?"
            found.update(row[0] for row in ws.state.rows(query, *below))
        if path.startswith(f"{ARTIFACTS}/") and path.endswith(".json"):
            found.add(artifact_at(path))
    return found


@may_be_cut()
def look(ws: Workspace, paths: Sequence[str] | None = None) -> Look:
    """Read what changed since the last look and note it in the state (within its transaction).

    ``paths``: only there, see ``Disk.scan``; None: everywhere.
    """
    found = Look()
    ws.fresh.clear()
    ws.raw.clear()
    if ws.state.recall("settings") != ws.settings_digest:
        ws.state.forget_derived()
        ws.state.remember("settings", ws.settings_digest)
        found.everything = True
        paths = None
    seen = ws.compare(paths)
    gone = [path for path in seen.gone if not _below(path, seen.scan.unreadable)]
    found.changed = len(seen.changed) + len(gone)
    found.unreadable = seen.scan.unreadable
    ws.load_index(found.changed)
    if found.changed:
        _Update(ws, found, seen.scan).run(seen.changed, gone, seen.now)
    return found


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(folder == "" or path.startswith(folder + "/") for folder in folders)


class _Update:
    """One update of the index."""

    def __init__(self, ws: Workspace, found: Look, scan: Scan) -> None:
        self.ws = ws
        self.found = found
        self.odd = roles_of_odd(scan)
        self.known_notes: dict[str, str] = {}
        self.cards: dict[str, Card] = {}
        self.dropped: set[str] = set()
        self.facts: list[tuple[str, FileFacts]] = []

    def run(self, changed: list[str], gone: list[str], now: dict[str, Stat]) -> None:
        self.known_notes = self._known(changed + gone)
        for path in gone:
            self._forget(path, self.ws.state.file(path))
            if path == SIGNOFFS:
                take_signoffs(self.ws.state, b"")
        self.ws.state.drop_files(gone)
        known = self.ws.state.files_at(changed) if not self.found.everything else {}
        for path in changed:
            self._changed(path, now[path], known.get(path))
        self.ws.state.put_files(self.facts)
        self._refresh_cards()
        self.ws.state.add_dirty(self.found.affected)

    def _known(self, paths: list[str]) -> dict[str, str]:
        """The artifacts that these notes were the notes of."""
        if len(paths) > MANY:
            return {path: artifact for artifact, path in self.ws.state.base_notes().items()}
        query = "select note_path, id from twins where note_path = ?"
        return {note: artifact for path in paths for note, artifact in self.ws.state.rows(query, path)}

    def _changed(self, path: str, stat: Stat, old: FileFacts | None) -> None:
        role = self.odd.get(path)
        if role is not None:
            self._note_facts(path, FileFacts(stat, "", role, "", "", "", "", ""), old)
            return
        try:
            data = self.ws.disk.read(path)
        except (OSError, OutsideVault):
            # Unreadable is never gone: what was known of the file stays, and it is flagged.
            known = old is not None and not self.ws.in_git
            facts = old._replace(stat=NOWHERE, condition="unreadable") if old and known else self._unread(path)
            self._note_facts(path, facts, old)
            return
        mark = digest(data)
        if old is not None and old.digest == mark and old.condition != "unreadable":
            self.facts.append((path, old._replace(stat=self.ws.disk.trusted(stat))))
            return
        stat = self.ws.disk.trusted(stat)
        if path == SIGNOFFS:
            take_signoffs(self.ws.state, data)
            self._note_facts(path, FileFacts(stat, mark, "signoffs", "", "", "", "", ""), old)
            return
        facts = self._artifact(path, data, stat, mark) if path.endswith(".json") else self._note(path, data, stat, mark)
        self._note_facts(path, facts, old)

    def _unread(self, path: str) -> FileFacts:
        role = "artifact" if path.endswith(".json") else "signoffs" if path == SIGNOFFS else "note"
        artifact = artifact_at(path) if role == "artifact" else self.known_notes.get(path, "")
        if role == "artifact":
            self.cards.setdefault(artifact, self._bare(artifact, path))  # else nobody would tell of it
        return FileFacts(NOWHERE, "", role, "", "", artifact, "", "unreadable")

    def _note(self, path: str, data: bytes, stat: Stat, mark: str) -> FileFacts:
        page = self.ws.page_of(path, data)
        self.ws.fresh.add(path)
        artifact, kind = page.property("artifact-id"), page.property("artifact-kind")
        condition = ""
        if not page.text.strip():
            condition = "blank"
        elif any(problem.holds for problem in page.problems) and self._concerns_us(path, page):
            condition = "broken"
            if not artifact:
                artifact, kind = identity(self.ws.dialect, without_nulls(page.text))
        return FileFacts(stat, mark, "note", page.title, fold(page.title), artifact, kind, condition)

    def _concerns_us(self, path: str, page: Page) -> bool:
        return path in self.known_notes or any(f"{mark}:" in without_nulls(page.text) for mark in BROKEN_NOTE_MARKS)

    def _artifact(self, path: str, data: bytes, stat: Stat, mark: str) -> FileFacts:
        source: Source = read_bytes(path, data)
        if len(self.ws.raw) < self.ws.most_kept:
            self.ws.raw[path] = source if len(self.ws.raw) < self.ws.most_read else data
        here = artifact_at(path)
        value = source.value
        if not isinstance(value, dict):
            self.cards.setdefault(here, self._bare(here, path))
            return FileFacts(stat, mark, "artifact", "", "", here, "", "broken")
        claimed, kind = value.get("id"), value.get("kind")
        if not isinstance(kind, str) or not isinstance(claimed, str) or claimed != here:
            claimed = claimed if isinstance(claimed, str) else ""
            return FileFacts(stat, mark, "stray", "", "", claimed, kind if isinstance(kind, str) else "", "")
        known = self.ws.registry.kind(kind)
        self.cards[here] = card_of(here, value, known, path)
        held = known is not None and any(problem.holds for problem in self.ws.faults_in(source, known))
        return FileFacts(stat, mark, "artifact", "", "", here, kind, FAULTY if held else "")

    def _bare(self, artifact: str, path: str) -> Card:
        """Of an artifact whose file cannot be read. What was known of it holds, for somebody is at it; but what git has
        is judged by itself, whatever was looked at before."""
        known = self.ws.vault.index.card(artifact) if not self.ws.in_git else None
        return known or bare_card(artifact, "", path)

    def _forget(self, path: str, old: FileFacts | None) -> None:
        if old is None:
            return
        if old.role == "note":
            self.found.keys |= self.ws.drop_page(path, old.title)
        if old.artifact:
            self.found.keys |= self.ws.drop_claim(old.artifact, path)
            self.found.affected.add(old.artifact)
        if old.role == "artifact":
            self.dropped.add(artifact_at(path))
        if old.role == "stray" and path.endswith(".json"):
            self.found.affected.add(artifact_at(path))
        if path in self.known_notes:
            self.found.affected.add(self.known_notes[path])
        if _wants_a_look(old):
            self.found.loose.add(path)

    def _note_facts(self, path: str, facts: FileFacts, old: FileFacts | None) -> None:
        known_alike = old is not None and old[_WHAT_OTHERS_ASK:] == facts[_WHAT_OTHERS_ASK:]
        if not known_alike:  # else nothing that others may have asked about it is answered differently now
            self._forget(path, old)
        self.facts.append((path, facts))
        if facts.role == "note" and not known_alike:
            self.found.keys |= self.ws.put_page(path, facts.title)
        if facts.artifact:
            self.found.keys |= self.ws.put_claim(facts.artifact, path) if not known_alike else set()
            self.found.affected.add(facts.artifact)
        if path in self.known_notes:
            self.found.affected.add(self.known_notes[path])
        if facts.role == "artifact":
            self.dropped.discard(artifact_at(path))
        if "stray" in (facts.role, old.role if old else "") and path.endswith(".json"):
            self.found.affected.add(artifact_at(path))  # its note may be there, and say what this is
        if _wants_a_look(facts):
            self.found.loose.add(path)

    def _refresh_cards(self) -> None:
        former: dict[str, str] = {}
        for artifact in self.found.affected | set(self.cards):
            before = self.ws.vault.index.card(artifact)
            card = self.cards.get(artifact)
            if card is None and artifact not in self.dropped:
                card = before
            self.found.keys |= refresh_card(self.ws, artifact, card)
            after = self.ws.vault.index.card(artifact)
            if before and before.note_path and (after is None or after.note_path != before.note_path):
                self.found.loose.add(before.note_path)  # it is nobody's twin any more, though it did not change
            if before and after and before.title and after.title and fold(before.title) != fold(after.title):
                former[before.title] = artifact
        known = self.ws.vault.index.card
        alone = [artifact for artifact in self.found.affected if (card := known(artifact)) and not card.path]
        for artifact in (*self._unread_artifacts(), *(one for one in alone if lost_its_name(self.ws, one))):
            self.found.keys |= refresh_card(self.ws, artifact, card_by_note(self.ws, artifact))
        if former:  # whoever looked: a pass that follows may be another's
            earlier = json.loads(self.ws.state.recall(FORMER) or "{}")
            self.ws.state.remember(FORMER, json.dumps(earlier | former, ensure_ascii=False))

    def _unread_artifacts(self) -> list[str]:
        """Artifacts of which nothing but their notes can say what they are."""
        if not self.ws.in_git:
            return [artifact for artifact, card in self.cards.items() if not card.kind]
        return [row[0] for row in self.ws.state.rows(_UNREAD)]


def card_by_note(ws: Workspace, artifact: str) -> Card:
    """The card of an artifact whose file cannot be read or lost its name, as far as its note tells."""
    path = "" if lost_its_name(ws, artifact) else artifact_path(artifact)
    note = note_of(ws, artifact)
    facts = ws.state.file(note) if note else None
    kind = ws.registry.kind(facts.kind) if facts else None
    try:
        page = ws.page(note) if kind is not None else None
    except (NotRead, OutsideVault):
        page = None
    if kind is None or page is None or any(problem.holds for problem in page.problems):
        return bare_card(artifact, "", path)  # of no kind: what it names, nobody knows
    return card_of(artifact, {"kind": kind.name, **reading_of(ws, page, kind, None).value}, kind, path)


def _wants_a_look(facts: FileFacts) -> bool:
    """Rules may have something to say of this file even where it belongs to no artifact."""
    of_note = facts.role == "note" and bool(facts.artifact or facts.kind or facts.condition)
    return of_note or facts.role not in ("note", "artifact")


def refresh_card(ws: Workspace, artifact: str, card: Card | None) -> set[str]:
    """Put the card with its note where that lies now; without an artifact file, as far as the note tells."""
    note = note_of(ws, artifact)
    facts = ws.state.file(note) if note else None
    if card is None or not card.path:
        if facts is None:
            return ws.vault.drop(artifact)
        if card is None:
            card = bare_card(artifact, facts.kind, "")
            if lost_its_name(ws, artifact):
                card = card_by_note(ws, artifact)
    return ws.vault.put(at_note(card, note, facts.title if facts else ""))


def lost_its_name(ws: Workspace, artifact: str) -> bool:
    """The file at the place of this artifact has no kind, or no sound id: where a note is of it, this is its file."""
    facts = ws.state.file(artifact_path(artifact))
    lost = facts is not None and (facts.artifact in ("", artifact) or not is_artifact_id(facts.artifact))
    return lost and facts is not None and facts.role == "stray"


def note_of(ws: Workspace, artifact: str) -> str:
    """Path of an artifact's note: the known one while it claims the id, else the only one that does, else none.

    A known note that claims nothing any more is still the artifact's when no other note claims it: emptied, or half
    typed. One that claims another artifact is not, where files say the same: git brought a rename here.
    """
    claims = [path for path in ws.vault.index.claims(artifact) if path.endswith(".md")]
    base = ws.state.known_note(artifact)
    if base in claims:
        return base
    facts = ws.state.file(base) if base and not claims else None
    if facts is not None and not _went_over(ws, artifact, facts.artifact):
        return base
    return claims[0] if len(claims) == 1 else ""


def _went_over(ws: Workspace, artifact: str, claimed: str) -> bool:
    """The artifact file is gone, and that of the artifact which its note claims now is there."""
    there = claimed not in ("", artifact) and ws.state.file(artifact_path(claimed)) is not None
    return there and ws.state.file(artifact_path(artifact)) is None
