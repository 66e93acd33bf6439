"""Bringing back what lies in the trash, over nothing but what was left in its place."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from twinpage.edge.trash import Bundle, Trash, by_id
from twinpage.errors import AlreadyThere
from twinpage.model.edit import Digest, digest
from twinpage.workspace.carrying.standing import looked_at
from twinpage.workspace.opening import Workspace
from twinpage.workspace.trash.keeping import last_texts
from twinpage.workspace.trash.returning import as_of_today, names_of
from twinpage.workspace.twin import twin_of

_UNDONE = "as it was before `twinpage restore`"


class _Step(Struct, frozen=True):
    """One file to be written."""

    path: str
    """Where it goes: a note that was moved since comes back where it lies now."""
    data: bytes
    there: bytes | None
    """What stands there now; None: nothing does."""


def chosen(ws: Workspace, bundles: Sequence[Bundle], word: str) -> Bundle | None:
    """The removal of that name, else the one that comes back by that id, or by one that the artifact had before."""
    named = (bundle for bundle in bundles if bundle.name == word and bundle.files)
    found, known = next(named, None), by_id(bundles)
    return found or next((known[name] for name in names_of(ws, word) if name in known), None)


def bring_back(ws: Workspace, trash: Trash, bundle: Bundle) -> list[str]:
    """Write the files of a bundle to where they lay; the paths written, none when all is back already.

    Under the write lock. Raises AlreadyThere when somebody wrote something else there since, and writes nothing then;
    NotRead, NotWritten, OutsideVault, ChangedMeanwhile.
    """
    with looked_at(ws):
        today = as_of_today(ws, trash, bundle)
        places = {path: _place(ws, today.artifact, now) for path, (now, _) in today.files.items()}
        remembered = dict(last_texts(ws, twin_of(ws, today.artifact), ()))
    if bundle.restored and all(_there(trash, place) is not None for place in places.values()):
        return []
    found = [_step(trash, bundle, path, places[path], data) for path, (_, data) in today.files.items()]
    steps = [step for step in found if step is not None]
    for step in steps:
        ws.disk.ensure(step.path, _expected(step.there))
    covered = [(step.path, step.there) for step in steps if step.there is not None and not _blank(step.there)]
    # What went since the last pass, and whose place an older version takes: no pass will see that it is gone.
    lost = {step.path for step in steps if step.there is None and remembered.get(step.path, step.data) != step.data}
    covered += [(path, remembered[path]) for path in sorted(lost)]
    trash.put(bundle.artifact, _UNDONE, (), covered, {step.path: digest(step.data) for step in steps}, undo=True)
    for step in steps:
        deed = f"restored  {step.path}  ({bundle.because})  {today.artifact}"
        ws.disk.write(step.path, step.data, _expected(step.there), deed)
    ws.disk.flush()
    trash.mark_restored(bundle)
    return [step.path for step in steps]


def _step(trash: Trash, bundle: Bundle, path: str, place: str, data: bytes) -> _Step | None:
    there = _there(trash, place)
    if there == data:
        return None
    if there is not None and not _blank(there) and digest(there) != bundle.left.get(path):
        raise AlreadyThere(place)
    return _Step(place, data, there)


def _place(ws: Workspace, artifact: str, path: str) -> str:
    """Where a file comes back: a second note of one artifact is never made."""
    if not path.endswith(".md"):
        return path
    notes = [claim for claim in ws.vault.index.claims(artifact) if claim.endswith(".md")]
    if path in notes or not notes:
        return path
    if len(notes) > 1:
        raise AlreadyThere(notes[0])
    return notes[0]


def _there(trash: Trash, place: str) -> bytes | None:
    try:
        return trash.disk.read(place)
    except FileNotFoundError:
        return None
    except OSError:
        raise AlreadyThere(place) from None


def _blank(data: bytes) -> bool:
    """An emptied note: nothing of anybody is in it."""
    return not data.decode("utf-8-sig", "replace").strip()


def _expected(there: bytes | None) -> Digest | None:
    return None if there is None else digest(there)
