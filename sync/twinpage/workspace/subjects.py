"""Artifacts with both their twins read: what rules look at and decisions are taken from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from errno import EACCES, EPERM

from twinpage.core import lens, pointers, signoffs
from twinpage.core.artifact_text import read_bytes
from twinpage.core.choosing import conflicts
from twinpage.core.flags.silencing import parse_ignored
from twinpage.core.merging.overlay import overlay, view_of
from twinpage.core.vault.vault import Card, Note, Subject
from twinpage.edge.walk import ARTIFACTS
from twinpage.errors import NotRead, OutsideVault
from twinpage.model.edit import digest
from twinpage.model.kind import Kind, Value
from twinpage.model.names import fold
from twinpage.model.page import Page
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading
from twinpage.model.source import Source
from twinpage.workspace.look import note_of
from twinpage.workspace.opening import Workspace


class VaultNames:
    """Names of notes to ids and back, for the lens."""

    def __init__(self, ws: Workspace) -> None:
        self._vault = ws.vault

    def id_of(self, target: str) -> str | None:
        return self._vault.resolve(target)

    def link_to(self, artifact: str) -> str | None:
        """The title of the artifact's note, if links by that title lead back to it."""
        card = self._vault.card(artifact)
        if card is None or not card.title or self._vault.resolve(card.title) != artifact:
            return None
        return card.title


def source_at(ws: Workspace, path: str) -> Source | None:
    """An artifact file as it stands; None when it is not there. What cannot be read has a TP001 problem."""
    try:
        known = ws.raw.get(path)
        return read_bytes(path, known if known is not None else ws.disk.read(path))
    except FileNotFoundError:
        return None
    except OutsideVault as error:
        return _unreadable(path, str(error))
    except OSError as error:
        refused = error.errno in (EACCES, EPERM)
        what_to_do = "Mend its permissions." if refused else "Put a file there that can be read."
        return _unreadable(path, f"{path} cannot be read ({error.strerror}). {what_to_do}")


def _nowhere(pointer: str) -> None:
    return None


def _unreadable(path: str, sentence: str) -> Source:
    return Source(path, "", "", None, (Problem("TP001", 0, sentence, holds=True),), _nowhere)


def reading_of(ws: Workspace, page: Page, kind: Kind, reference: Value | None) -> Reading:
    """The note's value, with the note's title as its name where no property says another."""
    bare = _without_moved(ws, page)
    reading = with_title(lens.get(bare, kind, VaultNames(ws), reference), page, kind)
    if bare is page:
        return reading
    place = _places(page.text, bare.text)

    def offset_of(pointer: str) -> int | None:
        offset = reading.offset_of(pointer)
        return None if offset is None else place(offset)

    problems = tuple(replace(problem, offset=place(problem.offset)) for problem in reading.problems)
    return replace(reading, problems=problems, offset_of=offset_of)


def _without_moved(ws: Workspace, page: Page) -> Page:
    """Conflicts stand where no value is. With one that somebody moved into a value, the note is read without them."""
    shown = conflicts.find(page.text, ws.dialect.name)
    at = page.front.body
    for found in shown:
        if page.text[at : found.start].strip():
            return ws.dialect.parse(page.path, conflicts.remove(page.text, ws.dialect.name))
        at = found.end
    return page


def _places(text: str, bare: str) -> Callable[[int], int]:
    """Offsets of a text from which a part was taken out, as offsets of the whole."""
    start = next((at for at, (one, other) in enumerate(zip(text, bare, strict=False)) if one != other), len(bare))
    return lambda offset: offset if offset < start else offset + len(text) - len(bare)


def with_title(reading: Reading, page: Page, kind: Kind) -> Reading:
    """The note's title is its name where no property says another."""
    if "name" in reading.value or "name" not in kind.shape.by_name:
        return reading
    return replace(reading, value={"name": page.title, **reading.value})  # of its own class: the lens needs it again


def matched_with(base_view: Value, file_value: Value | None) -> Value:
    """What a note's items are matched with: the base, and at open conflicts what the note itself says.

    There the base is silent, or older than both sides: an item that was renamed would not be known again.
    """
    for left in conflicts.from_artifact(file_value or {}):
        if left.from_ == "note" and left.pointer and left.other is not None:
            base_view = pointers.put(base_view, left.pointer, left.other, file_value)
    return base_view


def lost_structure(ws: Workspace, page: Page, reading: Reading, base: Value) -> tuple[Problem, ...]:
    """What the note lost while its text still stands in it; not in the conflicts, where we show what the file says."""
    bare = _without_moved(ws, page)
    if bare is not page:
        place = _places(page.text, bare.text)
        lost = lens.lost_structure(bare, reading, base)
        return tuple(replace(problem, offset=place(problem.offset)) for problem in lost)
    shown = [(found.start, found.end) for found in conflicts.find(page.text, ws.dialect.name)]
    return lens.lost_structure(page, reading, base, shown)


def note_at(
    ws: Workspace, page: Page, kind: Kind | None, base: Value | None, fallback: Value | None, value: Value | None = None
) -> Note:
    """One note with its reading. ``base``: the view that both agreed on; ``fallback`` lends ids where there is none.

    ``value``: what the artifact file says, with its open conflicts.
    """
    problems = page.problems
    reading = None
    if kind is not None and not any(problem.holds for problem in problems):
        reading = reading_of(ws, page, kind, fallback if base is None else matched_with(base, value))
        problems += reading.problems
        if base is not None:
            problems += lost_structure(ws, page, reading, base)
    return as_note(page, reading, problems + _case_twins(ws, page))


def _case_twins(ws: Workspace, page: Page) -> tuple[Problem, ...]:
    """Another note has the same path but for capital letters: on many systems only one of them can exist."""
    ws.vault.page(page.title)  # the flag depends on what bears this title
    for other in sorted(ws.vault.index.pages(fold(page.title))):
        if other != page.path and fold(other) == fold(page.path):
            sentence = (
                f"{other} and this note differ in capital letters only, and on many systems just one of them can "
                "exist. Rename one."
            )
            return (Problem("TP202", 0, sentence),)
    return ()


def as_note(page: Page, reading: Reading | None, problems: tuple[Problem, ...]) -> Note:
    """What rules see of a note."""
    return Note(
        page.path,
        page.text,
        page.digest,
        page.title,
        page.property("artifact-id"),
        page.property("artifact-kind"),
        reading,
        problems,
        page.links,
        parse_ignored("\n".join(page.property_list("flags-ignored"))),
    )


def subject_in_step(ws: Workspace, card: Card, kind: Kind, file: Source, page: Page, reading: Reading) -> Subject:
    """An artifact whose twins were just brought into step, from what is at hand: nothing is read again."""
    for link in page.links:
        ws.vault.resolve(link.target)  # the flags depend on what these lead to, as if they were read now
    note = as_note(page, reading, page.problems + reading.problems + _case_twins(ws, page))
    return Subject(card, kind, file.value or {}, _validated(ws, file, kind), note)


def subject_of(ws: Workspace, artifact: str) -> Subject | None:
    """One artifact with both its twins; None when there is neither."""
    card = ws.vault.index.card(artifact)
    if card is None:
        return None
    file = source_at(ws, card.path) if card.path else None
    value: Value = file.value if file is not None and file.value is not None else {}
    page, note = _page_or_unread(ws, card.note_path, card)
    kind = ws.registry.kind(card.kind) if card.kind else None
    if kind is not None and file is not None and file.value is not None:
        file = _validated(ws, file, kind)
    if page is not None:
        agreed = ws.state.base(artifact)
        fallback = view_of(value, kind) if kind is not None and value else None
        base = agreed.view if agreed else None
        note = _of_twin(note_at(ws, page, kind, base, fallback, value), artifact, card)
        if kind is not None and note.reading is not None and note.reading.value != fallback:
            note = _checked(ws, note, note.reading, kind, artifact, value, base)
    if not value and note is not None and note.reading is not None:
        value = {"kind": card.kind, "id": artifact, **note.reading.value}
    return Subject(card, kind, value, file, note)


def _page_or_unread(ws: Workspace, path: str, card: Card | None) -> tuple[Page | None, Note | None]:
    """A note as it stands; where the system refuses to read it, one that says so and holds everything."""
    if not path:
        return None, None
    try:
        return ws.page(path), None
    except (NotRead, OutsideVault) as error:
        refused = Problem("TP001", 0, str(error), holds=True)
        title = card.title if card else ""
        artifact, kind = (card.id, card.kind) if card else ("", "")
        return None, Note(path, "", "", title, artifact, kind, None, (refused,), ())


def _validated(ws: Workspace, file: Source, kind: Kind) -> Source:
    found = ws.faults(file.value or {}, kind)
    if not found:
        return file
    return Source(file.path, file.text, file.digest, file.value, file.problems + found, file.offset_of)


def _checked(
    ws: Workspace, note: Note, reading: Reading, kind: Kind, artifact: str, value: Value, base: Value | None
) -> Note:
    """A note that says something else than its artifact file: the schema's word on what the file would become."""
    start = value or {"kind": kind.name, "id": artifact, "schema": kind.schema_name}
    there = {problem.pointer for problem in ws.faults(value, kind)} if value else set()
    found = []
    for problem in ws.faults(overlay(start, base, reading.value, kind), kind):
        if problem.pointer not in there and problem.code == "TP101":
            found.append(replace(problem, offset=_nearest(reading, problem.pointer)))
    return replace(note, problems=(*note.problems, *found)) if found else note


def _nearest(reading: Reading, pointer: str) -> int:
    """Where a field stands, or the nearest thing around it that does."""
    while pointer:
        offset = reading.offset_of(pointer)
        if offset is not None:
            return offset
        pointer = pointer.rpartition("/")[0]
    return 0


def _of_twin(note: Note, artifact: str, card: Card) -> Note:
    """A known note that names no artifact any more is held: somebody is typing in its properties, or cut them."""
    told = any(problem.code == "TP001" for problem in note.problems)
    if told or not note.text.strip():
        return note
    if note.artifact_id == artifact:
        if not card.kind or note.artifact_kind in (card.kind, ""):
            return note
        sentence = f"{note.path} says artifact-kind {note.artifact_kind}, but {artifact} is a {card.kind}."
        other = Problem("TP101", 0, f"{sentence} Make both say the same.", holds=True)
        return replace(note, reading=None, problems=(other,))
    sentence = (
        f"This note was the twin of {artifact} and no longer says so; nothing is carried over. Put back the property "
        f"artifact-id with the value {artifact}, or run `twinpage remove {artifact}` if it should go."
    )
    lost = Problem("TP521", 0, sentence, holds=True)
    problems = (*note.problems, lost)
    return replace(note, artifact_id=artifact, artifact_kind=card.kind, reading=None, problems=problems)


def _leading_out(path: str) -> Source:
    if path.startswith(f"{ARTIFACTS}/"):
        sentence = f"{path} is a link that leaves the vault; it is neither read nor written. Put the file itself here."
        return _unreadable(path, sentence)
    sentence = (
        f"{path} is a link that leaves the vault; what is behind it is neither read nor written. Put the files "
        "themselves here, or name it in exclude in twinpage.toml."
    )
    return Source(path, "", "", None, (Problem("TP002", 0, sentence),), _nowhere)


def loose_subject(ws: Workspace, path: str) -> Subject | None:
    """A file that belongs to no artifact, if rules have anything to look at in it."""
    facts = ws.state.file(path)
    if facts is None:
        return None
    if facts.role == "outside":
        return Subject(None, None, {}, _leading_out(path), None)
    if facts.role == "double":
        sentence = (
            f"There are two files {path}: their names differ only in how letters such as accents are composed. Apps "
            "and git mix them up, so this one is left alone: rename or remove it."
        )
        return Subject(None, None, {}, Source(path, "", "", None, (Problem("TP202", 0, sentence),), _nowhere), None)
    if facts.role == "unnamed":
        unnamed = Problem("TP002", 0, f"The name {path} is no text in UTF-8, so it is left alone. Rename it.")
        return Subject(None, None, {}, Source(path, "", "", None, (unnamed,), _nowhere), None)
    if facts.role == "signoffs":
        return Subject(None, None, {}, _signoffs(ws, path), None)
    if facts.role == "stray":
        return Subject(None, None, {}, source_at(ws, path), None)
    if facts.role != "note" or _is_twin(ws, path, facts.artifact):
        return None
    if not facts.kind and not facts.artifact and not facts.condition:
        return None  # an ordinary note
    page, unread = _page_or_unread(ws, path, None)
    if unread is not None:
        return Subject(None, None, {}, None, unread)
    if page is None or not page.text.strip():
        return None
    kind = ws.registry.kind(facts.kind) if facts.kind else None
    return Subject(None, kind, {}, None, note_at(ws, page, kind, None, None))


def _signoffs(ws: Workspace, path: str) -> Source | None:
    """The file of sign-offs with what cannot be understood in it."""
    try:
        data = ws.disk.read(path)
    except (OSError, OutsideVault):
        return source_at(ws, path)
    text = data.decode("utf-8", "replace")
    return Source(path, text, digest(data), None, signoffs.read(data).problems, _nowhere)


def _is_twin(ws: Workspace, path: str, artifact: str) -> bool:
    if artifact:
        return note_of(ws, artifact) == path
    return ws.vault.index.artifact_of_page(path) is not None
