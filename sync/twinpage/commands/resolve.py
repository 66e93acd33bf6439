"""``twinpage resolve``: end the conflicts of one artifact by saying what is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from twinpage.core.choosing.choosing import Chosen, by_fields, by_side, first_of_each, values
from twinpage.core.choosing.edit_text import for_editor, from_editor, is_text
from twinpage.core.merging.branch_notes import Keep
from twinpage.core.wording import short_while
from twinpage.edge import clock
from twinpage.edge.editor import Desk
from twinpage.edge.git.staging import add_command
from twinpage.edge.lock import write_lock
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownArtifact, Usage
from twinpage.model.names import slug
from twinpage.model.outcome import Change, OpenConflict
from twinpage.workspace.carrying.choices import choice, keeping
from twinpage.workspace.carrying.deciding import Waiting, note_decided, waiting_of
from twinpage.workspace.carrying.passes import PassResult, run_on
from twinpage.workspace.carrying.unmarking import seconds_to_wait, unmark
from twinpage.workspace.handover import leave
from twinpage.workspace.look import look
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.trash.removing import remove_twins
from twinpage.workspace.twin import Twin

LOOKS = 3


def run(
    *, vault: Path, artifact: str, take: str, fields: tuple[tuple[str, str], ...], edit: bool, terminal: Terminal
) -> int:
    """Decide with ``take`` (a side for all), ``fields`` (pointer, side) or in the editor; then write both twins."""
    if edit and not terminal.interactive:
        raise Usage("Deciding in an editor needs a terminal: use --take SIDE or --field POINTER=SIDE.")
    ws = open_workspace(vault)
    desk = Desk(ws.disk)
    done = False
    try:
        waiting = _checked(ws, artifact)
        found = first_of_each(waiting.found)
        if edit:
            chosen = _edited(desk, found)
        elif fields:
            chosen = values(found, by_fields(found, fields))
        else:
            chosen = by_side(found, take)
        code = _carried(ws, waiting, chosen, take, terminal)
        done = code == 0
    finally:
        typed = desk.typed()
        if typed and not done:
            terminal.remark(f"What you typed is kept in {' and '.join(typed)}: copy it from there, then delete it.")
        else:
            desk.clear()
        ws.close()
    return code


def _checked(ws: Workspace, artifact: str) -> Waiting:
    waiting = waiting_of(ws, artifact)
    if waiting.held is not None:
        raise Usage(f"{waiting.held.path}:{waiting.held.line}: {waiting.held.because}")
    if not waiting.found and waiting.marked is None:
        if waiting.twin.card is None:
            raise UnknownArtifact(artifact, ws.vault.similar_ids(artifact, ()))
        raise Usage(f"{artifact} has no open conflict: `twinpage conflicts` lists those that there are.")
    return waiting


def _edited(desk: Desk, found: Sequence[OpenConflict]) -> Chosen:
    if any(not conflict.pointer for conflict in found):
        raise Usage("Its note is gone: say --take note to remove it, or --take file to write the note anew.")
    chosen: Chosen = {}
    for number, conflict in enumerate(found, 1):
        name = f"{number}-{slug(conflict.place or conflict.pointer) or 'field'}"
        saved = desk.edit(f"{name}.{'md' if is_text(conflict) else 'json'}", for_editor(conflict))
        chosen[conflict.pointer] = from_editor(conflict, saved)
    return chosen


def _carried(ws: Workspace, waiting: Waiting, chosen: Chosen, take: str, terminal: Terminal) -> int:
    artifact = waiting.twin.artifact
    if waiting.removed_by_one:
        return _removed_or_kept(ws, waiting, chosen, terminal)
    choose = choice(waiting.found, chosen)
    written: list[Change] = []
    if waiting.marked is not None:
        written = _unmarked(ws, waiting, chosen, take, terminal)
        note_decided(ws, artifact)
        choose = choice((), {})

    def once() -> PassResult:
        return run_on(ws, artifact, choose)

    result = _patiently(once, terminal)
    code = _tell(written, result, terminal)
    if _lost(waiting.twin) and any(change.path.endswith(".md") for change in result.tally.changes):
        terminal.remark(_WRITTEN_ANEW.format(artifact))
    left = _left(waiting, chosen)
    if left:
        terminal.result(f"Still open: {', '.join(left)}.")
    if waiting.marked is not None:
        terminal.remark(_to_add(ws, [*waiting.marked.paths, waiting.twin.file_path]))
    elif any(one.by_git for one in waiting.found):
        terminal.remark(_to_add(ws, [path for path in (waiting.twin.note_path, waiting.twin.file_path) if path]))
    return max(code, int(bool(left)))


def _lost(twin: Twin) -> bool:
    """Its note is gone or empty, and what it said is known."""
    return twin.base is not None and (twin.page is None or not twin.page.text.strip())


_WRITTEN_ANEW = (
    "The note is written anew from the artifact file. What its former text said besides is in the trash: `twinpage "
    "restore {}` brings it back."
)


def _left(waiting: Waiting, chosen: Chosen) -> list[str]:
    """What is open still, but for what a pass tells itself: that between both twins."""
    between = [one for one in waiting.found if waiting.marked is not None or one.by_git]
    decided = [one for one in first_of_each(between) if one.pointer in chosen]
    left = [one for one in between if one not in decided]
    return list(dict.fromkeys(one.pointer for one in left))


def _patiently(once: Callable[[], PassResult], terminal: Terminal) -> PassResult:
    result = once()
    for _ in range(LOOKS - 1):
        if not result.tally.waiting:
            break
        terminal.remark(f"Waiting {short_while(result.seconds)}: {result.tally.waiting[0].because}.")
        clock.sleep(result.seconds)
        result = once()
    return result


def _unmarked(ws: Workspace, waiting: Waiting, chosen: Chosen, take: str, terminal: Terminal) -> list[Change]:
    """Both twins without markers. Where a side is taken for all, its own text stands where both wrote some."""
    marked = waiting.marked
    assert marked is not None
    seconds = seconds_to_wait(ws, marked)
    if seconds:
        terminal.remark(f"Waiting {short_while(seconds)}: somebody may be typing in {marked.twin.note_path}.")
        clock.sleep(seconds)
    keep: Keep = "both"
    if waiting.found and take in ("ours", "theirs"):
        keep = "ours" if take == "ours" else "theirs"
    return unmark(ws, marked, chosen, keep)


def _removed_or_kept(ws: Workspace, waiting: Waiting, chosen: Chosen, terminal: Terminal) -> int:
    """One branch removed the artifact, the other changed it: both twins go, or stay as they are."""
    twin = waiting.twin
    if chosen.get("") is None:
        with write_lock(ws.root), ws.state.transaction():
            seen = look(ws)
            leave(ws, seen)
            for path in remove_twins(ws, seen, twin.artifact, "one branch removed it, and that was right"):
                terminal.result(f"trashed {path}")
            ws.save_index()
            note_decided(ws, twin.artifact)
        terminal.remark(f"`twinpage restore {twin.artifact}` brings it back.")
    elif twin.page is not None and twin.file is not None:
        note_decided(ws, twin.artifact)
        terminal.result("Both twins stay as they are.")
    else:
        note_decided(ws, twin.artifact)
        _tell([], _patiently(partial(_made_anew, ws, twin.artifact), terminal), terminal)
    terminal.remark(_to_add(ws, [path for path in (twin.note_path, twin.file_path) if path]))
    return 0


def _made_anew(ws: Workspace, artifact: str) -> PassResult:
    """Make the twin that a branch removed from the one that stays."""
    left = waiting_of(ws, artifact).found  # now that it is decided: what is between the twins themselves
    stays = {one.pointer: one.other if one.mine is None else one.mine for one in left}
    return run_on(ws, artifact, keeping(choice(left, stays)))


def _to_add(ws: Workspace, paths: list[str]) -> str:
    command = add_command(ws.root, paths)
    return f"Nothing is staged. When the rest is right too: {command}" if command else "git has it already as it is."


def _tell(written: list[Change], result: PassResult, terminal: Terminal) -> int:
    tally = result.tally
    for change in [*written, *tally.changes]:
        terminal.result(f"{change.action} {change.path}")
    for sentence in (*tally.not_written, *(held.because for held in tally.held)):
        terminal.remark(sentence)
    for waiting in tally.waiting:
        terminal.remark(f"{waiting.path} was not written: {waiting.because}. Run the command again in a moment.")
    if tally.conflicts:
        terminal.result(f"Still open: {', '.join(conflict.pointer for conflict in tally.conflicts)}.")
    if tally.not_written:
        return 2
    return int(bool(tally.held or tally.waiting or tally.conflicts))
