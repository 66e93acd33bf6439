"""An artifact of one case that speaks of another case, and never of its own.

## What it does
Looks in the text of a segment, profile, journey, sales strategy or entry for names and aliases of cases, whole
words, without regard to case and spaces (`Harbor Loaves` and `HarborLoaves` are one). It reports a text that
names another case and not its own. A name that two cases bear counts for neither; names under three letters
accuse nobody.

## Why it matters
Nearly always the text was copied from the other case and not finished. Comparing oneself with another business
is fine: whoever does so names their own business as well.

## Bad
    case: "[[Lantern Bikes]]"
    ## Summary
    Offer Harbor Loaves to canteens that bake at night.

## Good
    case: "[[Lantern Bikes]]"
    ## Summary
    Offer Lantern Bikes to canteens, as Harbor Loaves did with its bread.

## Mend it
Rewrite the text, or give it the case that it speaks of. A case that is known by other names needs them in its
`aliases`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from twinpage.core.fields import prose
from twinpage.core.flags.flagging import place
from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import times

_SHORTEST = 3


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """One finding at the first name of the case that is named most."""
    card, kind = subject.card, subject.kind
    own = vault.card(card.case) if card and card.case else None
    if card is None or kind is None or own is None or resting(card, vault):
        return
    pieces = prose(kind.shape, subject.value)
    text = "\n".join([piece for _, piece in pieces])
    found = vault.case_names().mentions(text, own.id)
    foreign = [mention for mention in found if mention.case != own.id and len(mention.name) >= _SHORTEST]
    if not foreign or any(mention.case == own.id for mention in found):
        return
    named = [mention.case for mention in foreign]
    most = max(dict.fromkeys(named), key=named.count)
    first = next(mention for mention in foreign if mention.case == most)
    ends = accumulate(len(piece) + 1 for _, piece in pieces)
    pointer = next(pointer for (pointer, _), end in zip(pieces, ends, strict=True) if first.start < end)
    other = vault.card(most)
    count = times(named.count(most))
    told = f"{card.name} belongs to {own.name} but names {other.name if other else most} {count}, and {own.name} never."
    side, offset = place(subject, Finding("", pointer))
    twin = subject.note if side == "note" else subject.file
    exactly = twin.text.find(first.said, offset) if twin else -1
    yield Finding(f"{told} Rewrite it, or give it the other case.", "", max(exactly, offset), side)


RULE = Rule(
    code="TP404",
    name="foreign-case-mention",
    severity="warning",
    why="A text that names only another business was nearly always copied from it.",
    check=check,
)
