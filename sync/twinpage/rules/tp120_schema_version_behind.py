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

from msgspec.structs import replace

from twinpage.core.artifact_text import canonical, write
from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.model.edit import Edit
from twinpage.model.names import VaultPath


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """What the validator said of the file's ``schema``, with the fix."""
    file, kind = subject.file, subject.kind
    for finding in shown(subject, "TP120"):
        if file is None or file.value is None or kind is None:
            yield finding
            continue
        text = write(canonical({**file.value, "schema": kind.schema_name}, kind), kind)
        fix = Edit(VaultPath(file.path), file.digest, text, f"it was raised to {kind.schema_name}", subject.id)
        yield replace(finding, fix=fix)


RULE = Rule(
    code="TP120",
    name="schema-version-behind",
    severity="warning",
    why="Fields that came later are missing in a file of an older version.",
    check=check,
    fixes=True,
    retells=True,
)
