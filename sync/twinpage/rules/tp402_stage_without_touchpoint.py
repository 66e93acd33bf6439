"""A stage in which profile and business do not meet.

## What it does
Reports every stage of a journey that has no touchpoints; where none of them has any, that is said once.

## Why it matters
A touchpoint is where an experience is made: a call, a page, a counter. A stage without any is either a gap in the
service or a gap in what is known about it; both are worth a question.

## Bad
    ### Trial ride                           - ### Trial ride
    The rider takes a bike home for a week.  	- The rider takes a bike home for a week.

## Good
    ### Trial ride                           - ### Trial ride
    The rider takes a bike home for a week.  	- The rider takes a bike home for a week.
    - Touchpoints:                           	- Touchpoints
        - Handover at the depot              		- Handover at the depot

## Mend it
Add where they meet. If they do not meet in this stage, silence the flag with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import item_key
from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault

_MEND = "Say where the two meet."


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Each stage's touchpoints."""
    card, stages = subject.card, subject.value.get("stages")
    if card is None or card.kind != "journey" or not isinstance(stages, list) or resting(card, vault):
        return
    lacking = [at for at, stage in enumerate(stages) if isinstance(stage, dict) and not stage.get("touchpoints")]
    if len(lacking) == len(stages) > 1:
        yield Finding(f"None of the {len(stages)} stages of {card.name} has a touchpoint. {_MEND}", "/stages")
        return
    for position in lacking:
        stage = stages[position]
        name = stage.get("name") or stage.get("id") or f"stage {position + 1}"
        told = f'The stage "{name}" of {card.name} has no touchpoint. {_MEND}'
        yield Finding(told, f"/stages/{item_key(stage, position)}")


RULE = Rule(
    code="TP402",
    name="stage-without-touchpoint",
    severity="info",
    why="A touchpoint is where an experience is made; a stage without any is a gap.",
    check=check,
    kinds=("journey",),
)
