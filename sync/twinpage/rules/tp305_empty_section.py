"""A field that its kind expects, left out; or a section with nothing in it.

## What it does
Reports fields that the schema marks as expected (`x-expected`; `twinpage kinds KIND` shows them), in the
artifact and in its items, and headings of a note below which nothing stands. References are TP304's; a whole
list of bare names is TP405's.

## Why it matters
Nothing breaks, but these are the fields that colleagues look for first. An empty section looks like forgotten work.

## Bad
    ## Description                           - ## Description
    ## Pains                                 - ## Pains
    - Deposits                               	- Deposits

## Good
    ## Description                           - ## Description
    Answers for thirty bikes and their       	- Answers for thirty bikes and their
    riders.                                  	  riders.

## Mend it
Write it, or remove the empty heading. If the answer is that there is none, silence the flag in the note, with that
reason: `flags-ignored: TP305 has no other names`.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import fields, is_expected, is_reference
from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.flags.sections import empty_sections
from twinpage.core.stubs import stubs
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import label_in_text


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Empty sections, then what is absent altogether."""
    card, kind = subject.card, subject.kind
    if card is None or kind is None or resting(card, vault):
        return
    told = set()
    for field, offset in empty_sections(subject):
        told.add(f"/{field.name}")
        what = f'The section "{field.label}" of {card.name} is empty'
        yield Finding(f"{what}. Fill it in, or remove its heading.", f"/{field.name}", offset, "note")
    absent = [found for found in fields(kind.shape, subject.value, is_expected) if not found.value]
    bare = tuple(f"{stub.pointer}/" for stub in stubs(kind.shape, subject.value)) if absent else ()
    for found in absent:
        if is_reference(found.field) or found.pointer in told or found.pointer.startswith(bare):
            continue
        lacking = f"no {label_in_text(found.field.label)} yet. Fill {'it' if found.field.type == 'text' else 'them'} in"
        item = found.owner.get("name") or found.owner.get("id") or "an item"
        who = card.name if found.owner is subject.value else f'"{item}" in {card.name}'
        yield Finding(f"{who} has {lacking}.", found.pointer)


RULE = Rule(
    code="TP305",
    name="empty-section",
    severity="info",
    why="Colleagues look for these fields first.",
    check=check,
)
