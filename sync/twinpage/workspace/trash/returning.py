"""What comes back from the trash speaks of artifacts as they were called then: it is told their ids of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twinpage.core.artifact_text import read_bytes, write
from twinpage.core.renaming import Renames, renamed_id, renamed_note, renamed_value
from twinpage.edge.trash import Bundle, Trash
from twinpage.errors import Unwritable
from twinpage.model.names import case_of
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace, read_page
from twinpage.workspace.reading import VaultNames
from twinpage.workspace.rename.recovery import former_ids


@dataclass(frozen=True, slots=True)
class Today:
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
    return Today(renames.get(own, own), found)


def _now(ws: Workspace, path: str, data: bytes, own: str, renames: Renames) -> tuple[str, bytes]:
    if path.endswith(".json"):
        value = read_bytes(path, data).value
        kind = ws.registry.kind(str((value or {}).get("kind", "")))
        if value is None or kind is None or path != artifact_path(own):
            return path, data
        made = renamed_value(value, kind, renames, own)
        return artifact_path(renames.get(own, own)), data if made == value else write(made, kind).encode("utf-8")
    page = read_page(ws.dialect, path, data)
    kind = ws.registry.kind(page.property("artifact-kind"))
    if kind is None or any(problem.holds for problem in page.problems):
        return path, data
    try:
        text = renamed_note(page, kind, VaultNames(ws), None, renames, own)
    except Unwritable:
        return path, data
    return path, text.encode("utf-8", "surrogatepass")


def names_of(ws: Workspace, artifact: str) -> list[str]:
    """An id, and those under which what has it now may have been put away."""
    former = former_ids(ws)
    found = [artifact, *(old for old, new in former.items() if new == artifact)]
    case = case_of(artifact)
    return found + [old + artifact[len(case) :] for old, new in former.items() if case and new == case]
