"""A reference to an artifact of the wrong kind.

## What it does
Compares the kind of every artifact that is named with the kinds that the field allows: a journey's `profile`
must be a profile.

## Why it matters
The link opens a page, so it looks right; yet the profile still has no journey, and every count is off by one.

## Bad
    profile: "[[City couriers]]"             (a segment)
    profile:: [[City couriers]]

## Good
    profile: "[[Fleet manager]]"
    profile:: [[Fleet manager]]

## Mend it
Link an artifact of the kind that the message names. Two notes of one title are told apart by their path in
Obsidian, by another title in Logseq."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import references
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import listed, with_article, words


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Each reference's target against the field's kinds."""
    if subject.kind is None:
        return
    for pointer, field, target in references(subject.kind.shape, subject.value):
        card = vault.card(target) if field.to else None  # without a kind it could not be read
        if card is not None and card.kind and card.kind not in field.to:
            wanted = listed([with_article(kind) for kind in field.to], "or")
            told = (
                f"{subject.name} names {card.name} as its {words(field.name)}, but that is {with_article(card.kind)}."
            )
            yield Finding(f"{told} Link {wanted} instead.", pointer)


RULE = Rule(
    code="TP203",
    name="reference-kind-mismatch",
    severity="error",
    why="The link opens a page, yet the partner that was meant still lacks this artifact.",
    check=check,
)
