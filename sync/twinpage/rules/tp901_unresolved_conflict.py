"""A field that both twins changed, and that nobody has decided yet.

## What it does
Reports every open conflict, from the artifact file's `conflicts` or from the callout (Obsidian) or block
(Logseq) that `sync` left in the note.

## Why it matters
Each side still keeps its own text. Committed like this, the conflict travels to everybody, and the next change of the
field makes it worse.

## Bad
    ## Goal
    Bikes at the door on Monday.
    > [!conflict] ...
    > Bikes at the door on Sunday evening.

## Good
    ## Goal
    Bikes at the door on Sunday evening.

## Mend it
`twinpage conflicts` lists them. `twinpage resolve ID --take note` (or `file`) ends all of one artifact, `--field
POINTER=SIDE` one at a time. Writing the same on both sides ends a conflict as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.vault import Subject, Vault
from twinpage.core.wording import label_in_text
from twinpage.model.flag import Finding, Rule


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The file's conflicts by their pointers."""
    value = subject.file.value if subject.file else None
    entries = value.get("conflicts") if value else None
    for position, entry in enumerate(entries if isinstance(entries, list) else ()):
        pointer = entry.get("pointer") if isinstance(entry, dict) else None
        if isinstance(pointer, str):
            at = subject.file.offset_of(f"/conflicts/{position}") if subject.file else None
            yield Finding(_told(subject, pointer), pointer, at, "file")


def _told(subject: Subject, pointer: str) -> str:
    mend = f"Run `twinpage resolve {subject.id} --take note` or `--take file`."
    name = pointer.partition("/")[2].partition("/")[0]
    if not name:
        return f"{subject.name} was removed on one side and changed on the other. {mend}"
    field = subject.kind.shape.by_name.get(name) if subject.kind else None
    what = label_in_text(field.label) if field else name
    return f"Both twins of {subject.name} changed {what}, each in its own way. {mend}"


RULE = Rule(
    code="TP901",
    name="unresolved-conflict",
    severity="error",
    why="Committed like this, the conflict travels to everybody.",
    check=check,
)
