"""A field that both twins changed, and that nobody has decided yet.

## What it does
Reports every open conflict, from the artifact file's `conflicts` or from the callout (Obsidian) or block
(Logseq) that `sync` left in the note.

## Why it matters
Each side still keeps its own text. Committed like this, the conflict travels to everybody, and the next change of the
field makes it worse.

## Bad
    > [!warning] twinpage conflict: Goal (`/goal`)          (Obsidian; in Logseq a block with the same words)
    > The artifact file says:
    > > Bikes at the door on Sunday evening.

    ## Goal
    Bikes at the door on Monday.

## Good
    ## Goal
    Bikes at the door on Sunday evening.

## Mend it
`twinpage conflicts` shows them. `twinpage resolve ID --take note` (or `file`) ends all of one artifact, `--field
POINTER=SIDE` one at a time, `--edit` in your editor. Between two branches the sides are `ours` and `theirs`. Writing
the same on both sides ends a conflict as well.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from twinpage.core.choosing.conflicts import find, from_artifact
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.pointers import look
from twinpage.core.twins import place_words
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """One finding a field, at the note's call-out where there is one."""
    note, file = subject.note, subject.file
    boxes = find(note.text, vault.dialect) if note else ()
    shown = {found.pointer: found.offset for found in boxes}
    branches = {found.pointer for found in boxes if found.branch is not None}
    value = (file.value if file else None) or {}
    removed = {left.pointer for left in from_artifact(value) if None in (left.other, look(value, left.pointer))}
    for position, left in enumerate(from_artifact(value)):
        if left.from_ != "note":
            branches.add(left.pointer)
        if left.pointer not in shown:
            at = file.offset_of(f"/conflicts/{position}") if file else None
            yield Finding(_told(subject, left.pointer, branches, removed), left.pointer, at, "file")
    for pointer, offset in shown.items():
        yield Finding(_told(subject, pointer, branches, removed), pointer, offset, "note")


def _told(subject: Subject, pointer: str, branches: Container[str], removed: Container[str]) -> str:
    artifact = subject.id or (subject.note.artifact_id if subject.note else "")
    who, one, other = ("branches", "ours", "theirs") if pointer in branches else ("twins", "note", "file")
    mend = f"Run `twinpage resolve {artifact} --take {one}` or `--take {other}`."
    name = pointer.partition("/")[2].partition("/")[0]
    if not name:
        return f"{subject.name} was removed on one side and changed on the other. {mend}"
    what = place_words(subject.kind, subject.value, pointer) if subject.kind else name
    if pointer in removed:
        return f"One of the two {who} of {subject.name} removed {what}, and the other changed it. {mend}"
    return f"Both {who} of {subject.name} changed {what}, each in its own way. {mend}"


RULE = Rule(
    code="TP901",
    name="unresolved-conflict",
    severity="error",
    why="Committed like this, the conflict travels to everybody.",
    check=check,
)
