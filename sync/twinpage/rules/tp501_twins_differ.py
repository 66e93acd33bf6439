"""A note and its artifact file that do not say the same.

## What it does
Compares what the note expresses with the artifact file. Fields that the note has no place for, fields that are
held and open conflicts do not count; nor do layout, spaces and remarks that belong to the note alone.

## Why it matters
Whoever reads one twin believes something else than who reads the other: the modeller in the app, the team in
the review.

## Bad
    - Emotion: -1                            (Obsidian)
    emotion:: -1                             (Logseq)
    "emotion": 1                             (artifact file)

## Good
    - Emotion: -1
    emotion:: -1
    "emotion": -1

## Mend it
`twinpage sync` carries the change over, or tells you that both sides changed. Commit both files together. No baseline
accepts this.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.twins import differences, place_words
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import some
from twinpage.model.flag import Pass


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """One finding at the first place where they differ."""
    note, file, kind = subject.note, subject.file, subject.kind
    if note is None or note.reading is None or file is None or file.value is None or kind is None:
        return
    differing = differences(kind, note, file.value)
    if not differing:
        return
    value = {"name": note.title, **note.reading.value}
    what = some([place_words(kind, value, pointer) for pointer in differing])
    told = f"{subject.name} says something else in its note than in its artifact file: {what}."
    at = note.reading.offset_of(differing[0])
    yield Finding(f"{told} Run `twinpage sync`.", "", at, "either" if at is None else "note", Pass(subject.id))


RULE = Rule(
    code="TP501",
    name="twins-differ",
    severity="error",
    why="Who reads one twin believes something else than who reads the other.",
    check=check,
    fixes=True,
)
