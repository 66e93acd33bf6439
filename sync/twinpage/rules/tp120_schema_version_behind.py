"""An artifact file that was written for an older version of its schema.

## What it does
Compares `schema` in an artifact file, such as `journey/1.0`, with the version that this twinpage knows.

## Why it matters
An old file stays readable, yet fields that came later are missing in it, and colleagues with a newer twinpage may
already use them.

## Bad
    "schema": "journey/0.9"

## Good
    "schema": "journey/1.0"

## Mend it
`twinpage check --fix` raises the version. Nothing else does: no sync, and no other fix.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.artifact_text import canonical, write
from twinpage.core.findings import shown
from twinpage.core.schema_names import older, read_schema_name
from twinpage.core.vault import Subject, Vault
from twinpage.model.edit import Edit
from twinpage.model.flag import Finding, Rule
from twinpage.model.names import VaultPath


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The file's ``schema`` against the kind's version."""
    yield from shown(subject, "TP120")
    file, kind = subject.file, subject.kind
    if file is None or file.value is None or kind is None or subject.problems("TP120"):
        return
    said = read_schema_name(file.value.get("schema"))
    if said is None or said.kind != kind.name or not older(said, kind.schema_name):
        return
    text = write(canonical({**file.value, "schema": kind.schema_name}, kind), kind)
    fix = Edit(VaultPath(file.path), file.digest, text, f"it was raised to {kind.schema_name}", subject.id)
    told = f"{subject.name} was written for {said}, and {kind.schema_name} is current. Run `twinpage check --fix`."
    yield Finding(told, "/schema", side="file", fix=fix)


RULE = Rule(
    code="TP120",
    name="schema-version-behind",
    severity="warning",
    why="Fields that came later are missing in a file of an older version.",
    check=check,
    fixes=True,
)
