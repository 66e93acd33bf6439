"""Sections of a note that stand there with nothing in them."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.vault.vault import Subject
from twinpage.model.kind import Field

_PLACES = ("section", "bullets", "headings", "body")


def empty_sections(subject: Subject) -> Iterator[tuple[Field, int]]:
    """Fields whose heading the note has without any content, with the heading's offset; held fields are left out."""
    note, kind = subject.note, subject.kind
    if note is None or note.reading is None or kind is None:
        return
    held = {*note.reading.held, *(problem.pointer for problem in note.problems if problem.holds)}
    for field in kind.shape.fields:
        pointer = f"/{field.name}"
        if field.place in _PLACES and field.name not in note.reading.value and pointer not in held:
            offset = note.reading.offset_of(pointer)
            if offset is not None:
                yield field, offset
