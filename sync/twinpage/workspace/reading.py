"""What one text of a twin says: a note by the lens, an artifact file as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from errno import EACCES, EPERM

from msgspec.structs import replace

from twinpage.core import lens, pointers
from twinpage.core.artifact_text import read_bytes
from twinpage.core.choosing import conflicts
from twinpage.core.json_text import MAX_SIZE
from twinpage.core.merging.new_items import with_new_items
from twinpage.core.merging.overlay import expressed, filled, view_of
from twinpage.edge.states.state import Base
from twinpage.errors import OutsideVault
from twinpage.model.edit import Digest
from twinpage.model.kind import Kind, Value
from twinpage.model.names import leads_out
from twinpage.model.page import Page
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading
from twinpage.model.source import Source
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
        if isinstance(known, Source):
            return known
        return read_bytes(path, known if known is not None else ws.disk.read(path))
    except FileNotFoundError:
        return None
    except OutsideVault as error:
        # An id that leads out of the vault is the mistake of whoever claims it: no file can be there.
        return None if leads_out(path) else unreadable(path, str(error))
    except OSError as error:
        refused = error.errno in (EACCES, EPERM)
        what_to_do = "Mend its permissions." if refused else "Put a file there that can be read."
        return unreadable(path, f"{path} cannot be read ({error.strerror}). {what_to_do}")


def unreadable(path: str, sentence: str) -> Source:
    """A file that cannot be read, and why."""
    return told_of(path, Problem("TP001", 0, sentence, holds=True))


def told_of(path: str, *problems: Problem, text: str = "", mark: Digest = "") -> Source:
    """A file that is no artifact, with what there is to say of it."""
    return Source(path, text, mark, None, problems, _nowhere)


def _nowhere(pointer: str) -> None:
    return None


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


def matched_with(base_view: Value, file_value: Value | None, kind: Kind | None) -> Value:
    """What a note's items are matched with: the base, at open conflicts what the note itself says, and by their names
    the items that only the file has.

    At conflicts the base is silent, or older than both sides: an item that was renamed would not be known again.
    """
    if kind is not None and file_value is not None:
        base_view = with_new_items(base_view, file_value, kind.shape)
    for left in conflicts.from_artifact(file_value or {}):
        if left.from_ == "note" and left.pointer and left.other is not None:
            base_view = pointers.put(base_view, left.pointer, left.other, file_value)
    return base_view


def as_in_file(ws: Workspace, page: Page, kind: Kind, base: Base, file: Source, reading: Reading) -> Reading:
    """Read with the file's items where both sides are new and say the same so: after a checkout the base has others."""
    value = file.value
    if page.digest == base.note_digest or file.digest == base.artifact_digest or value is None or "conflicts" in value:
        return reading
    written = expressed(base.value, base.view, value, kind)
    if filled(reading.value, base.view, reading.held) == written:
        return reading
    again = reading_of(ws, page, kind, view_of(value, kind))
    return again if filled(again.value, base.view, again.held) == written else reading


def lost_structure(ws: Workspace, page: Page, reading: Reading, base: Value) -> tuple[Problem, ...]:
    """What the note lost while its text still stands in it; not in the conflicts, where we show what the file says."""
    bare = _without_moved(ws, page)
    if bare is not page:
        place = _places(page.text, bare.text)
        lost = lens.lost_structure(bare, reading, base)
        return tuple(replace(problem, offset=place(problem.offset)) for problem in lost)
    shown = [(found.start, found.end) for found in conflicts.find(page.text, ws.dialect.name)]
    return lens.lost_structure(page, reading, base, shown)


TOO_MUCH = f"This says more than the {MAX_SIZE // 1_000_000} MB that an artifact file may hold. Split what is in it."


def says_too_much(page: Page, value: Value) -> bool:
    """No artifact file could hold what the note says."""
    return len(page.text) > MAX_SIZE // 2 and len(json.dumps(value, ensure_ascii=False, indent=2)) > MAX_SIZE
