"""Two files or two notes that claim to be one artifact.

## What it does
Reports every note whose `artifact-id`, and every artifact file whose `id`, belongs to another one already. The
one that twinpage knew first stays the twin; if it knew neither, both wait. Conflict copies of sync services are
called by name.

## Why it matters
Which of the two speaks for the artifact? twinpage does not guess, so what is typed in the copy goes nowhere.

## Bad
    Fleet manager.md          artifact-id: lantern-bikes/profiles/fleet-manager
    Fleet manager 2.md        artifact-id: lantern-bikes/profiles/fleet-manager

## Good
    Fleet manager.md          artifact-id: lantern-bikes/profiles/fleet-manager
    Night dispatcher.md       artifact-id: lantern-bikes/profiles/night-dispatcher

## Mend it
Give the copy an id that is free, if it is to be an artifact of its own (or remove `artifact-id` and keep
`artifact-kind`: the next sync finds an id). Remove both properties, if it is an ordinary note. Of a conflict
copy, take over what is new in it, then delete it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import listed
from twinpage.model.regex import regex

_SYNC_COPY = regex(r"conflicted copy|sync-conflict-\d{8}|\.conflict\b", re.IGNORECASE)
_NUMBERED = regex(r"(?: \d{1,2}| ?\(\d{1,2}\))$")


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The copy's claim; the twin itself is left in peace."""
    yield from shown(subject, "TP202")
    note, file = subject.note, subject.file
    if note is not None and note.artifact_id and not (subject.card and subject.card.note_path == note.path):
        others = [path for path in vault.claims(note.artifact_id) if path != note.path and not path.endswith(".json")]
        card = vault.card(note.artifact_id)
        if others and (card is None or card.note_path != note.path):
            at = max(note.text.find("artifact-id"), 0)
            yield Finding(_told(note.path, note.artifact_id, others, card.note_path if card else ""), "", at, "note")
    artifact = (file.value or {}).get("id") if file else None
    if file is not None and isinstance(artifact, str) and not (subject.card and subject.card.path == file.path):
        others = [path for path in vault.claims(artifact) if path != file.path and path.endswith(".json")]
        card = vault.card(artifact)
        if others and (card is None or card.path != file.path):
            yield Finding(_told(file.path, artifact, others, card.path if card else ""), "/id", side="file")


def _told(path: str, artifact: str, others: list[str], twin: str) -> str:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if _SYNC_COPY.search(stem):
        original = twin or listed(others)
        told = f"{path} is a conflict copy that a sync service left of {original}."
        return f"{told} Take over what is new in it, then delete it."
    if twin in others:
        copy = "a copy" if _NUMBERED.search(stem) else "a second one"
        told = f"{twin} is {artifact} already, and {path} is {copy}. It is left alone"
    else:
        told = f"{path} and {listed(others)} both say that they are {artifact}. Neither is carried over"
    return f"{told} until it has an id of its own or none."


RULE = Rule(
    code="TP202",
    name="duplicate-id",
    severity="error",
    why="One artifact has one file and one note; what is typed in a copy goes nowhere.",
    check=check,
)
