"""An artifact that does not say what it belongs to.

## What it does
Reports a journey or a sales strategy without `profile`, a profile without `segment`, and any other artifact
without a reference that its schema expects (`x-expected`); also an entry without `about` when its artifact type
speaks of one segment or profile, such as `profile-(id)/persona`.

## Why it matters
The part names its whole, never the other way round. A journey that names no profile is found by nobody, and its
profile is still flagged as having none.

## Bad
    artifact-kind: journey                   (Obsidian)
    case: "[[Lantern Bikes]]"

## Good
    artifact-kind: journey
    case: "[[Lantern Bikes]]"
    profile: "[[Fleet manager]]"             (Logseq: profile:: [[Fleet manager]])

## Mend it
Add the property that the message names.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import is_reference
from twinpage.core.flags.partners import resting
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import property_line, words


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Expected references that are absent."""
    card, kind = subject.card, subject.kind
    if card is None or kind is None or resting(card, vault) or _unread(subject):
        return
    held = {problem.pointer for _, problem in subject.problems("TP201")}
    expected = [field.name for field in kind.shape.fields if is_reference(field) and field.expected]
    if card.kind == "entry" and _speaks_of_one(subject, vault):
        expected.append("about")
    for name in expected:
        if not subject.value.get(name) and f"/{name}" not in held:
            line = property_line(vault.dialect, name, "[[...]]")
            lacks = "does not say whom it is about" if name == "about" else f"names no {words(name)}"
            yield Finding(f"{card.name} {lacks}, so it belongs to nobody. Add `{line}`.", f"/{name}")


def _unread(subject: Subject) -> bool:
    """No twin can be read, so what they name is not known."""
    file = subject.file is not None and subject.file.value is not None
    return not file and bool(subject.problems("TP001"))


def _speaks_of_one(subject: Subject, vault: Vault) -> bool:
    named = subject.value.get("artifact-type")
    artifact_type = vault.card(named) if isinstance(named, str) else None
    return artifact_type is not None and "(id)" in artifact_type.metamodel_id


RULE = Rule(
    code="TP304",
    name="orphan-artifact",
    severity="info",
    why="A part that does not name its whole is found by nobody.",
    check=check,
)
