"""Artifacts that refer to one another in a circle.

## What it does
Follows the fields that name one artifact (`about`, `profile`, `segment`, ...) from each artifact. A circle is
reported once, at the artifact with the smallest id.

## Why it matters
Such fields say what something belongs to. In a circle nothing is on top: outlines, reviews and pictures of it
never end.

## Bad
    Price list      about: "[[Discounts]]"
    Discounts       about: "[[Price list]]"

## Good
    Price list      about: "[[Fleet manager]]"
    Discounts       about: "[[Price list]]"

## Mend it
Decide which of them stands above the others, and let its field name something else, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Card, Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """A way from this artifact back to it, through artifacts with greater ids only."""
    card = subject.card
    if card is None:
        return
    seen: set[str] = set()
    ahead: list[tuple[str, str, tuple[Card, ...]]] = [(field, target, (card,)) for field, target in _up(card, vault)]
    while ahead:
        first, target, way = ahead.pop()
        if target == card.id:
            names = [step.name for step in way]
            yield Finding(_told(names, first), f"/{first}")
            return
        following = vault.card(target) if target > card.id and target not in seen else None
        if following is not None:
            seen.add(target)
            ahead += [(first, further, (*way, following)) for _, further in _up(following, vault)]


def _up(card: Card, vault: Vault) -> list[tuple[str, str]]:
    kind = vault.kind(card.kind)
    by_name = kind.shape.by_name if kind else {}
    return [(name, to) for name, to in card.references if name in by_name and by_name[name].type == "reference"]


def _told(names: list[str], field: str) -> str:
    if len(names) == 1:
        return f"{names[0]} names itself in `{field}`. Let it name something else, or nothing."
    circle = ", which belongs to ".join([*names, names[0]]).replace(", which belongs to", " belongs to", 1)
    return f"{circle}. Decide which of them stands on top, and change what it belongs to."


RULE = Rule(
    code="TP205",
    name="reference-cycle",
    severity="error",
    why="Where everything belongs to something else, nothing is on top.",
    check=check,
)
