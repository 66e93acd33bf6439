"""A reference to something that is not there.

## What it does
Looks up every case, segment, profile, artifact type and `about` that an artifact names. Names in lists of
relations, tools, topics and tags are free words and need no page.

## Why it matters
The field is held: the artifact file keeps the partner it had, and the note is not carried over at this place. A
strategy for a profile that nobody can find wins nobody.

## Bad
    profile: "[[Flet manager]]"              (Obsidian)
    profile:: [[Flet manager]]               (Logseq)
    "profile": "lantern-bikes/profiles/flet-manager"

## Good
    profile: "[[Fleet manager]]"
    profile:: [[Fleet manager]]
    "profile": "lantern-bikes/profiles/fleet-manager"

## Mend it
Correct the link; the message says what comes close. If the page is still to be written, `twinpage new` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import references
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import did_you_mean, words


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """Links that the reader could not resolve, then ids that no artifact has."""
    held = set()
    for side, problem in subject.problems("TP201"):
        held.add(problem.pointer)
        told = _unresolved(subject, vault, problem.pointer, *problem.facts) if problem.facts else problem.message
        yield Finding(told, problem.pointer, problem.offset, side)
    if subject.kind is None:
        return
    for pointer, field, target in references(subject.kind.shape, subject.value):
        if pointer not in held and vault.card(target) is None:
            like = did_you_mean(vault.similar(target, field.to))
            told = f"{_claim(subject.name, field.name, target)}, but there is no such artifact.{like}"
            yield Finding(f"{told} Correct it, or bring the artifact back.", pointer)


def _unresolved(subject: Subject, vault: Vault, pointer: str, target: str, typed: str) -> str:
    term = next((part for part in reversed(pointer.split("/")) if part and not part.isdigit()), "")
    field = subject.kind.shape.by_name.get(term) if subject.kind else None
    like = did_you_mean(vault.similar(target, field.to if field else ()))
    claim = _claim(subject.name or "This note", term, target)
    if vault.page(target):
        if target == typed:
            return f"{claim}, but not as a link. Write it as [[{target}]]."
        return (
            f"{claim}, whose note is no artifact yet. Run `twinpage sync` if it has an artifact-kind, or give it one."
        )
    told = f"{claim}, but there is no such note.{like}"
    return f"{told} Correct the link, or write the note."


def _claim(name: str, term: str, target: str) -> str:
    return f'{name} is about "{target}"' if term == "about" else f'{name} names the {words(term)} "{target}"'


RULE = Rule(
    code="TP201",
    name="dangling-reference",
    severity="error",
    why="A field that names nothing is held, and the artifact misses its place in the model.",
    check=check,
)
