"""The base where this machine remembers none: the newest commit in which both twins agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from twinpage.core.artifact_text import read_bytes
from twinpage.core.merging.overlay import view_of, without_unexpressed
from twinpage.edge.git import repository as git
from twinpage.edge.git.grep import notes_with_property
from twinpage.edge.states.state import Base
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace, read_page
from twinpage.workspace.reading import reading_of

_MOST_MOVED = 50
"""For so many artifacts at most a whole commit is searched for a note that has moved."""


def bases_from_git(ws: Workspace, artifacts: Iterable[str]) -> dict[str, Base]:
    """Bases of those artifacts for which git's last 200 commits have one."""
    repository = git.repository(ws.root)
    if repository is None:
        return {}
    pairs: dict[str, tuple[str, str]] = {}
    for artifact in artifacts:
        card = ws.vault.index.card(artifact)
        if card is not None and card.note_path:
            pairs[artifact] = card.note_path, artifact_path(artifact)
    found = _newest(ws, repository, pairs)
    moved = [artifact for artifact in pairs if artifact not in found]
    if 0 < len(moved) <= _MOST_MOVED:
        found |= _newest(ws, repository, dict(_where_they_were(ws, moved)))
    return found


def _where_they_were(ws: Workspace, artifacts: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Notes that were moved since the last commit, by the id that they had in it."""
    for artifact in artifacts:
        notes = notes_with_property(ws.root, "HEAD", "artifact-id", artifact)
        if len(notes) == 1:
            yield artifact, (notes[0], artifact_path(artifact))


def _newest(ws: Workspace, repository: git.Repository, pairs: Mapping[str, tuple[str, str]]) -> dict[str, Base]:
    """Of each pair of a note and a file the newest state in which they agreed, if git has one."""
    found: dict[str, Base] = {}
    for artifact, note, file, _ in repository.revisions(pairs, found):
        if artifact not in found and note is not None and file is not None:
            base = _agreed(ws, artifact, pairs[artifact][0], note, file)
            if base is not None:
                found[artifact] = base
                if len(found) == len(pairs):
                    break
    return found


def _agreed(ws: Workspace, artifact: str, path: str, note: bytes, file: bytes) -> Base | None:
    value = read_bytes(artifact_path(artifact), file).value
    kind = ws.registry.kind(str(value.get("kind"))) if value else None
    page = read_page(ws.dialect, path, note)
    if value is None or kind is None or any(problem.holds for problem in page.problems):
        return None
    if page.property("artifact-id") != artifact:
        return None
    view = reading_of(ws, page, kind, view_of(value, kind)).value
    if view != without_unexpressed(view, view_of(value, kind), kind):
        return None
    return Base(kind.name, path, "", "", value, view, written=False)
