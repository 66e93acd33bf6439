"""A profile that no journey names.

## What it does
Looks for a journey whose `profile` is this profile. Archived and inactive ones do not count, and archived or
inactive profiles are not asked. A kind of your own can have the same need: `x-needs` in its schema, which gives
this code.

## Why it matters
A profile says who somebody is. Without a journey nobody has thought about what they live through, from first
hearing of the business to coming back or leaving, and so nobody sees where they are lost.

## Bad
    Fleet manager.md                         artifact-kind: profile
    (no journey with profile: "[[Fleet manager]]")

## Good
    Fleet manager.md                         artifact-kind: profile
    Fleet manager's journey.md               artifact-kind: journey, profile: "[[Fleet manager]]"
    in Logseq:                               artifact-kind:: journey, profile:: [[Fleet manager]]

## Mend it
`twinpage new journey NAME --for lantern-bikes/profiles/fleet-manager` makes the note and its artifact file,
ready to be filled in; `twinpage check --fix` does so for every profile that lacks one."""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.partners import unmet
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """The needs that carry this code."""
    return unmet(subject, vault, "TP301", scaffold=True)


RULE = Rule(
    code="TP301",
    name="profile-without-journey",
    severity="warning",
    why="Without a journey nobody knows what this profile lives through.",
    check=check,
    fixes=True,
)
