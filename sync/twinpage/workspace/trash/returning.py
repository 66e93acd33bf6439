"""What comes back from the trash speaks of artifacts as they were called then: it is told their ids of today."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from twinpage.core import lens
from twinpage.core.artifact_text import read_bytes, write
from twinpage.core.choosing import conflicts
from twinpage.core.merging.overlay import view_of
from twinpage.core.pointers import look
from twinpage.core.renaming import Renames, renamed_id, renamed_note, renamed_value
from twinpage.core.retitling import retitled, title_in
from twinpage.core.trash_words import NOTE_IS_OLDER
from twinpage.edge.trash import Bundle, Trash
from twinpage.errors import Unwritable
from twinpage.model.kind import Kind, Value
from twinpage.model.names import case_of
from twinpage.model.page import Page
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace, read_page
from twinpage.workspace.reading import VaultNames, reading_of, source_at
from twinpage.workspace.renames import former_ids
from twinpage.workspace.texts import with_name


class Today(Struct, frozen=True):
    """What a bundle holds, as it would be said now."""

    artifact: str
    files: Mapping[str, tuple[str, bytes]]
    """By the path at which it lay: the one to which it goes, and its bytes."""


def as_of_today(ws: Workspace, trash: Trash, bundle: Bundle) -> Today:
    """A bundle with the new ids of what was renamed since. Raises NotRead.

    An artifact that was renamed itself is not what was removed: that comes back under the id that it had.
    """
    renames = {
        old: new for old, new in former_ids(ws).items() if ws.vault.card(new) is not None and ws.vault.card(old) is None
    }
    own = str(bundle.artifact)
    if own not in renames and renamed_id(own, renames) != own:
        renames[own] = renamed_id(own, renames)  # it was away when its case was renamed
    else:
        renames.pop(own, None)
    found = {}
    for path in bundle.files:
        data = trash.read(bundle, path)
        found[path] = (path, data) if not renames else _now(ws, path, data, own, renames)
    artifact = renames.get(own, own)
    file = found.get(artifact_path(own))
    source = read_bytes(*file) if file else source_at(ws, artifact_path(artifact))
    value = source.value if source else None
    follows = bundle.because in NOTE_IS_OLDER and not _tells_of_note(value)
    for path, (now, data) in found.items():
        if path.endswith(".md"):
            data = _with_titles(ws, now, data, value)
            found[path] = (now, _following(ws, now, data, value) if follows else data)
        elif follows and path == artifact_path(own):
            found[path] = (now, _decided(ws, data, value))
    return Today(artifact, found)


def _now(ws: Workspace, path: str, data: bytes, own: str, renames: Renames) -> tuple[str, bytes]:
    if path.endswith(".json"):
        value = read_bytes(path, data).value
        kind = ws.registry.kind(str((value or {}).get("kind", "")))
        if value is None or kind is None or path != artifact_path(own):
            return path, data
        made = renamed_value(value, kind, renames, own)
        return artifact_path(renames.get(own, own)), data if made == value else write(made, kind).encode("utf-8")
    page, kind = _readable(ws, path, data)
    if kind is None:
        return path, data
    try:
        text = renamed_note(page, kind, VaultNames(ws), None, renames, own)
    except Unwritable:
        return path, data
    return path, text.encode("utf-8", "surrogatepass")


def _readable(ws: Workspace, path: str, data: bytes) -> tuple[Page, Kind | None]:
    """A note, and its kind where it can be read."""
    page = read_page(ws.dialect, path, data)
    held = any(problem.holds for problem in page.problems)
    return page, None if held else ws.registry.kind(page.property("artifact-kind"))


def _with_titles(ws: Workspace, path: str, data: bytes, value: Value | None) -> bytes:
    """A note whose links name what its artifact file names, by the titles of today: notes may have been renamed."""
    page, kind = _readable(ws, path, data)
    if kind is None or value is None:
        return data
    names, view = VaultNames(ws), view_of(value, kind)
    former = {
        title_in(problem.facts[0], page.syntax.markup.outline): target
        for problem in reading_of(ws, page, kind, view).problems
        if problem.code == "TP201" and isinstance(target := look(value, problem.pointer), str)
    }
    text = retitled(page, kind, names, view, former, lambda artifact, named: names.link_to(artifact))
    return text.encode("utf-8", "surrogatepass")


def _following(ws: Workspace, path: str, data: bytes, value: Value | None) -> bytes:
    """A note with what its artifact file says, and all that only the note says: else the note would seem the newer."""
    page, kind = _readable(ws, path, data)
    if kind is None or value is None:
        return data
    view = view_of(value, kind)
    try:
        text = lens.put(page, kind, with_name(page, view), VaultNames(ws), view)
    except Unwritable:
        return data
    return text.encode("utf-8", "surrogatepass")


def _tells_of_note(value: Value | None) -> bool:
    """The artifact file holds, in an open conflict, what the note said: both are of one moment."""
    return any(left.from_ == "note" and left.other is not None for left in conflicts.from_artifact(value or {}))


def _decided(ws: Workspace, data: bytes, value: Value | None) -> bytes:
    """An artifact file that waits no longer for a word on its note."""
    kind = ws.registry.kind(str((value or {}).get("kind", "")))
    made = conflicts.to_artifact(value, ()) if value else value
    return data if made == value or made is None or kind is None else write(made, kind).encode("utf-8")


def names_of(ws: Workspace, artifact: str) -> list[str]:
    """An id, and those under which what has it now may have been put away."""
    former = former_ids(ws)
    found = [artifact, *(old for old, new in former.items() if new == artifact)]
    case = case_of(artifact)
    return found + [old + artifact[len(case) :] for old, new in former.items() if case and new == case]
