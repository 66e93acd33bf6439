"""Carrying a rename out, all or nothing, and settling one that a crash cut short."""

from __future__ import annotations

import json
import shutil

from msgspec.structs import replace

from twinpage.core.renaming import renamed_value
from twinpage.edge import deeds
from twinpage.edge import journal as file
from twinpage.edge.disk import STATE_FOLDER
from twinpage.errors import ChangedMeanwhile, NotRenamed, NotWritten, OutsideVault
from twinpage.workspace.opening import Workspace
from twinpage.workspace.rename.steps import Journal, Step, do, looks_renamed, packed, standing, take_back, unpacked
from twinpage.workspace.renames import RENAMES, former_ids

"""Key of the state: old id -> new id of all that was renamed here, for what comes back from the trash."""
MARK = "rename"


def carry_out(ws: Workspace, journal: Journal) -> None:
    """Do all steps, or none. Under the write lock. Raises NotRenamed, NotWritten."""
    file.save(ws.disk, packed(journal))
    done: list[Step] = []
    try:
        for step in journal.steps:
            done.append(step)
            do(ws.disk, step, journal)
        ws.disk.flush()
    except (ChangedMeanwhile, NotWritten, OutsideVault) as error:
        left = take_back(ws.disk, done, journal)
        if not left:
            _drop(ws)
        raise NotRenamed(str(error), left) from error
    _finish(ws, journal)


def recover(ws: Workspace) -> None:
    """Finish a rename that was cut short, or take it back. Under the write lock, before anything else is done.

    What a person changed in the meantime stays as it is; ``ws.remarks`` tells. Raises NotWritten, NotRead: then
    nothing else must be done.
    """
    if not file.exists(ws.root):
        return
    journal = unpacked(file.load(ws.root), ws.disk, ws.state.recall("home"))
    try:
        stands = [standing(ws.disk, step) for step in journal.steps] if journal else []
    except OutsideVault:
        journal = None
    if journal is None:
        file.set_aside(ws.root)
        ws.remarks.append(
            f"{file.PATH} is damaged or belongs to another vault, so it is not followed; it lies in {file.ASIDE} now. "
            "Look at what was renamed last, then delete it."
        )
        return
    old, new = journal.first
    if ws.state.recall(MARK) == journal.mark:
        _drop(ws)
        ws.remarks.append(f"{old} was renamed to {new} before the last command was cut short; all of it is done.")
        return
    edited = [step for step, stand in zip(journal.steps, stands, strict=True) if stand == "other"]
    if edited and not any(looks_renamed(_text(ws, step), journal) for step in edited):
        _back(ws, journal, edited)
    else:
        _forward(ws, journal, edited)


def _text(ws: Workspace, step: Step) -> str:
    try:
        return ws.disk.read(step.path).decode("utf-8", "replace")
    except OSError:
        return ""


def _forward(ws: Workspace, journal: Journal, edited: list[Step]) -> None:
    for step in journal.steps:
        try:
            if standing(ws.disk, step) == "before":
                do(ws.disk, step, journal)
        except ChangedMeanwhile:
            edited.append(step)
    ws.disk.flush()
    _finish(ws, journal)
    old, new = journal.first
    ws.remarks.append(f"The rename of {old} to {new} was cut short; it is finished now.")
    _tell_edited(ws, journal, edited)


def _back(ws: Workspace, journal: Journal, edited: list[Step]) -> None:
    old, new = journal.first
    left = take_back(ws.disk, journal.steps, journal)
    if left:
        raise NotWritten(left[0], f"the rename of {old} to {new} was cut short and is being taken back")
    _drop(ws)
    ws.remarks.append(
        f"The rename of {old} to {new} was cut short, and {edited[0].path} was changed since; so it is taken back. "
        f"Run `twinpage rename {old} {new}` again."
    )


def _tell_edited(ws: Workspace, journal: Journal, edited: list[Step]) -> None:
    for step in edited:
        if not looks_renamed(_text(ws, step), journal):
            old, new = journal.first
            ws.remarks.append(f"{step.path} was changed meanwhile and is left as it is: write {new} for {old} in it.")


def _finish(ws: Workspace, journal: Journal) -> None:
    deeds.note(ws.root, (f"renamed  {old} to {new}" for old, new in journal.renames.items()))
    with ws.state.transaction():
        _move_state(ws, journal)
        ws.state.remember(MARK, journal.mark)
    _drop(ws)


def _drop(ws: Workspace) -> None:
    file.drop(ws.root)
    # Everything in it stands in the renamed files, or again where it was.
    shutil.rmtree(ws.root / STATE_FOLDER / "renamed", ignore_errors=True)


def _move_state(ws: Workspace, journal: Journal) -> None:
    """What is remembered of the artifacts goes on under their new ids; the rest is looked up anew from the files."""
    after = {step.path: step for step in journal.steps}
    moved = []
    for artifact in (*journal.renames, *journal.referrers):
        base, last = ws.state.base(artifact), ws.state.last_note(artifact)
        if base is not None and last is not None:
            moved.append((artifact, base, last, ws.state.embeds(artifact)))
    for artifact in journal.renames:
        ws.state.drop_base(artifact)
    for artifact, base, last, embeds in moved:
        new = journal.renames.get(artifact, artifact)
        kind = ws.registry.kind(base.kind)
        if kind is None:
            continue
        note, own = after.get(base.note_path), after.get(f"artifacts/{new}.json")
        base = replace(
            base,
            value=renamed_value(base.value, kind, journal.renames, artifact),
            view=renamed_value(base.view, kind, journal.renames, artifact),
            artifact_digest=(own.after if own else None) or base.artifact_digest,
            note_digest=(note.after if note else None) or base.note_digest,
            written=note is not None or base.written,
        )
        ws.state.put_base(new, base, last if note is None or note.becomes is None else note.becomes)
        ws.state.put_embeds(new, embeds.items())
    for old, new in journal.renames.items():
        for owner, line in list(ws.state.rows("select owner, line from embeds where target = ?", old)):
            ws.state.drop_embed(owner, old)
            ws.state.put_embeds(owner, [(new, line)])
    known = former_ids(ws)
    known = {old: journal.renames.get(new, new) for old, new in known.items() if old not in journal.renames.values()}
    ws.state.remember(RENAMES, json.dumps({**known, **journal.renames}, ensure_ascii=False))
