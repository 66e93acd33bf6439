"""A file or note that cannot be read.

## What it does
Reports artifact files that are no valid JSON, notes whose properties are no valid YAML or whose code fence or
comment is never closed, conflict markers that git left behind, files that are not UTF-8, and files that are
empty; and lines of `signoffs.jsonl` that are no sign-off. In Logseq also a field's property that stands twice with two
values, of which the first one is carried over.

## Why it matters
What cannot be read is not carried over: the other twin keeps its last good value until this one is mended, and every
other rule is blind to it.

## Bad
    {
      "kind": "segment",
      "name": "City couriers"
      "case": "lantern-bikes"
    }

## Good
    {
      "kind": "segment",
      "name": "City couriers",
      "case": "lantern-bikes"
    }

## Mend it
Go to the line that is named. In a note, close the fence, comment or front matter that was opened there.
Conflict markers (`<<<<<<<`) that git left are understood: `twinpage conflicts` shows both versions field by field, and
`twinpage resolve ID --take ours` (or `theirs`) writes both twins without them."""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault


def check(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """Whatever the readers could not read; of a file that is not meant to be JSON, TP002 tells."""
    file = subject.file
    if file is not None and file.path.startswith("artifacts/") and not file.path.endswith(".json"):
        return ()
    return shown(subject, "TP001")


RULE = Rule(
    code="TP001",
    name="unreadable-file",
    severity="error",
    why="What cannot be read is not carried over, and no other rule sees it.",
    check=check,
    retells=True,
)
