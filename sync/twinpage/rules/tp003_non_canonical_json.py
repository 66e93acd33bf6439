"""An artifact file that says the right thing in another form than twinpage would write.

## What it does
Compares the text of an artifact file with the one form in which twinpage writes it: keys in the order of the
schema, two spaces, one final newline, no escaped letters, values without blanks around them, nothing empty.

## Why it matters
With one form only, a review shows what changed in the model and nothing else. Any other form is rewritten at the next
change, and the diff then shows both at once.

## Bad
    {"id": "lantern-bikes", "kind": "case", "schema": "case/1.0", "name": "Lantern Bikes "}

## Good
    {
      "kind": "case",
      "id": "lantern-bikes",
      "schema": "case/1.0",
      "name": "Lantern Bikes"
    }

## Mend it
`twinpage check --fix` rewrites the file; what it says stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.artifact_text import canonical, is_canonical, write
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.model.edit import Edit
from twinpage.model.names import VaultPath


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The file's text against its canonical text; files with faults of another sort are left to those rules."""
    file, kind = subject.file, subject.kind
    if file is None or file.value is None or kind is None or subject.card is None or file.problems:
        return
    if not is_canonical(file, kind):
        text = write(canonical(file.value, kind), kind)
        fix = Edit(VaultPath(file.path), file.digest, text, "it was not in canonical form", subject.id)
        told = f"The artifact file of {subject.name} is not in canonical form. Run `twinpage check --fix`."
        yield Finding(told, offset=_first_difference(file.text, text), side="file", fix=fix)


def _first_difference(one: str, other: str) -> int:
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one.rfind("\n", 0, same) + 1


RULE = Rule(
    code="TP003",
    name="non-canonical-json",
    severity="info",
    why="With one form only, a review shows what changed in the model and nothing else.",
    check=check,
    fixes=True,
)
