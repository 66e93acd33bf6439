"""The two new texts of an artifact, made and proven before either is written."""

from __future__ import annotations

from msgspec import Struct

from twinpage.core import lens
from twinpage.core.artifact_text import write
from twinpage.core.choosing import conflicts
from twinpage.core.json_text import MAX_SIZE
from twinpage.core.merging.overlay import filled, overlay
from twinpage.core.pointers import look as value_at
from twinpage.model.decision import Clash
from twinpage.model.kind import Kind, Value
from twinpage.model.outcome import HeldTwin, OpenConflict
from twinpage.model.page import Page
from twinpage.model.problem import line_and_column
from twinpage.model.reading import Reading
from twinpage.workspace.embedding import Embedded, embedded
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import TOO_MUCH, VaultNames, reading_of, with_title
from twinpage.workspace.twin import Twin


class Texts(Struct, frozen=True):
    """What to write: None leaves a side alone. ``value`` and ``view`` are what to remember as agreed."""

    note: str | None = None
    file: str | None = None
    value: Value | None = None
    view: Value | None = None
    embeds: Embedded | None = None
    conflicts: tuple[OpenConflict, ...] = ()
    held: HeldTwin | None = None
    only_embeds: bool = False
    """The note changes in its embeds alone."""
    page: Page | None = None
    """The note as it will stand, with the reading by which it was proven, where that is at hand."""
    reading: Reading | None = None


def texts_of(
    ws: Workspace, twin: Twin, note_view: Value | None, file_view: Value | None, clash: Clash | None = None
) -> Texts:
    """The texts that carry a decision out. Raises Unwritable when the note would not read back."""
    assert twin.kind is not None
    whole = clash is not None and any(conflict.pointer == "" for conflict in clash.conflicts)
    new = tuple(conflicts.Open(c.pointer, c.base, c.note, "note") for c in clash.conflicts) if clash else ()
    value = _value(twin, twin.kind, file_view, new)
    held = _faults(ws, twin, twin.kind, value) if file_view is not None and value else None
    if held:
        return Texts(held=held)
    file = write(value, twin.kind) if value and (twin.file is None or value != twin.file.value) else None
    if file is not None and len(file) > MAX_SIZE:  # nobody could read it back
        return Texts(held=HeldTwin(twin.artifact, twin.note_path or twin.file_path, TOO_MUCH))
    made = _note(ws, twin, twin.kind, note_view, value, clash)
    note = made.text if made else None
    old_text = twin.page.text if twin.page else None
    changed = note is not None and note != old_text
    opened = tuple(_opened(twin, clash)) if clash else ()
    return Texts(
        note=note if changed else None,
        file=file,
        value=None if whole else _agreed_value(twin.kind, value, file_view, clash),
        view=None if whole else _agreed_view(twin, note_view, file_view, clash),
        embeds=made.embeds if made else None,
        conflicts=opened,
        only_embeds=note_view is None and not clash,
        page=made.page if made else None,
        reading=made.reading if made else None,
    )


def _value(twin: Twin, kind: Kind, file_view: Value | None, new: tuple[conflicts.Open, ...]) -> Value:
    if twin.chosen is not None:
        start = twin.chosen
    elif twin.file is not None and twin.file.value is not None:
        start = twin.file.value
    elif file_view and twin.base is not None:
        start = twin.base.value  # its file is gone; what the note never expressed is remembered here alone
    elif file_view:
        start = {"kind": kind.name, "id": twin.artifact, "schema": kind.schema_name}
    else:
        return {}
    if file_view is not None and not any(conflict.pointer == "" for conflict in new):
        start = overlay(start, twin.base.view if twin.base else None, file_view, kind)
    return conflicts.to_artifact(start, new)


def _faults(ws: Workspace, twin: Twin, kind: Kind, value: Value) -> HeldTwin | None:
    """The note says something that its kind does not allow: the artifact file keeps its good value."""
    found = [problem for problem in ws.faults(value, kind) if problem.holds]
    if not found:
        return None
    first = found[0]
    line = 1
    if twin.reading is not None and twin.page is not None:
        offset = twin.reading.offset_of(first.pointer)
        line = line_and_column(twin.page.text, offset)[0] if offset is not None else 1
    path = twin.note_path or twin.file_path
    return HeldTwin(twin.artifact, path, first.message, line, tuple(problem.pointer for problem in found))


class _Made(Struct, frozen=True):
    """A note's new text, and what is known of it without reading it again."""

    text: str
    embeds: Embedded
    page: Page | None = None
    reading: Reading | None = None


def _note(ws: Workspace, twin: Twin, kind: Kind, view: Value | None, value: Value, clash: Clash | None) -> _Made | None:
    page = twin.page if twin.page is not None and twin.page.text.strip() else None  # an emptied note is written anew
    if page is None and (view is None or (clash is not None and not view)):
        return None
    reading: Reading | None = None
    if page is None:
        assert view is not None
        title = twin.card.title if twin.card else ""
        said = {name: part for name, part in view.items() if name != "name" or part != title}
        bare, reading = lens.compose_page(ws.dialect, kind, twin.artifact, said, VaultNames(ws), twin.note_path)
    else:
        bare = _without_conflicts(ws, page, twin, kind)
        if view is not None and (clash is None or any(conflict.pointer for conflict in clash.conflicts)):
            text = lens.put(bare, kind, with_name(page, view), VaultNames(ws), twin.reference)
            bare = ws.dialect.parse(page.path, text)
        elif bare is page:
            reading = twin.reading
    reading = with_title(reading, bare, kind) if reading else None
    embeds = embedded(ws, twin.card, kind, bare) if twin.card else Embedded(bare)
    if embeds.page is not bare and reading is not None:
        reading, embeds = _proven(ws, kind, bare, reading, embeds)
    text = _with_conflicts(ws, bare, embeds.page.text, twin, kind, value, clash)
    if page is not None and text == conflicts.tidied(page.text, ws.dialect.name):
        text = page.text  # the app folded a conflict: it stays folded
    return _Made(text, embeds) if text != embeds.page.text else _Made(text, embeds, embeds.page, reading)


def _proven(ws: Workspace, kind: Kind, bare: Page, reading: Reading, embeds: Embedded) -> tuple[Reading, Embedded]:
    """The note with its embeds, read: should they change what it says, it goes without them."""
    after = reading_of(ws, embeds.page, kind, reading.value)
    return (after, embeds) if after.value == reading.value else (reading, Embedded(bare))


def with_name(page: Page, view: Value) -> Value:
    """A note says its name by its title; only where that differs, or where it has the property, it is written."""
    if view.get("name") == page.title and not page.property("name"):
        return {name: part for name, part in view.items() if name != "name"}
    return view


def _without_conflicts(ws: Workspace, page: Page, twin: Twin, kind: Kind) -> Page:
    shown = conflicts.find(page.text, ws.dialect.name)
    if not shown:
        return page
    # What is quoted there is ours as it was written last, or as another machine would have written it now.
    value = (twin.file.value if twin.file else None) or {}
    now = [conflicts.Open(f.pointer, None, value_at(value, f.pointer), "file") for f in shown]
    now += conflicts.from_artifact(value)
    before = conflicts.lines_shown(ws.state.last_note(twin.artifact) or "", ws.dialect.name)
    written = {*before, *conflicts.lines_of(now, ws.dialect.name, kind, twin.artifact)}
    text = conflicts.remove(page.text, ws.dialect.name, written)
    return page if text == page.text else ws.dialect.parse(page.path, text)


def _with_conflicts(
    ws: Workspace, bare: Page, text: str, twin: Twin, kind: Kind, value: Value, clash: Clash | None
) -> str:
    opened = [open_ for open_ in conflicts.from_artifact(value) if open_.from_ != "note"]
    if clash:
        opened += [conflicts.Open(c.pointer, c.base, c.file, "file") for c in clash.conflicts]
    if not opened:
        return text
    page = ws.dialect.parse(bare.path, text)
    return conflicts.add(text, ws.dialect.name, page.front.body, tuple(opened), kind, twin.artifact)


def _agreed_value(kind: Kind, value: Value, file_view: Value | None, clash: Clash | None) -> Value:
    if clash is None:
        return value
    return overlay(conflicts.to_artifact(value, ()), file_view, clash.agreed, kind)


def _agreed_view(twin: Twin, note_view: Value | None, file_view: Value | None, clash: Clash | None) -> Value:
    if clash is not None:
        return clash.agreed
    if note_view is not None:
        return note_view
    if file_view is not None:
        return file_view
    said = twin.reading.value if twin.reading else {}
    return filled(said, twin.base.view, twin.note_side.held) if twin.base else said


def _opened(twin: Twin, clash: Clash) -> list[OpenConflict]:
    note = twin.note_path if twin.page else ""
    return [
        OpenConflict(twin.artifact, twin.file_path, note, c.pointer, c.base, c.file, c.note, "note")
        for c in clash.conflicts
    ]
