"""Somebody signed off an artifact, and it says something else by now.

## What it does
Looks at the sign-offs in `signoffs.jsonl`, of each person the latest: what the artifact said then is compared with
what it says now. All that it says counts. Its id does not, nor how its file is written down (`schema`, `layout`, the
order of keys), `ignore`, `conflicts`, and text of your own in its note. A rename keeps sign-offs. Until somebody signs
an artifact off, it has no such flag.

## Why it matters
A sign-off is of what was read. What came later nobody has looked at yet.

## Bad
    $ twinpage signoff lantern-bikes/journeys/first-month
    (then its stage Trial week is reworded)

## Good
    $ twinpage signoff lantern-bikes/journeys/first-month
    (the stage is reworded, somebody reads it)
    $ twinpage signoff lantern-bikes/journeys/first-month --note "two weeks are right"

## Mend it
Read what changed (`twinpage log ID` tells it in words), and run `twinpage signoff ID` once it is right. Who signed
first stays in the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.signoffs import standing, who
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import some


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The artifact file against what was signed."""
    card, kind, file = subject.card, subject.kind, subject.file
    if card is None or kind is None or file is None or file.value is None:
        return
    void = standing(file.value, kind, vault.signed(card.id)).void
    if void and not resting(card, vault):
        by = some([f"{who(signoff)} on {signoff.day}" for signoff in void])
        word = "that sign-off is" if len(void) == 1 else "those sign-offs are"
        told = f"{card.name} changed since it was signed off by {by}, so {word} void."
        yield Finding(f"{told} Read what changed, and run `twinpage signoff {card.id}` if it is right.")


RULE = Rule(
    code="TP601",
    name="sign-off-void",
    severity="warning",
    why="A sign-off is of what was read; what came later nobody has looked at yet.",
    check=check,
)
