"""A second section of the same name in a note.

## What it does
Reports a heading that names a field which an earlier heading of the note already named. The first one is the
field; the second one and what stands below it are the note's own text.

## Why it matters
Somebody may believe that both count, while the artifact file gets the first one only.

## Bad
    ## Pains                                - ## Pains
    - A bike is missing at seven            	- A bike is missing at seven
    ## Pains                                - ## Pains
    - Deposits                              	- Deposits

## Good
    ## Pains                                - ## Pains
    - A bike is missing at seven            	- A bike is missing at seven
    - Deposits                              	- Deposits

## Mend it
Join the two, or give the second a heading of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """The second headings that the reader met."""
    return shown(subject, "TP103")


RULE = Rule(
    code="TP103",
    name="duplicate-section",
    severity="warning",
    why="Only the first section of a name reaches the artifact file.",
    check=check,
    retells=True,
)
