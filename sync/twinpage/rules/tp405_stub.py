"""A list of bare titles where something was to be said of each.

## What it does
Reports a list of at least three items that consist of short titles only, where the schema expects a description
of each: the stages of a journey, the items of a sales strategy. One flag a list.

## Why it matters
Titles alone read like agreement, yet everybody fills them with something else. Usually the list was begun and left.

## Bad
    ## Strategies                            - ## Strategies
    ### Free trial                           	- ### Free trial
    ### Fleet discount                       	- ### Fleet discount
    ### Word of mouth                        	- ### Word of mouth

## Good
    ## Strategies                            - ## Strategies
    ### Free trial                           	- ### Free trial
    A week with three bikes, so that riders  		- A week with three bikes, so that riders
    ask to keep them.                        		  ask to keep them.

## Mend it
Say in a sentence under each title what is done or what happens. One such sentence ends the flag.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.stubs import stubs
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import counted, label_in_text, some


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Each list that is a stub."""
    card, kind = subject.card, subject.kind
    if card is None or kind is None or resting(card, vault):
        return
    for stub in stubs(kind.shape, subject.value):
        shape = stub.field.shape
        title = shape.title.name if shape and shape.title else "name"
        names = some([str(item.get(title, "")) for item in stub.value])
        what = f"{counted(len(stub.value), 'bare title')} under {label_in_text(stub.field.label)}"
        yield Finding(f"{card.name} has {what}: {names}. Say something about them.", stub.pointer)


RULE = Rule(
    code="TP405",
    name="stub",
    severity="warning",
    why="Everybody fills a bare title with something else.",
    check=check,
)
