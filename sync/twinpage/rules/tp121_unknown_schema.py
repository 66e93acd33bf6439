"""An artifact or note of a kind or version that this twinpage does not know.

## What it does
Reports a `kind`, `artifact-kind` or `schema` that no schema stands for: neither a shipped one nor one in the vault's
`schemas/`; also a version newer than the one that is installed.

## Why it matters
Such an artifact is only read, never written, because nobody here knows what its fields mean. Its twin does not
follow.

## Bad
    artifact-kind: costumer-journey          (Obsidian)
    artifact-kind:: costumer-journey         (Logseq)

## Good
    artifact-kind: journey
    artifact-kind:: journey

## Mend it
Correct the word (`twinpage kinds` lists them), put the schema of a kind of your own into `schemas/`, or update
twinpage."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault

_MEND = "`twinpage kinds` lists the kinds; a kind of your own needs a file in schemas/."


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """What the validator said of the file's ``schema``; then kinds without any schema."""
    yield from shown(subject, "TP121")
    note, file = subject.note, subject.file
    if note is not None and note.artifact_kind and vault.kind(note.artifact_kind) is None:
        told = f'The note "{note.title}" says that it is a "{note.artifact_kind}", which is no kind. {_MEND}'
        yield Finding(told, offset=max(note.text.find("artifact-kind"), 0), side="note")
    value = (file.value if file else None) or {}
    artifact, kind = value.get("id"), value.get("kind")
    if isinstance(artifact, str) and isinstance(kind, str) and vault.kind(kind) is None:
        yield Finding(f'{artifact} says that it is a "{kind}", which is no kind. {_MEND}', "/kind", side="file")


RULE = Rule(
    code="TP121",
    name="unknown-schema",
    severity="error",
    why="What no schema describes is only read, never written, so its twin does not follow.",
    check=check,
)
