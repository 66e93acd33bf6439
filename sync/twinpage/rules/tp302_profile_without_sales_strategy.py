"""A profile that no sales strategy names.

## What it does
Looks for a sales strategy whose `profile` is this profile. Archived and inactive ones do not count, and archived or
inactive profiles are not asked.

## Why it matters
A profile with a journey and no sales strategy is understood, but nobody has decided how to win it.

## Bad
    Fleet manager.md                         artifact-kind: profile
    (no sales strategy with profile: "[[Fleet manager]]")

## Good
    Fleet manager.md                         artifact-kind: profile
    Winning fleet managers.md                artifact-kind: sales-strategy, profile: "[[Fleet manager]]"
    in Logseq:                               artifact-kind:: sales-strategy, profile:: [[Fleet manager]]

## Mend it
`twinpage new sales-strategy NAME --for lantern-bikes/profiles/fleet-manager` makes the note and its artifact file;
`twinpage check --fix` does so for every profile that lacks one.
"""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.partners import unmet
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """The needs that carry this code."""
    return unmet(subject, vault, "TP302", scaffold=True)


RULE = Rule(
    code="TP302",
    name="profile-without-sales-strategy",
    severity="warning",
    why="Without a sales strategy nobody has decided how this profile is won.",
    check=check,
    fixes=True,
)
