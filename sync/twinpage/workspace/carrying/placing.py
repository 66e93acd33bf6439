"""Where new things go: titles and paths of new notes, ids of notes that people wrote by hand."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core import lens
from twinpage.core.ids import missing_for_id, new_id
from twinpage.edge.states.state import FileFacts
from twinpage.errors import TwinpageError
from twinpage.model.kind import Kind
from twinpage.model.names import first_free_title, fold
from twinpage.model.outcome import HeldTwin
from twinpage.model.page import Page
from twinpage.workspace.ground import NOWHERE
from twinpage.workspace.look import FAULTY, artifact_path, note_of
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import reading_of

PLANNED = "planned"
"""Condition of a note that is about to be written."""


def place_notes(ws: Workspace, artifacts: Iterable[str]) -> set[str]:
    """Give every artifact that has a file and no note the title and path of its note to come; the keys touched.

    Known before any note is read or written: notes refer to one another by title.
    """
    keys: set[str] = set()
    for artifact in sorted(artifacts):
        card = ws.vault.index.card(artifact)
        kind = ws.registry.kind(card.kind) if card else None
        if card is None or kind is None or not card.path or card.note_path or ws.state.known_note(artifact):
            continue
        if any(path.endswith(".md") for path in ws.vault.index.claims(artifact)):
            continue  # two notes claim it: none is made besides
        of_file = ws.state.file(card.path)
        if of_file is not None and of_file.condition in (FAULTY, "broken", "unreadable"):
            continue  # it is held; links and embeds would lead to a note that does not come
        title, path = free_note(ws, card.name, card.case, kind, artifact)
        if ws.config.excludes(path):
            continue  # written there, it would never be read, and each fresh clone would write another
        facts = FileFacts(NOWHERE, "", "note", title, fold(title), artifact, kind.name, PLANNED)
        ws.state.put_files([(path, facts)])
        keys |= ws.put_page(path, title) | ws.put_claim(artifact, path)
        keys |= ws.vault.put(replace(card, note_path=path, title=title))
    return keys


def place_again(ws: Workspace, artifact: str, path: str) -> set[str]:
    """Plan the note of an artifact where it was before it went; the keys touched."""
    card = ws.vault.index.card(artifact)
    if card is None:
        return set()
    title = ws.dialect.parse(path, "").title
    facts = FileFacts(NOWHERE, "", "note", title, fold(title), artifact, card.kind, PLANNED)
    ws.state.put_files([(path, facts)])
    keys = ws.put_page(path, title) | ws.put_claim(artifact, path)
    return keys | ws.vault.put(replace(card, note_path=path, title=title))


def free_note(ws: Workspace, name: str, case: str, kind: Kind, artifact: str) -> tuple[str, str]:
    """Title and path for a new note: a title that no note of the vault has, whatever its folder."""
    folder = ws.config.folder_of(kind.name)
    folder = kind.folder if folder is None else folder
    case_card = ws.vault.index.card(case) if case else None

    def path_of(title: str) -> str:
        return f"{folder}/{ws.dialect.file_name(title)}" if folder else ws.dialect.file_name(title)

    def taken(folded: str) -> bool:
        return any(True for _ in ws.vault.index.pages(folded))

    title = first_free_title(name, case_card.name if case_card else "", kind.name, artifact.rpartition("/")[2], taken)
    number = 2
    while ws.disk.stat(path_of(title)) is not None:  # a file that is excluded, or no note
        title = f"{title} {number}"
        number += 1
    return title, path_of(title)


class Candidate(Struct, frozen=True):
    """A handwritten note that names a kind and no artifact."""

    page: Page
    artifact: str
    """The id that it gets; empty when it cannot have one yet."""
    text: str
    """The note with its id."""
    held: HeldTwin | None


def handwritten(ws: Workspace) -> list[Candidate]:
    """Every note that has ``artifact-kind`` and no ``artifact-id``, with the id that it gets."""
    rows = ws.state.rows(
        "select path from files where role = 'note' and kind != '' and artifact = '' and condition = '' order by path"
    )
    found: list[Candidate] = []
    given: set[str] = set()
    for (path,) in list(rows):
        if _is_known(ws, path):
            continue  # its id was lost by a slip: it is held until that is put back
        page = ws.page(path)
        kind = ws.registry.kind(page.property("artifact-kind")) if page else None
        if page is None or kind is None:
            continue
        candidate = _candidate(ws, page, kind, given)
        given.add(candidate.artifact)
        found.append(candidate)
    return found


def _is_known(ws: Workspace, path: str) -> bool:
    """The note was the twin of an artifact file that has no other."""
    for (artifact,) in list(ws.state.rows("select id from twins where note_path = ?", path)):
        card = ws.vault.index.card(artifact)
        if card is not None and card.path and note_of(ws, artifact) == path:
            return True
    return False


def _candidate(ws: Workspace, page: Page, kind: Kind, given: set[str]) -> Candidate:
    reading = reading_of(ws, page, kind, None)
    lacking = missing_for_id(kind, reading.value)
    if lacking:
        what = kind.title.lower()
        sentence = f"This {what} gets its artifact file once it says its {lacking}: add the property {lacking}."
        if f"/{lacking}" in reading.held:
            sentence = f"This {what} gets its artifact file once its {lacking} leads to an artifact: correct the link."
        return Candidate(page, "", page.text, HeldTwin("", page.path, sentence))

    def taken(artifact: str) -> bool:
        index = ws.vault.index
        claimed = any(True for _ in index.claims(artifact))
        return artifact in given or claimed or index.card(artifact) is not None or _on_disk(ws, artifact)

    artifact = new_id(kind, str(reading.value.get("name") or page.title), reading.value, taken)
    try:
        text = lens.set_property(page, "artifact-id", artifact)
    except TwinpageError as error:
        return Candidate(page, "", page.text, HeldTwin("", page.path, str(error)))
    return Candidate(page, artifact, text, None)


def _on_disk(ws: Workspace, artifact: str) -> bool:
    return ws.disk.stat(artifact_path(artifact)) is not None
