"""One artifact in a pass: both twins as they stand, the base, and what to decide from."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.merging.decide import Agreed, FileSide, NoteSide
from twinpage.core.merging.overlay import view_of
from twinpage.core.vault.vault import Card
from twinpage.edge.states.state import Base
from twinpage.errors import NotRead, OutsideVault
from twinpage.model.kind import Kind, Value
from twinpage.model.names import is_artifact_id
from twinpage.model.page import Page
from twinpage.model.problem import Problem, line_and_column
from twinpage.model.reading import Reading
from twinpage.model.source import Source
from twinpage.workspace.boxes import MEND, only_in_note
from twinpage.workspace.look import artifact_at, artifact_path, note_of
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import as_in_file, lost_structure, matched_with, reading_of, source_at
from twinpage.workspace.renames import as_of_today


class Twin(Struct, frozen=True):
    """An artifact's two sides. ``note_path`` and ``file_path`` say where they are or would go."""

    artifact: str
    card: Card | None
    kind: Kind | None
    note_path: str
    file_path: str
    page: Page | None
    file: Source | None
    reading: Reading | None
    base: Base | None
    note_side: NoteSide
    file_side: FileSide
    chosen: Value | None = None
    """What somebody decided that the artifact file says, before anything else is laid over it."""

    @property
    def agreed(self) -> Agreed | None:
        return Agreed(self.base.value, self.base.view) if self.base else None

    def with_value(self, value: Value) -> Twin:
        """The same with another value in the artifact file: what is decided then is written over it."""
        return replace(self, chosen=value)

    @property
    def reference(self) -> Value | None:
        """What items of the note are matched with."""
        if self.base is not None:
            return matched_with(self.base.view, self.file.value if self.file else None, self.kind)
        return self.reading.value if self.reading else None

    @property
    def settled(self) -> bool:
        """Both twins have the bytes that they had when they last agreed."""
        return (
            self.base is not None
            and self.page is not None
            and self.file is not None
            and self.page.digest == self.base.note_digest
            and self.file.digest == self.base.artifact_digest
            and self.page.path == self.base.note_path
        )


def twin_of(ws: Workspace, artifact: str, base: Base | None = None) -> Twin:
    """Read both sides of an artifact. What cannot be read is a side that holds; nothing is raised for content.

    ``base``: in the place of what the state remembers.
    """
    card = ws.vault.index.card(artifact)
    base = base or ws.state.base(artifact)
    file = source_at(ws, artifact_path(artifact))
    note_path = card.note_path if card else ""
    page, unread = _page(ws, note_path)
    kind = ws.registry.kind(_kind_named(card, base, page, file))
    file_side = _file_side(ws, artifact, file, kind)
    if file is None and page is not None and base is not None and kind is not None:
        base = as_of_today(ws, base, kind)  # else a note that links by titles would count as changed by a rename
    reading = None
    note_side = _note_absent(ws, artifact, unread)
    if page is not None and not (file is None and _is_no_twin(page, artifact)):
        reading, note_side = _note_side(ws, artifact, page, kind, base, file)
    return Twin(
        artifact, card, kind, note_path, artifact_path(artifact), page, file, reading, base, note_side, file_side
    )


def _kind_named(card: Card | None, base: Base | None, page: Page | None, file: Source | None) -> str:
    """The kind that is known, else the one that a side says, should the other be broken."""
    known = card.kind if card else "", base.kind if base else ""
    said = page.property("artifact-kind") if page else "", (file.value or {}).get("kind") if file else ""
    return next((name for name in (*known, *said) if isinstance(name, str) and name), "")


def _page(ws: Workspace, path: str) -> tuple[Page | None, str]:
    if not path:
        return None, ""
    try:
        return ws.page(path), ""
    except (NotRead, OutsideVault) as error:
        return None, str(error)


def _note_absent(ws: Workspace, artifact: str, unread: str) -> NoteSide:
    if unread:
        return NoteSide("unreadable", {}, because=unread)
    claims = [path for path in ws.vault.claims(artifact) if path.endswith(".md")]
    if len(claims) > 1:
        names = " and ".join(claims[:3])
        sentence = f"{names} both say that they are {artifact}. Give one of them another artifact-id, or none."
        return NoteSide("unreadable", {}, because=sentence)
    known = ws.state.known_note(artifact)
    if known and not claims and ws.state.file(known) is None and ws.disk.stat(known) is not None:
        sentence = (
            f"{known} is still there, but excluded by the settings, a link or a folder that is a vault of its own. "
            f"Take it in, or remove {artifact}."
        )
        return NoteSide("unreadable", {}, because=sentence)
    return NoteSide("absent", {})


def _is_no_twin(page: Page, artifact: str) -> bool:
    """The note can be read and says that it is something else, or nothing; without its file, nobody says it is this."""
    said = page.property("artifact-id") != artifact
    return said and bool(page.text.strip()) and not any(problem.holds for problem in page.problems)


def _note_side(
    ws: Workspace, artifact: str, page: Page, kind: Kind | None, base: Base | None, file: Source | None
) -> tuple[Reading | None, NoteSide]:
    if not page.text.strip():
        return None, NoteSide("blank", {})
    if kind is None:
        named = page.property("artifact-kind") or "no kind"
        sentence = f"{page.path} is of {named}, which twinpage does not know. Mend artifact-kind, or add its schema."
        return None, NoteSide("unreadable", {}, because=sentence)
    for problem in page.problems:
        if problem.holds:
            return None, NoteSide("unreadable", {}, because=told(page.path, page.text, problem))
    if page.property("artifact-id") != artifact:
        sentence = f"{page.path} no longer says that it is {artifact}. Put back its artifact-id, or remove {artifact}."
        return None, NoteSide("unreadable", {}, because=sentence)
    if page.property("artifact-kind") not in (kind.name, ""):
        sentence = f"{page.path} says artifact-kind {page.property('artifact-kind')}, but {artifact} is a {kind.name}."
        return None, NoteSide("unreadable", {}, because=f"{sentence} Make both say the same.")
    value = file.value if file is not None else None
    view = matched_with(base.view, value, kind) if base else None
    fallback = view_of(value, kind) if view is None and value is not None else None
    reading = reading_of(ws, page, kind, view if view is not None else fallback)
    if base is not None and file is not None:
        reading = as_in_file(ws, page, kind, base, file, reading)
    alone = only_in_note(ws, artifact, page, (value, base.value if base else None)) if value is not None else None
    if alone is not None:
        problem = Problem("TP901", alone.start, MEND, alone.pointer, holds=True)
        return reading, NoteSide("unreadable", {}, because=told(page.path, page.text, problem))
    lost = lost_structure(ws, page, reading, base.view) if base is not None else ()
    for problem in (*reading.problems, *lost):
        if problem.holds and problem.code != "TP201":
            return reading, NoteSide("unreadable", {}, because=told(page.path, page.text, problem))
    return reading, NoteSide("read", reading.value, reading.held)


def _file_side(ws: Workspace, artifact: str, file: Source | None, kind: Kind | None) -> FileSide:
    path = artifact_path(artifact)
    if file is None:
        elsewhere = [claim for claim in ws.vault.claims(artifact) if claim.endswith(".json") and claim != path]
        sound = is_artifact_id(artifact)
        if elsewhere and (sound or _told_here(ws, artifact, elsewhere[0])):
            mend = f"Move it to {path}, or give it the id of its place."
            mend = mend if sound else "That is no id: give it the one of its place."
            sentence = f"{elsewhere[0]}:1: It says that it is {artifact}. {mend}"
            return FileSide("unreadable", {}, because=sentence)
        return FileSide("absent", {})
    if file.value is None:
        problem = file.problems[0]
        return FileSide("unreadable", {}, because=told(path, file.text, problem))
    if kind is None:
        sentence = f"{path} is of a kind that twinpage does not know. Mend its kind, or add the schema to schemas/."
        if not isinstance(file.value.get("kind"), str):
            sentence = f"{path} has no kind. Move it elsewhere in the vault, or add what it lacks."
        return FileSide("unreadable", {}, because=sentence)
    if file.value.get("id") != artifact:
        said = file.value.get("id")
        sentence = f"{path} says that it is {said}. Move it to that place, or give it the id {artifact}."
        if not isinstance(said, str):
            sentence = f"{path} has no id. Give it the id {artifact}."
        elif not is_artifact_id(said):
            sentence = f"{path} says that its id is {said}, which is no id. Give it the id {artifact}."
        return FileSide("unreadable", {}, because=sentence)
    faults = [problem for problem in ws.faults_in(file, kind) if problem.holds]
    if faults:
        first = faults[0]
        offset = file.offset_of(first.pointer) or 0
        line, _ = line_and_column(file.text, offset)
        return FileSide("unreadable", {}, because=f"{path}:{line}: {first.message}")
    return FileSide("read", file.value)


def _told_here(ws: Workspace, artifact: str, file: str) -> bool:
    """Whether a file whose id is none is told of under that id; else the artifact that its own note names is held."""
    return not note_of(ws, artifact_at(file)) or any(path.endswith(".md") for path in ws.vault.claims(artifact))


def told(path: str, text: str, problem: Problem) -> str:
    """A problem as a sentence with its place."""
    line, _ = line_and_column(text, problem.offset)
    return f"{path}:{line}: {problem.message}"
