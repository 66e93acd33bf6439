"""An embed of a page that is not there.

## What it does
Looks up the page of every embed in the notes of artifacts. Images, sounds and other files are left alone, and
so are plain links: a link to a page that is still to be written is good practice.

## Why it matters
Where an embed leads nowhere, readers see a hole or an error in the middle of the note.

## Bad
    ![[Flet manager's journey]]              (Obsidian)
    {{embed [[Flet manager's journey]]}}     (Logseq)

## Good
    ![[Fleet manager's journey]]
    {{embed [[Fleet manager's journey]]}}

## Mend it
Correct the name; the message says what comes close. If the page is gone for good, remove the embed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import did_you_mean
from twinpage.model.regex import regex

_OTHER_FILE = regex(r"\.(?!md$)[a-z0-9]{2,5}$", re.IGNORECASE)


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Each embed of the note; blocks that Logseq knows by number and files that are no notes are passed over."""
    note = subject.note
    if note is None:
        return
    for link in note.links:
        target = link.target.strip()
        if not link.embed or not target or target.startswith("((") or _OTHER_FILE.search(target):
            continue
        if vault.page(target) is None:
            like = did_you_mean([title for title in vault.similar(target, ()) if vault.page(title) is not None])
            told = (
                f'This embed shows "{target}", but there is no such page.{like} Correct the name, or remove the embed.'
            )
            yield Finding(told, "", link.start, "note")


RULE = Rule(
    code="TP511",
    name="embed-unresolved",
    severity="warning",
    why="Where an embed leads nowhere, readers see a hole in the note.",
    check=check,
)
