"""Artifacts with both their twins read: what rules look at and decisions are taken from."""

from __future__ import annotations

from msgspec.structs import replace

from twinpage.core import signoffs
from twinpage.core.flags.silencing import parse_ignored
from twinpage.core.merging.overlay import overlay, view_of
from twinpage.core.vault.vault import Card, Note, Subject
from twinpage.core.wording import listed
from twinpage.edge.states.state import Base
from twinpage.edge.walk import ARTIFACTS
from twinpage.errors import NotRead, OutsideVault
from twinpage.model.edit import digest
from twinpage.model.kind import Kind, Value
from twinpage.model.names import fold
from twinpage.model.page import Page
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading
from twinpage.model.source import Source
from twinpage.workspace.look import artifact_path, lost_its_name, note_of
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import (
    TOO_MUCH,
    as_in_file,
    lost_structure,
    matched_with,
    reading_of,
    says_too_much,
    source_at,
    told_of,
    unreadable,
)


def note_at(
    ws: Workspace, page: Page, kind: Kind | None, agreed: Base | None, fallback: Value | None, file: Source | None
) -> Note:
    """One note with its reading. ``agreed``: what both last agreed on; ``fallback`` lends ids where there is none.

    ``file``: the artifact file as it stands, with its open conflicts.
    """
    base = agreed.view if agreed else None
    problems = page.problems
    reading = None
    if kind is not None and not any(problem.holds for problem in problems):
        value = file.value if file else None
        reading = reading_of(ws, page, kind, fallback if base is None else matched_with(base, value, kind))
        if agreed is not None and file is not None:
            reading = as_in_file(ws, page, kind, agreed, file, reading)
        problems += reading.problems
        if base is not None:
            problems += lost_structure(ws, page, reading, base)
        if says_too_much(page, reading.value):
            problems += (Problem("TP001", 0, TOO_MUCH, holds=True),)
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
    file = source_at(ws, card.path) if card.path else _without_name(ws, card)
    value: Value = file.value if file is not None and file.value is not None else {}
    page, note = _page_or_unread(ws, card.note_path, card)
    kind = ws.registry.kind(card.kind) if card.kind else None
    if kind is not None and card.path and file is not None and file.value is not None:
        file = _validated(ws, file, kind)
    if page is not None:
        agreed = ws.state.base(artifact)
        fallback = view_of(value, kind) if kind is not None and value else None
        base = agreed.view if agreed else None
        note = _of_twin(note_at(ws, page, kind, agreed, fallback, file), artifact, card)
        if kind is not None and note.reading is not None and note.reading.value != fallback:
            note = _checked(ws, note, note.reading, kind, artifact, value, base)
    if not value and note is not None and note.reading is not None:
        value = {"kind": card.kind, "id": artifact, **note.reading.value}
    return Subject(card, kind, value, file, note)


def _without_name(ws: Workspace, card: Card) -> Source | None:
    """The file at the place of an artifact of which only the note says what it is: it lost its id or kind."""
    if not lost_its_name(ws, card.id):
        return None
    source = source_at(ws, artifact_path(card.id))
    if source is None or source.value is None:
        return source
    lost = [key for key in ("id", "kind") if not isinstance(source.value.get(key), str)]
    given = listed([f"the {key} {card.id if key == 'id' else card.kind or 'of its note'}" for key in lost])
    sentence = f"This has no {listed(lost)}, though its note says what it is. Give it {given}."
    if not lost:
        sentence = f"This says that its id is {source.value['id']}, which is no id. Give it the id {card.id}."
    problem = Problem("TP101", 0, sentence, holds=True)
    return Source(source.path, source.text, source.digest, source.value, (*source.problems, problem), source.offset_of)


def _page_or_unread(ws: Workspace, path: str, card: Card | None) -> tuple[Page | None, Note | None]:
    """A note as it stands; where the system refuses to read it, one that says so and holds everything."""
    if not path:
        return None, None
    try:
        return ws.page(path), None
    except (NotRead, OutsideVault) as error:
        return None, _refused(path, str(error), card)


def _refused(path: str, sentence: str, card: Card | None) -> Note:
    problem = Problem("TP001", 0, sentence, holds=True)
    title, artifact, kind = (card.title, card.id, card.kind) if card else ("", "", "")
    return Note(path, "", "", title, artifact, kind, None, (problem,), ())


def _validated(ws: Workspace, file: Source, kind: Kind) -> Source:
    found = ws.faults_in(file, kind)
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
    told = f"{path} is a link that leaves the vault or leads nowhere"
    if not path.startswith(f"{ARTIFACTS}/"):
        mend = "Put the files themselves here, or name it in exclude in twinpage.toml."
    elif path.endswith(".json"):
        return unreadable(path, f"{told}; it is neither read nor written. Put the file itself here.")
    else:
        mend = "Put the files themselves here."
    return told_of(path, Problem("TP002", 0, f"{told}; what is behind it is neither read nor written. {mend}"))


def loose_subject(ws: Workspace, path: str) -> Subject | None:
    """A file that belongs to no artifact, if rules have anything to look at in it."""
    facts = ws.state.file(path)
    if facts is None:
        return None
    if facts.role == "outside":
        return Subject(None, None, {}, _leading_out(path), None)
    if facts.role == "closed":
        sentence = (
            f"The folder {path} cannot be listed, so nothing below it is read. Give yourself the right to read it."
        )
        return Subject(None, None, {}, None, _refused(path, sentence, None))
    if facts.role == "double":
        sentence = (
            f"There are two files {path}: their names differ only in how letters such as accents are composed. Apps "
            "and git mix them up, so this one is left alone: rename or remove it."
        )
        return Subject(None, None, {}, told_of(path, Problem("TP202", 0, sentence)), None)
    if facts.role == "unnamed":
        unnamed = Problem("TP002", 0, f"The name {path} is no text in UTF-8, so it is left alone. Rename it.")
        return Subject(None, None, {}, told_of(path, unnamed), None)
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
    return Subject(None, kind, {}, None, note_at(ws, page, kind, None, None, None))


def _signoffs(ws: Workspace, path: str) -> Source | None:
    """The file of sign-offs with what cannot be understood in it."""
    try:
        data = ws.disk.read(path)
    except (OSError, OutsideVault):
        return source_at(ws, path)
    text = data.decode("utf-8", "replace")
    return told_of(path, *signoffs.read(data).problems, text=text, mark=digest(data))


def _is_twin(ws: Workspace, path: str, artifact: str) -> bool:
    if artifact:
        return note_of(ws, artifact) == path
    return ws.vault.index.artifact_of_page(path) is not None
