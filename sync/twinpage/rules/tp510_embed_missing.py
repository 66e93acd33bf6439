"""A note that does not show what belongs in it.

## What it does
The note of an artifact type shows the examples of example cases, a profile's note shows its journey and its
sales strategy. An embed counts wherever in the note it stands and however it is written.

## Why it matters
People read the profile's page and see the whole; without the embed they see half, and write the other half again.

## Bad
    ## Journey                               - ## Journey

## Good
    ## Journey                               - ## Journey
    ![[Fleet manager's journey]]             	- {{embed [[Fleet manager's journey]]}}

## Mend it
`twinpage sync` adds the embed at the end of its section. In a note whose layout is not twinpage's own it leaves
that to you or to `twinpage check --fix`."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.partners import wanted_embeds
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import embed_line, some
from twinpage.model.flag import Pass


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """What the note should show against what its embeds resolve to; one finding a note."""
    card, kind, note = subject.card, subject.kind, subject.note
    if card is None or kind is None or note is None:
        return
    wanted = wanted_embeds(card, kind, vault)
    there = {vault.resolve(link.target) for link in note.links if link.embed} if wanted else set()
    missing = [partner for partner in wanted if partner.id not in there and partner.title]
    if missing:
        names = some([partner.name for partner in missing])
        mend = f"Run `twinpage check --fix`, or write `{embed_line(vault.dialect, missing[0].title)}`."
        yield Finding(f"The note of {card.name} does not show {names}. {mend}", side="note", fix=Pass(card.id))


RULE = Rule(
    code="TP510",
    name="embed-missing",
    severity="warning",
    why="Who reads the note sees half, and may write the other half again.",
    check=check,
    fixes=True,
)
