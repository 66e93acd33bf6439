"""``twinpage resolve``: end the conflicts of one artifact by saying which side is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from twinpage.core.decide import Agreed, FileSide, decide
from twinpage.core.resolving import SIDE_OF, resolved, resolved_removal, settle_merge, values_of
from twinpage.edge import clock, editor
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownWord, Usage
from twinpage.model.decision import Clash, Conflict, Decision, Same
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.passes import PassResult, run_on
from twinpage.workspace.standing import merge_conflicts, open_conflicts
from twinpage.workspace.twin import Twin

LOOKS = 3


def run(
    *, vault: Path, artifact: str, take: str, fields: tuple[tuple[str, str], ...], edit: bool, terminal: Terminal
) -> int:
    """Decide with ``take`` (a side for all), ``fields`` (pointer, side) or in the editor; then write both twins."""
    if edit and not terminal.interactive:
        raise Usage("Deciding in an editor needs a terminal: use --take SIDE or --field POINTER=SIDE.")
    ws = open_workspace(vault)
    try:
        chooser = _Chooser(take, dict(fields), edit)
        result = run_on(ws, artifact, chooser.decide)
        for _ in range(LOOKS - 1):
            if not result.tally.waiting:
                break
            terminal.remark(f"Waiting {result.seconds:.1f} s: {result.tally.waiting[0].because}.")
            clock.sleep(result.seconds)
            result = run_on(ws, artifact, chooser.decide)
    finally:
        ws.close()
    return _tell(result, terminal)


def _tell(result: PassResult, terminal: Terminal) -> int:
    tally = result.tally
    for change in tally.changes:
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


class _Chooser:
    """Turns what somebody said on the command line into a decision."""

    def __init__(self, take: str, fields: dict[str, str], edit: bool) -> None:
        self.take = take
        self.fields = fields
        self.edit = edit
        self.edited: dict[str, Any] = {}

    def decide(self, ws: Workspace, twin: Twin, decision: Decision) -> tuple[Twin, Decision]:
        left = {conflict.pointer for conflict in merge_conflicts(twin)}
        if not isinstance(decision, Clash) and not left:
            if twin.card is None:
                raise UnknownWord("artifact", twin.artifact, ws.vault.similar(twin.artifact, ()), "twinpage conflicts")
            raise Usage(f"{twin.artifact} has no open conflict: `twinpage conflicts` lists those that there are.")
        if self.edit and left:
            raise Usage("What a merge left open is decided by a side: say --take ours or --take theirs.")
        sides = self.fields
        if self.take:
            sides = {conflict.pointer: self.take for conflict in open_conflicts(twin, decision)}
        if left & sides.keys():
            twin, decision = _settled(twin, decision, sides)
        others = {pointer: side for pointer, side in sides.items() if pointer not in left or not self.fields}
        if isinstance(decision, Clash) and (others or self.edit):
            decision = self._decided(decision, others)
        elif self.fields and others:
            raise UnknownWord("open conflict at", next(iter(others)), sorted(left)[:3], "twinpage conflicts")
        return twin, decision

    def _decided(self, clash: Clash, sides: dict[str, str]) -> Decision:
        if any(conflict.pointer == "" for conflict in clash.conflicts):
            if "" not in sides:
                raise Usage("Its note is gone: say --take note to remove it, or --take file to write the note anew.")
            return resolved_removal(clash, SIDE_OF[sides[""]])
        if self.edit:
            for conflict in clash.conflicts:
                if conflict.pointer not in self.edited:
                    self.edited[conflict.pointer] = _edited(conflict)
            return resolved(clash, self.edited)
        return resolved(clash, values_of(clash, sides))


def _settled(twin: Twin, decision: Decision, sides: dict[str, str]) -> tuple[Twin, Decision]:
    """What git's merge left is settled in the artifact file first; the note follows what that says then."""
    assert twin.file is not None
    assert twin.file.value is not None
    assert twin.kind is not None
    agreed = Agreed(twin.file.value, twin.note_side.view) if isinstance(decision, Same) else twin.agreed
    value = settle_merge(twin.file.value, sides)
    return twin.with_value(value), decide(twin.note_side, FileSide("read", value), agreed, twin.kind, patient=True)


def _edited(conflict: Conflict) -> Any:
    """What a person makes of both values in their editor. Text is edited as text, anything else as JSON."""
    plain = all(isinstance(value, str) or value is None for value in (conflict.note, conflict.file))
    shown = [_shown(value, plain) for value in (conflict.note, conflict.file)]
    head = f"# {conflict.pointer}: keep what is right. Lines that start with # are left out.\n"
    text = f"{head}# --- the note ---\n{shown[0]}\n# --- the artifact file ---\n{shown[1]}\n"
    saved = editor.edit(text)
    kept = "\n".join(line for line in saved.split("\n") if not line.startswith("#")).strip()
    if plain:
        return kept or None
    try:
        return json.loads(kept) if kept else None
    except ValueError:
        raise Usage(f"What was saved for {conflict.pointer} is no JSON: nothing was changed. Try again.") from None


def _shown(value: object, plain: bool) -> str:
    if value is None:
        return ""
    return str(value) if plain else json.dumps(value, ensure_ascii=False, indent=2)
