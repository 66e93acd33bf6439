"""Writing twins that git left with markers anew: merged by fields, with what somebody decided, and without markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twinpage.core.artifact_text import write
from twinpage.core.choosing.resolving import settle_merge
from twinpage.core.merging.branch_notes import BranchNote, Keep
from twinpage.core.merging.branches import with_open
from twinpage.core.merging.markers import whole
from twinpage.core.pointers import look as value_at
from twinpage.edge import clock
from twinpage.edge.lock import write_lock
from twinpage.edge.trash import Trash
from twinpage.errors import Unwritable
from twinpage.model.edit import digest
from twinpage.model.kind import Value
from twinpage.model.outcome import Change
from twinpage.model.page import Page
from twinpage.workspace.carrying.carry import QUIET
from twinpage.workspace.carrying.marked import Marked, MarkedText
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import VaultNames
from twinpage.workspace.texts import with_name

BECAUSE = "git's conflict was decided"


def seconds_to_wait(ws: Workspace, marked: Marked) -> float:
    """How long somebody may still be typing in the note."""
    stat = ws.disk.stat(marked.note.path) if marked.note is not None else None
    age = (clock.now_ns() - stat.mtime_ns) / 1e9 if stat is not None else QUIET
    return QUIET - age if 0 <= age < QUIET else 0.0


def unmark(ws: Workspace, marked: Marked, chosen: Mapping[str, Any], keep: Keep) -> list[Change]:
    """Write both twins without markers. What is not ``chosen`` (by pointer) keeps ours and stays an open conflict.

    What was written goes to the trash first. Nothing is staged. Raises Unwritable, ChangedMeanwhile, NotWritten,
    LockHeld; then what was not written yet is as it was.
    """
    texts = {}
    if marked.in_file is not None:
        value = _value(ws, marked, chosen)
        if marked.file is not None or marked.twin.file is None or value != marked.twin.file.value:
            texts[marked.twin.file_path] = write(value, marked.kind)
    if marked.note is not None:
        texts[marked.note.path] = _note(ws, marked, marked.note, chosen, keep)
    former = _former(marked)
    with write_lock(ws.root):
        Trash(ws.disk).put(marked.twin.artifact, f"as it was before {BECAUSE}", (), former.items())
        changes = []
        for path, text in texts.items():
            data = text.encode("utf-8", "surrogatepass")
            before = former.get(path)
            changes.append(Change(path, "merged", marked.twin.artifact, BECAUSE))
            ws.disk.write(path, data, digest(before) if before is not None else None, changes[-1].deed)
            ws.own_writes.add(digest(data))
        ws.disk.flush()
    return changes


def _former(marked: Marked) -> dict[str, bytes]:
    twin = marked.twin
    former = {}
    if twin.page is not None:
        former[twin.note_path] = twin.page.text.encode("utf-8", "surrogatepass")
    if twin.file is not None:
        former[twin.file_path] = twin.file.text.encode("utf-8", "surrogatepass")
    return former


def _value(ws: Workspace, marked: Marked, chosen: Mapping[str, Any]) -> Value:
    assert marked.in_file is not None
    own = {clash.pointer for clash in marked.in_file.clashes}
    # A decision about a field that clashes in the note alone holds for the file; of items the note tells only a part.
    usable = {at: part for at, part in chosen.items() if at in own or not isinstance(part, dict | list)}
    value = marked.in_file.decided(usable)
    left = tuple(clash for clash in marked.clashes if clash.pointer not in chosen)
    value = with_open(settle_merge(value, chosen), left, marked.from_)
    faults = [problem for problem in ws.faults(value, marked.kind) if problem.holds]
    if faults:
        raise Unwritable(f"{marked.twin.file_path} would be against its schema: {faults[0].message}")
    return value


def _note(ws: Workspace, marked: Marked, note: MarkedText, chosen: Mapping[str, Any], keep: Keep) -> str:
    joined = marked.in_note
    assert joined is not None
    own = {clash.pointer for clash in joined.clashes}
    usable = {at: part for at, part in chosen.items() if at in own or value_at(joined.value, at) is not None}
    view = joined.decided(usable)

    def wanted(page: Page) -> Value:
        return with_name(page, view)

    keep = "ours" if note.boxed else keep  # what both wrote besides is in it already
    tried = [note.sides, whole(*note.texts)] if note.as_git_left else [note.sides]
    for sides in tried:
        before = note.texts[0] or ""
        made = BranchNote(note.path, ws.dialect, marked.kind, VaultNames(ws), sides, before, joined.sides)
        try:
            return made.text(wanted, keep)
        except Unwritable as error:
            refused = error
    raise refused
