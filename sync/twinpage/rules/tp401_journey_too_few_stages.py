"""A journey with so few stages that it tells no story.

## What it does
Counts the stages of each journey that is not archived or inactive.

## Why it matters
Becoming aware, deciding and using are three different situations already. A journey with fewer stages usually lumps
together what a profile experiences on different days, with different feelings.

## Bad
    ## Stages
    ### Renting
    ### Returning

## Good
    ## Stages                                - ## Stages
    ### First hears of us                    	- ### First hears of us
    ### Trial ride                           	- ### Trial ride
    ### First week                           	- ### First week

## Mend it
Ask what happens before the first and after the last stage, and where a stage hides a decision.

## Options
`min-stages` (default 3): how many stages a journey should have.

    [rules.TP401]
    min-stages = 5
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import counted


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The number of stages against the option; none at all is a matter of the schema."""
    card, stages = subject.card, subject.value.get("stages")
    if card is None or card.kind != "journey" or not isinstance(stages, list) or resting(card, vault):
        return
    least = int(vault.options("TP401").get("min-stages", 3))
    if 0 < len(stages) < least:
        told = f"{card.name} has {counted(len(stages), 'stage')}; a journey tells little with fewer than {least}."
        yield Finding(f"{told} Add what comes before, between or after.", "/stages")


RULE = Rule(
    code="TP401",
    name="journey-too-few-stages",
    severity="warning",
    why="A journey with hardly any stages lumps together what is lived through on different days.",
    check=check,
    default_options=(("min-stages", 3),),
    kinds=("journey",),
)
