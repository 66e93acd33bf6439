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

from twinpage.core.findings import shown
from twinpage.core.schema_names import newer, read_schema_name
from twinpage.core.vault import Subject, Vault
from twinpage.model.flag import Finding, Rule

_MEND = "`twinpage kinds` lists the kinds; a kind of your own needs a file in schemas/."


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The kind that note and file claim, and the version of the file."""
    yield from shown(subject, "TP121")
    if subject.problems("TP121"):
        return
    note, file = subject.note, subject.file
    if note is not None and note.artifact_kind and vault.kind(note.artifact_kind) is None:
        told = f'The note "{note.title}" says that it is a "{note.artifact_kind}", which is no kind. {_MEND}'
        yield Finding(told, offset=max(note.text.find("artifact-kind"), 0), side="note")
    value = file.value if file else None
    if not value or not isinstance(value.get("kind"), str) or "id" not in value:
        return
    kind = vault.kind(value["kind"])
    if kind is None:
        yield Finding(
            f'{value["id"]} says that it is a "{value["kind"]}", which is no kind. {_MEND}', "/kind", side="file"
        )
        return
    said, known = value.get("schema"), kind.schema_name
    told_name = read_schema_name(said)
    if isinstance(said, str) and (told_name is None or told_name.kind != kind.name):
        yield Finding(f'{value["id"]} names the schema "{said}". Write "{known}".', "/schema", side="file")
    elif told_name is not None and newer(told_name, known):
        told = f"{value['id']} was written for {told_name}, and only {known} is known here. Update twinpage."
        yield Finding(told, "/schema", side="file")


RULE = Rule(
    code="TP121",
    name="unknown-schema",
    severity="error",
    why="What no schema describes is only read, never written, so its twin does not follow.",
    check=check,
)
