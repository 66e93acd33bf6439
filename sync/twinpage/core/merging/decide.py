"""What to do about one artifact: the table of two-way sync, pure.

Content is compared with the base, never a clock. ``patient`` says that a disappearance was looked at twice.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.canonical import canonical
from twinpage.core.merging.merge import merge
from twinpage.core.merging.overlay import expressed, filled, view_of, without_unexpressed
from twinpage.core.pointers import look
from twinpage.model.conflict import Conflict
from twinpage.model.decision import (
    Clash,
    Decision,
    Forgotten,
    Gone,
    Held,
    Merge,
    Same,
    ToArtifact,
    ToPage,
    Wait,
)
from twinpage.model.kind import Kind, Value

NoteState = Literal["absent", "blank", "unreadable", "read"]
FileState = Literal["absent", "unreadable", "read"]


class NoteSide(Struct, frozen=True):
    """The note of one artifact. ``view`` counts only when it was read; ``because`` says why it was not."""

    state: NoteState
    view: Value
    held: tuple[str, ...] = ()
    """Pointers of fields whose value in the note cannot be told; they count as unchanged."""
    because: str = ""


class FileSide(Struct, frozen=True):
    """The artifact file of one artifact."""

    state: FileState
    value: Value
    because: str = ""


class Agreed(Struct, frozen=True):
    """What both said when they last agreed: the artifact file's value, and what the note expressed of it."""

    value: Value
    view: Value


def decide(note: NoteSide, file: FileSide, base: Agreed | None, kind: Kind, patient: bool) -> Decision:
    """One row of the table for one artifact."""
    for side in (note, file):
        if side.state == "unreadable":
            return Held(side.because)
    match note.state, file.state:
        case "read", "read":
            return _both(note, file.value, base, kind, patient)
        case "read", "absent":
            return _file_absent(note, base, kind, patient)
        case _, "read":
            return _note_absent(note, file.value, base, kind, patient)
        case _:
            return Forgotten()


def _note_absent(note: NoteSide, value: Value, base: Agreed | None, kind: Kind, patient: bool) -> Decision:
    if base is None:
        return ToPage(view_of(value, kind))
    if not patient:  # also where the file changed: many save by deleting and making anew
        return Wait(f"its note {'was emptied' if note.state == 'blank' else 'is gone'}")
    if expressed(base.value, base.view, value, kind) == base.view:
        return Gone("note")
    removal = Conflict("", base.view, None, view_of(value, kind))
    return Clash({}, view_of(value, kind), (removal,), base.view)


def _file_absent(note: NoteSide, base: Agreed | None, kind: Kind, patient: bool) -> Decision:
    if base is None:
        return ToArtifact(note.view)
    if not patient:  # also where the note changed, or what is just being saved would be overtaken
        return Wait("its artifact file is gone")
    view = filled(note.view, base.view, note.held)
    if view == base.view:
        return Gone("file")
    return ToArtifact(view)  # removed here, edited there: the edited copy stays


def _both(note: NoteSide, value: Value, base: Agreed | None, kind: Kind, patient: bool) -> Decision:
    # What no note can say, such as control characters and blanks at the ends of lines, makes no difference.
    value = canonical(value, kind)
    if base is None:
        return _first_contact(note, value, kind)
    base = Agreed(canonical(base.value, kind), canonical(base.view, kind))
    said = filled(note.view, base.view, note.held)
    written = expressed(base.value, base.view, value, kind, said)
    if said == written:
        return Same()
    emptied = emptied_lists(base.view, said)
    if emptied and not patient:
        return Wait(f"nothing is left of {emptied[0]} in its note")
    if written == base.view:
        return ToArtifact(said)
    if said == base.view:
        return ToPage(written)
    merged = merge(base.view, said, written, kind.shape)
    if merged.conflicts:
        written = view_of(value, kind)
        clashes = tuple(one if one.base is not None else _whole(one, written) for one in merged.conflicts)
        return Clash(merged.note_view, merged.file_view, clashes, merged.agreed)
    return Merge(merged.view)


def _first_contact(note: NoteSide, value: Value, kind: Kind) -> Decision:
    # Without a base, what the note does not say it does not express: the artifact file keeps it for itself.
    written = view_of(value, kind)
    merged = merge(None, note.view, without_unexpressed(note.view, written, kind), kind.shape)
    if merged.conflicts:
        clashes = tuple(_whole(conflict, written) for conflict in merged.conflicts)
        return Clash(merged.note_view, merged.file_view, clashes, merged.agreed)
    if merged.view == note.view and without_unexpressed(note.view, written, kind) == note.view:
        return Same()
    if merged.view == note.view:
        return ToArtifact(merged.view)
    return Merge(merged.view)


def _whole(conflict: Conflict, written: Value) -> Conflict:
    """A conflict about an item with all that the file says of it: what is shown is what would be taken."""
    return replace(conflict, file=look(written, conflict.pointer)) if isinstance(conflict.file, dict) else conflict


def emptied_lists(base: Value, now: Value) -> list[str]:
    """Names of lists that had elements and have none now: an app may be saving in two steps."""
    return [name for name, old in base.items() if isinstance(old, list) and old and not now.get(name)]
