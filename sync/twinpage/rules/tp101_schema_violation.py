"""A value that its kind does not allow.

## What it does
Validates each artifact, as its file and as its note, against the JSON Schema of its kind (`twinpage kinds KIND`
shows the fields), and names the line.

## Why it matters
Programs rely on the schema. A value that breaks it is not carried over: the other twin keeps its good value
until this one is mended.

## Bad
    - Emotion: delighted                    (Obsidian)
    emotion:: delighted                     (Logseq)
    "emotion": 7                            (artifact file)

## Good
    - Emotion: 2
    emotion:: 2
    "emotion": 2

## Mend it
Write what the message asks for. What no field has a place for can stand in a section of your own in the note, or in
`extras` in the artifact file.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """What the validator said of note and file; what the note lacks only because it is held is told by other rules."""
    held = [
        problem.pointer for code in ("TP201", "TP521") for side, problem in subject.problems(code) if side == "note"
    ]
    for finding in shown(subject, "TP101"):
        if (
            finding.side == "file"
            or not finding.pointer
            or not any(_touch(finding.pointer, pointer) for pointer in held)
        ):
            yield finding


def _touch(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


RULE = Rule(
    code="TP101",
    name="schema-violation",
    severity="error",
    why="Programs rely on the schema, and a value that breaks it is not carried over.",
    check=check,
    retells=True,
)
