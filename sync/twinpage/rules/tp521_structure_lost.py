"""A section or item whose heading is gone while its text still stands in the note.

## What it does
Compares the note with what both twins last agreed on. When a field or an item is gone from what the note says,
but its text is still a line of the note, a heading was probably half typed or changed by mistake.

## Why it matters
Taken literally, such a note would delete the stages from the artifact file. So the field is held: the artifact
file keeps them until somebody has looked.

## Bad
    ## Steps                                 - ## Steps             (was: Stages)
    ### Trial ride                           	- ### Trial ride
    The rider takes a bike home.             		- The rider takes a bike home.

## Good
    ## Stages                                - ## Stages
    ### Trial ride                           	- ### Trial ride
    The rider takes a bike home.             		- The rider takes a bike home.

## Mend it
Restore the heading that the message names. If the field or item is to go, remove its text from the note as well.
"""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """What the reader held because its structure was lost."""
    return shown(subject, "TP521")


RULE = Rule(
    code="TP521",
    name="structure-lost",
    severity="warning",
    why="Taken literally, the note would delete what somebody only mistyped.",
    check=check,
    retells=True,
)
