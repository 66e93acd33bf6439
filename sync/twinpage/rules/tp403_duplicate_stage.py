"""Two stages of one journey with the same name.

## What it does
Compares the names of a journey's stages without regard to case and spaces around them. The second one is reported.

## Why it matters
Colleagues who speak of the stage cannot tell which one is meant, and a stage that was pasted twice is easily
edited in the wrong place.

## Bad
    ## Stages                                - ## Stages
    ### Trial ride                           	- ### Trial ride
    ### First week                           	- ### First week
    ### Trial Ride                           	- ### Trial Ride

## Good
    ## Stages                                - ## Stages
    ### Trial ride                           	- ### Trial ride
    ### First week                           	- ### First week
    ### Second trial ride                    	- ### Second trial ride

## Mend it
Rename one of them, or remove it if it was pasted by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import item_key
from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.model.names import fold


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Each stage's name against those before it."""
    card, stages = subject.card, subject.value.get("stages")
    if card is None or card.kind != "journey" or not isinstance(stages, list) or resting(card, vault):
        return
    seen: dict[str, str] = {}
    for position, stage in enumerate(stages):
        name = stage.get("name") if isinstance(stage, dict) else None
        if not isinstance(name, str):
            continue
        first = seen.setdefault(" ".join(fold(name).split()), f"/stages/{item_key(stage, position)}")
        pointer = f"/stages/{item_key(stage, position)}"
        if first != pointer:
            told = f'{card.name} has a stage "{name}" already. Rename one of them, or remove it.'
            yield Finding(told, pointer)


RULE = Rule(
    code="TP403",
    name="duplicate-stage",
    severity="warning",
    why="Nobody can tell which of two stages of one name is meant.",
    check=check,
    kinds=("journey",),
)
