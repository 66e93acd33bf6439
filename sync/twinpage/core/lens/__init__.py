"""The lens between a note and a value of its kind.

Laws, checked on the very note before it is written: get(put(p, v)) == v; put(p, get(p)) is p; put changes no byte
outside the spans of the fields that differ; what is composed from nothing reads back without a reference.
"""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.lens.composing import compose_note
from twinpage.core.lens.embeds import add_embeds, remove_embed
from twinpage.core.lens.putting import keep_lines as keep_lines
from twinpage.core.lens.putting import own_lines as own_lines
from twinpage.core.lens.putting import put_value, set_page_property
from twinpage.core.lens.reading import Located, locate
from twinpage.core.lens.referring import reference_spans
from twinpage.core.lens.resolving import Names
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Dialect, Page, Span
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading


def get(page: Page, kind: Kind, names: Names, reference: Value | None = None) -> Reading:
    """Read a note as a value of its kind. ``reference`` lends items their ids. Never raises."""
    return locate(page, kind, names, reference)


def put(page: Page, kind: Kind, view: Value, names: Names, reference: Value | None = None) -> str:
    """The note's text with ``view`` in it. ``reference`` is what items of the note are matched with (as in get).

    Fields that are held in the note are left as they stand. Raises Unwritable when the value would not read back.
    """
    return put_value(page, kind, view, names, reference)


def compose(dialect: Dialect, kind: Kind, artifact_id: str, view: Value, names: Names) -> str:
    """The text of a new note. Raises Unwritable when the value would not read back."""
    return compose_note(dialect, kind, artifact_id, view, names).page.text


def compose_page(
    dialect: Dialect, kind: Kind, artifact_id: str, view: Value, names: Names, path: str
) -> tuple[Page, Reading]:
    """The same as a page at ``path``, with the reading by which it was proven."""
    reading = compose_note(dialect, kind, artifact_id, view, names, path)
    return reading.page, reading


def set_property(page: Page, key: str, value: str | None) -> str:
    """The text with one page property set, or removed (None). Raises Unwritable."""
    return set_page_property(page, key, value)


def lost_structure(page: Page, reading: Reading, base_view: Value, shown: Iterable[Span] = ()) -> tuple[Problem, ...]:
    """TP521 for every list or field of the base that the note lost while its text still stands there.

    ``shown``: spans in which twinpage itself shows the other side's values; they do not count.
    """
    from twinpage.core.lens.lost import lost

    return lost(page, reading, base_view, shown) if isinstance(reading, Located) else ()


def embed(page: Page, section: str, icon: str, targets: list[str]) -> str:
    """The text with embeds of the targets (what stands between the brackets) after the section's last embed."""
    return add_embeds(page, section, icon, targets)


def unembed(page: Page, start: int, end: int) -> str:
    """The text without the embed at these offsets; its line goes too when nothing else stands on it."""
    return remove_embed(page, start, end)


__all__ = [
    "Names",
    "compose",
    "compose_page",
    "embed",
    "get",
    "keep_lines",
    "lost_structure",
    "own_lines",
    "put",
    "reference_spans",
    "set_property",
    "unembed",
]
