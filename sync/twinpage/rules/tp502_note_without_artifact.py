"""A note that says it is an artifact, but has no artifact file.

## What it does
Reports notes with `artifact-kind` for which there is no file below `artifacts/`.

## Why it matters
Reviews, checks and other programs read artifact files. For them this artifact does not exist.

## Bad
    Notes/Night dispatcher.md                artifact-kind: profile
    (no artifacts/lantern-bikes/profiles/night-dispatcher.json)

## Good
    Notes/Night dispatcher.md                artifact-kind: profile
    artifacts/lantern-bikes/profiles/night-dispatcher.json

## Mend it
`twinpage sync` makes the file, and gives the note an id if it has none. If the file was removed on purpose,
remove the note as well: `twinpage remove ID`."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.ids import missing_for_id
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Notes alone; copies of a twin are TP202's, kinds that nobody knows TP121's."""
    note = subject.note
    if note is None or subject.file is not None or vault.kind(note.artifact_kind) is None:
        return
    if note.artifact_id and any(path != note.path for path in vault.claims(note.artifact_id)):
        return
    at = max(note.text.find("artifact-"), 0)
    yield Finding(f"{note.title} has no artifact file yet. {_mend(subject)}", "", at, "note")


def _mend(subject: Subject) -> str:
    note, kind = subject.note, subject.kind
    lacking = missing_for_id(kind, subject.value) if note and kind and not note.artifact_id else ""
    held = note.reading.held if note and note.reading else ()
    if lacking and f"/{lacking}" not in held:  # what is wrong with a link is TP201's
        return f"Add the property {lacking}, then run `twinpage sync` to make it."
    if subject.held:
        return "It gets one once what else is flagged here is mended."
    return "Run `twinpage sync` to make it."


RULE = Rule(
    code="TP502",
    name="note-without-artifact",
    severity="warning",
    why="Reviews, checks and programs read artifact files; for them this artifact does not exist.",
    check=check,
)
