"""A segment that no profile names.

## What it does
Looks for a profile whose `segment` is this segment. Archived and inactive ones do not count.

## Why it matters
A segment is a crowd. Journeys and sales strategies are made for profiles, so a segment without one stays a
heading on a slide.

## Bad
    City couriers.md                         artifact-kind: segment
    (no profile with segment: "[[City couriers]]")

## Good
    City couriers.md                         artifact-kind: segment
    Fleet manager.md                         artifact-kind: profile, segment: "[[City couriers]]"
    in Logseq:                               artifact-kind:: profile, segment:: [[City couriers]]

## Mend it
Say in an existing profile that it belongs here, or run
`twinpage new profile NAME --for lantern-bikes/segments/city-couriers`.
"""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.partners import unmet
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """The needs that carry this code."""
    return unmet(subject, vault, "TP303")


RULE = Rule(
    code="TP303",
    name="segment-without-profile",
    severity="warning",
    why="Journeys and sales strategies are made for profiles, not for crowds.",
    check=check,
)
