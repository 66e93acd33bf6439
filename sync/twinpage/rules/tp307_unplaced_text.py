"""Text in an item after its fields, or among items and in none.

## What it does
Reports unlabelled text that stands below the labelled bullets of a stage or another item. Text comes first and fields
after; what follows them is the note's own and does not reach the artifact file. Nor does text below the heading of
such a list that is in no item: an item begins with a heading of its own.

## Why it matters
Whoever wrote it may believe that colleagues see it.

## Bad
    ### Trial ride
    - Emotion: 2
    The rider takes a bike home for a week.

## Good
    ### Trial ride                           - ### Trial ride
    The rider takes a bike home for a week.    emotion:: 2
    - Emotion: 2                             	- The rider takes a bike home for a week.

## Mend it
Move the text up, right below the name of the item. If it is a remark of your own, leave it and silence the flag.
"""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """The stray text that the reader met."""
    return shown(subject, "TP307")


RULE = Rule(
    code="TP307",
    name="unplaced-text",
    severity="info",
    why="Text below an item's fields, or in no item, does not reach the artifact file.",
    check=check,
    retells=True,
)
