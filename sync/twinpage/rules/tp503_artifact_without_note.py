"""An artifact file that has no note.

## What it does
Reports artifact files for which no note of the vault carries the `artifact-id`.

## Why it matters
Whoever works in the app neither sees nor finds this part of the model, and links to it lead nowhere.

## Bad
    artifacts/lantern-bikes/profiles/night-dispatcher.json
    (no note with artifact-id: lantern-bikes/profiles/night-dispatcher)

## Good
    artifacts/lantern-bikes/profiles/night-dispatcher.json
    Profiles/Night dispatcher.md             artifact-id: lantern-bikes/profiles/night-dispatcher
    in Logseq:                               artifact-id:: lantern-bikes/profiles/night-dispatcher

## Mend it
`twinpage sync` writes the note. If the note was deleted on purpose, remove the artifact as well: `twinpage
remove ID`."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.choosing.conflicts import from_artifact
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Artifact files alone; where several notes claim the artifact, TP202 says so, and TP901 that a note went."""
    file, card = subject.file, subject.card
    if file is None or file.value is None or card is None or subject.kind is None or subject.note is not None:
        return
    if any(not left.pointer for left in from_artifact(file.value)):
        return
    if not any(path != file.path and not path.endswith(".json") for path in vault.claims(card.id)):
        mend = "Run `twinpage sync` to write it."
        mend = "It gets one once what else is flagged here is mended." if subject.held else mend
        yield Finding(f"{card.name} has no note yet. {mend}", side="file")


RULE = Rule(
    code="TP503",
    name="artifact-without-note",
    severity="warning",
    why="Whoever works in the app neither sees nor finds this part of the model.",
    check=check,
)
