"""``check --fix``: carrying out the fixes that flags offer."""

from __future__ import annotations

from msgspec import Struct

from twinpage.core.flags.flagging import look_at
from twinpage.core.template import template
from twinpage.core.wording import words
from twinpage.edge.lock import write_lock
from twinpage.edge.terminal import Terminal
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault, Usage
from twinpage.model.edit import Edit
from twinpage.model.flag import Flag, Scaffold
from twinpage.model.outcome import Change
from twinpage.rules import RULES
from twinpage.workspace.carrying.looking_twice import passes
from twinpage.workspace.flagging.creating import Wish, create
from twinpage.workspace.flagging.flags import ARTIFACT, PATH, take_flags
from twinpage.workspace.opening import Workspace
from twinpage.workspace.subjects import loose_subject, subject_of


class Fixed(Struct, frozen=True):
    """What was mended, and what the system refused."""

    changes: tuple[Change, ...] = ()
    not_written: tuple[str, ...] = ()


def mend(ws: Workspace, paths: tuple[str, ...], terminal: Terminal) -> Fixed:
    """Carry out every fix of the flags at ``paths`` (everywhere, when empty): edits, then new partners, then a pass."""
    take_flags(ws)
    flags = [flag for flag in _fixable(ws) if not paths or any(_below(flag.path, path) for path in paths)]
    changes: list[Change] = []
    refused: list[str] = []
    for flag in flags:
        if isinstance(flag.fix, Edit):
            _edit(ws, flag.fix, changes, refused)
    take_flags(ws)
    for flag in flags:
        if isinstance(flag.fix, Scaffold):
            _scaffold(ws, flag.fix, changes, refused)
    if flags:
        outcome = passes(ws, terminal.remark)
        changes += outcome.changes
        refused += outcome.not_written
        for held in outcome.held:
            terminal.remark(f"{held.path}:{held.line}: {held.because}")
    return Fixed(tuple(changes), tuple(refused))


def _fixable(ws: Workspace) -> list[Flag]:
    """Flags with their fixes, taken anew: what is remembered of a flag does not carry its fix."""
    found: list[Flag] = []
    with ws.state.transaction():
        for subject, data in list(ws.state.flags()):
            if ",true]" not in data:
                continue
            if subject.startswith(ARTIFACT):
                looked_for = subject_of(ws, subject.removeprefix(ARTIFACT))
            else:
                looked_for = loose_subject(ws, subject.removeprefix(PATH))
            if looked_for is not None:
                flags = look_at(looked_for, ws.vault, RULES, ws.config).flags
                found += [flag for flag in flags if flag.fix is not None]
    return sorted(found, key=lambda flag: flag.order)


def _below(path: str, wanted: str) -> bool:
    return wanted == "" or path == wanted or path.startswith(wanted + "/")


def _edit(ws: Workspace, edit: Edit, changes: list[Change], refused: list[str]) -> None:
    if edit.text is None:
        return
    try:
        with write_lock(ws.root):
            change = Change(edit.path, "updated", edit.artifact, edit.because)
            ws.disk.write(edit.path, edit.text.encode("utf-8"), edit.expects, change.deed)
            ws.disk.flush()
            changes.append(change)
    except ChangedMeanwhile:
        return  # a fix before this one changed the file: its flag is taken anew in the next run
    except (NotWritten, OutsideVault) as error:
        refused.append(str(error))


def _scaffold(ws: Workspace, fix: Scaffold, changes: list[Change], refused: list[str]) -> None:
    target = ws.vault.card(fix.target)
    kind = ws.registry.kind(fix.kind)
    if target is None or kind is None:
        return
    if not target.path:
        refused.append(f"{target.name} has no artifact file to name yet: run `twinpage sync`, then this again.")
        return
    name = f"{target.name}'s {words(kind.name)}"
    try:
        path, artifact = create(ws, Wish(kind, name, template(kind, name, "", target)))
    except (Usage, NotWritten, OutsideVault) as error:
        refused.append(str(error))
        return
    changes.append(Change(path, "created", artifact, f"{target.name} had none"))
