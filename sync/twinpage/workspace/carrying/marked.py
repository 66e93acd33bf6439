"""Twins that git left with its conflict markers: both branches' values, and what clashes of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.artifact_text import read_bytes
from twinpage.core.choosing.conflicts import Found
from twinpage.core.merging import markers
from twinpage.core.merging.branches import Joined, Versions, join
from twinpage.core.merging.markers import Broken, Sides
from twinpage.core.merging.overlay import filled, view_of
from twinpage.edge.git.merge_files import other_side
from twinpage.edge.git.unmerged import Stages, text_merge
from twinpage.model.conflict import Conflict
from twinpage.model.kind import Kind, Value
from twinpage.model.outcome import HeldTwin
from twinpage.model.page import Page
from twinpage.model.plain import plain_line
from twinpage.model.problem import line_and_column
from twinpage.model.source import Source
from twinpage.workspace.boxes import MEND, only_in_note
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import reading_of
from twinpage.workspace.twin import Twin

Texts = tuple[str | None, str, str]
"""Base, ours, theirs."""


class MarkedText(Struct, frozen=True):
    """One twin with markers: the two versions between them, and the texts to read values from."""

    path: str
    text: str
    sides: Sides
    texts: Texts
    as_git_left: bool
    """Nobody changed it since, so the texts are those of git's index."""
    boxed: bool = False
    """It has no markers: ours is the note as it stands, which shows what the other branch says."""
    undriven: bool = False
    """It has no markers: git's merge driver did not run."""


class Marked(Struct, frozen=True, dict=True):
    """An artifact of which at least one twin has markers. Of a twin without, both versions are what it says."""

    twin: Twin
    kind: Kind
    file: MarkedText | None
    note: MarkedText | None
    in_file: Joined | None
    in_note: Joined | None

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(text.path for text in (self.note, self.file) if text is not None)

    @property
    def from_(self) -> str:
        """What ``conflicts`` in an artifact file call the other branch."""
        labels = [text.sides.label for text in (self.file, self.note) if text is not None]
        return f"theirs {next(filter(None, labels), '')}".strip()

    @cached_property
    def clashes(self) -> tuple[Conflict, ...]:
        """By pointer: of the artifact file, and those that only the note has."""
        found = {clash.pointer: clash for clash in (self.in_file.clashes if self.in_file else ())}
        for clash in self.in_note.clashes if self.in_note else ():
            if not any(f"{clash.pointer}/".startswith(f"{pointer}/") for pointer in found):
                found[clash.pointer] = clash
        return tuple(found[pointer] for pointer in sorted(found))

    @property
    def put_together(self) -> bool:
        """The driver did not run, and somebody has brought in by hand since what the other branch says."""
        texts = [text for text in (self.file, self.note) if text is not None]
        joined = [one for one in (self.in_file, self.in_note) if one is not None]
        by_hand = all(text.undriven and not text.as_git_left for text in texts)
        return by_hand and all(not one.clashes and one.value == one.ours for one in joined)

    @property
    def values(self) -> tuple[Value, ...]:
        """What both branches say, to name things by."""
        joined = [one for one in (self.in_file, self.in_note) if one is not None]
        return tuple(side for one in joined for side in one.sides)


class _Unclear(Exception):
    """No error: markers or versions that cannot be understood, told with their place."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(message)
        self.path, self.line = path, line


def marked_of(ws: Workspace, twin: Twin, index: Mapping[str, Stages]) -> Marked | HeldTwin | None:
    """The twins of an artifact with markers; None when neither has any. ``index``: what git still knows of them."""
    note_text, file_text = twin.page.text if twin.page else "", twin.file.text if twin.file else ""
    in_file = twin.file is not None and twin.file.value is None and markers.has_any(file_text)
    in_note = markers.has_any(note_text) and _is_git(twin, index)
    box = None if in_file or in_note else _box(ws, twin)
    try:
        file = _text(ws, twin.file_path, file_text, index) if in_file else _undriven(ws, twin.file, index)
        note = _boxed(twin, box, index) if box else _undriven(ws, twin.page, index)
        note = _text(ws, twin.note_path, note_text, index) if in_note else note
        if file is None and note is None:
            return None
        marked = _read(ws, twin, file, note)
    except _Unclear as unclear:
        return HeldTwin(twin.artifact, unclear.path, str(unclear), unclear.line)
    return None if marked.put_together else marked


def _box(ws: Workspace, twin: Twin) -> Found | None:
    if twin.page is None or twin.file is None or twin.file.value is None:
        return None
    return only_in_note(ws, twin.artifact, twin.page, (twin.file.value, twin.base.value if twin.base else None))


def _boxed(twin: Twin, box: Found, index: Mapping[str, Stages]) -> MarkedText:
    """A note that alone shows what clashed: what it says now, and what git's index has of the other branch."""
    assert twin.page is not None
    stages, text = index.get(twin.note_path), twin.page.text
    if stages is None or stages.theirs is None:
        raise _Unclear(twin.note_path, line_and_column(text, box.start)[0], MEND)
    base = _decoded(stages.base, text) if stages.base is not None else None
    theirs = _decoded(stages.theirs, text)
    sides = replace(markers.whole(base, text, theirs), label=box.branch or "")
    return MarkedText(twin.note_path, text, sides, (base, text, theirs), False, boxed=True)


def _undriven(ws: Workspace, twin: Source | Page | None, index: Mapping[str, Stages]) -> MarkedText | None:
    """A text that git left as ours, because its merge driver did not run, as if it stood between markers."""
    stages = index.get(twin.path) if twin is not None else None
    if twin is None or stages is None or not stages.as_ours or stages.ours is None or stages.theirs is None:
        return None
    text = twin.text
    base = _decoded(stages.base, text) if stages.base is not None else None
    theirs = _decoded(stages.theirs, text)
    untouched = text == _decoded(stages.ours, text)
    made = text_merge(ws.root, stages) if untouched else None
    by_lines = _decoded(made, text) if made is not None else None
    found = markers.sides(by_lines) if by_lines is not None else None
    if by_lines is not None and found is None:
        found = Sides(by_lines, by_lines, None, (), "")
    sides = found if isinstance(found, Sides) else markers.whole(base, text, theirs)
    label = plain_line(other_side(ws.root))
    return MarkedText(twin.path, text, replace(sides, label=label), (base, text, theirs), untouched, undriven=True)


def _is_git(twin: Twin, index: Mapping[str, Stages]) -> bool:
    """A line of a note that looks like a marker is one where git says so, or where the note is held for it."""
    assert twin.page is not None
    return twin.note_path in index or any(problem.holds for problem in twin.page.problems)


def _text(ws: Workspace, path: str, text: str, index: Mapping[str, Stages]) -> MarkedText:
    found = markers.sides(text)
    if isinstance(found, Broken):
        raise _Unclear(path, line_and_column(text, found.offset)[0], found.message.replace("FILE", path))
    assert found is not None
    stages = index.get(path)
    if stages is None or stages.ours is None or stages.theirs is None:
        return MarkedText(path, text, found, (found.base, found.ours, found.theirs), False)
    untouched = _untouched(ws, stages, found)
    base = _decoded(stages.base, text) if stages.base is not None else None
    if untouched:
        sides = _decoded(stages.ours, text), _decoded(stages.theirs, text)
        return MarkedText(path, text, found, (base, *sides), True)
    return MarkedText(path, text, found, (base if base is not None else found.base, found.ours, found.theirs), False)


def _untouched(ws: Workspace, stages: Stages, found: Sides) -> bool:
    """Between and around the markers stands what git put there: nobody has begun to put it together by hand."""
    made = text_merge(ws.root, stages)
    left = markers.sides(made.decode("utf-8", "replace")) if made is not None else None
    return isinstance(left, Sides) and all(
        one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
        for one, other in ((left.ours, found.ours), (left.theirs, found.theirs))
    )


def _decoded(data: bytes, like: str) -> str:
    """A text of git's index with the line ends that the file has here."""
    text = data.decode("utf-8", "replace")
    return text.replace("\n", "\r\n") if "\r\n" in like and "\r\n" not in text else text


def _read(ws: Workspace, twin: Twin, file: MarkedText | None, note: MarkedText | None) -> Marked:
    values = _file_values(twin, file)
    kind = _kind(ws, twin, values)
    views = _note_views(ws, twin, kind, note, values) if twin.page is not None and twin.page.text.strip() else None
    in_file = join(values, kind) if values is not None else None
    in_note = join(views, kind) if views is not None else None
    return Marked(twin, kind, file, note, in_file, in_note)


def _file_values(twin: Twin, file: MarkedText | None) -> Versions | None:
    if file is not None:
        base = read_bytes(file.path, file.texts[0].encode("utf-8")).value if file.texts[0] else None
        return Versions(base, _json(file, 1), _json(file, 2))
    if twin.file is None:
        return None
    if twin.file.value is None:
        problem = twin.file.problems[0]
        line, _ = line_and_column(twin.file.text, problem.offset)
        raise _Unclear(twin.file_path, line, problem.message)
    return Versions(twin.file.value, twin.file.value, twin.file.value)


def _json(file: MarkedText, number: int) -> Value:
    text = file.texts[number]
    assert text is not None
    source = read_bytes(file.path, text.encode("utf-8"))
    if source.value is not None:
        return source.value
    side = "Our" if number == 1 else "Their"
    line, _ = line_and_column(text, source.problems[0].offset)
    message = f"{side} version cannot be read at its line {line}: {source.problems[0].message}"
    if not file.as_git_left:
        message += f" `git checkout --merge -- {file.path}` brings back what git left."
    raise _Unclear(file.path, 1, message)


def _kind(ws: Workspace, twin: Twin, values: Versions | None) -> Kind:
    named = str(values.ours.get("kind", "")) if values is not None else ""
    kind = ws.registry.kind(named) or twin.kind
    if kind is None:
        raise _Unclear(twin.file_path, 1, "It is of a kind that twinpage does not know. Add its schema to schemas/.")
    return kind


def _note_views(
    ws: Workspace, twin: Twin, kind: Kind, note: MarkedText | None, values: Versions | None
) -> Versions | None:
    base = twin.base.view if twin.base else {}
    if note is None:
        if twin.reading is None:
            return None
        view = twin.reading.value
        return Versions(view, view, view)
    told = (values.base, values.ours, values.theirs) if values is not None else (None, None, None)
    views: list[Value | None] = []
    for text, value in zip(note.texts, told, strict=True):
        views.append(None if text is None else _view(ws, note, text, kind, view_of(value, kind) if value else base))
    before, ours, theirs = views
    if ours is None or theirs is None:
        raise _Unclear(note.path, 1, "One of both versions cannot be read. Put the note together by hand.")
    return Versions(before, ours, theirs)


def _view(ws: Workspace, note: MarkedText, text: str, kind: Kind, reference: Value) -> Value | None:
    page = ws.dialect.parse(note.path, text)
    if any(problem.holds for problem in page.problems):
        return None
    reading = reading_of(ws, page, kind, reference)
    return filled(reading.value, reference, reading.held)
