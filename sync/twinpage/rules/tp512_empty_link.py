"""A link without a name: `[[]]`.

## What it does
Reports links and embeds with nothing between their brackets, outside code and comments.

## Why it matters
It usually means "none", or a name that somebody meant to fill in. Nobody can tell, and the apps make a page
without a name of it.

## Bad
    relations: "[[]]"                        (Obsidian)
    relations:: [[Depot]], [[]]              (Logseq)

## Good
    relations: "[[Depot]]"
    relations:: [[Depot]]

## Mend it
Write the name, or let `twinpage check --fix` remove the brackets.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Note, Subject, Vault
from twinpage.model.edit import Edit
from twinpage.model.names import VaultPath
from twinpage.model.regex import regex

_COMMA_AFTER = regex(r"[ \t]*,[ \t]*")
_COMMA_BEFORE = regex(r"[ \t]*,[ \t]*$")


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Each empty link; every one carries the fix that removes them all, so that it is applied once."""
    note = subject.note
    empty = [link for link in note.links if not link.target.strip()] if note else []
    if note is None or not empty:
        return
    text = _without(note, [(link.start, link.end) for link in empty])
    fix = Edit(VaultPath(note.path), note.digest, text, "links without a name were removed", subject.id)
    for link in empty:
        yield Finding(
            "This link names nothing. Write a name, or run `twinpage check --fix`.", "", link.start, "note", fix
        )


def _without(note: Note, spans: list[tuple[int, int]]) -> str:
    text = note.text
    for start, end in sorted(spans, reverse=True):
        before, after = text[:start], text[end:]
        comma = _COMMA_AFTER.match(after)
        if comma:
            after = after[comma.end() :]
        elif after[:1] in ("", "\n", "\r"):
            before = _COMMA_BEFORE.sub("", before.rpartition("\n")[2]).join((before[: before.rfind("\n") + 1], ""))
        text = before + after
    return text


RULE = Rule(
    code="TP512",
    name="empty-link",
    severity="warning",
    why="Nobody can tell whether it means none, or a name that is still to come.",
    check=check,
    fixes=True,
)
