"""A partner that your team's settings ask for is missing.

## What it does
Looks for what `[needs]` in `twinpage.toml` asks, and `x-needs` in the schema of a kind of your own: for every
artifact of a kind, some artifact of another kind that names it in a certain field. Archived and inactive
artifacts neither count nor are asked.

## Why it matters
Your team decided that such an artifact is not complete alone.

## Bad
    [needs]
    segment = [{ kind = "entry", by = "about" }]

    City couriers.md                         artifact-kind: segment
    (no entry with about: "[[City couriers]]")

## Good
    City couriers.md                         artifact-kind: segment
    Rivals of the couriers.md                artifact-kind: entry, about: "[[City couriers]]"
    in Logseq:                               artifact-kind:: entry, about:: [[City couriers]]

## Mend it
Write the partner (`twinpage new KIND NAME --for ID`), or change `[needs]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.partners import partners, remedy, resting, unknown, unmet
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import with_article, words
from twinpage.model.kind import Need


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The needs of a team's own kind, then those of the settings that the kind does not have anyway."""
    yield from unmet(subject, vault, "TP306")
    card, kind = subject.card, subject.kind
    if card is None or kind is None or resting(card, vault):
        return
    shipped = {(need.kind, need.by) for need in kind.needs}
    for partner, by in vault.needs_of_team(kind.name):
        if (partner, by) in shipped or partners(card.id, partner, by, vault) or unknown(card, vault):
            continue
        team = f"Your settings want {with_article(partner)} for every {words(kind.name)}"
        told = f"{card.name} has no {words(partner)}. {team}. {remedy(card, Need(partner, by, 'TP306'))}"
        yield Finding(told, f"/needs/{partner}/{by}")


RULE = Rule(
    code="TP306",
    name="unmet-need",
    severity="warning",
    why="Your team decided that such an artifact is not complete alone.",
    check=check,
)
