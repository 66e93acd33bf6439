"""A file below `artifacts/` that is no artifact, or that lies where its id does not say.

## What it does
Compares the path of each file below `artifacts/` with the `id` in it: `artifacts/<id>.json`. Files that are no
artifact at all are reported too. When another file claims the same id, that is TP202 and said only there.

## Why it matters
References name ids. Who follows one by its path finds nothing, or the wrong artifact, and two tools may each
make a file for the same id.

## Bad
    artifacts/lantern-bikes/couriers.json       "id": "lantern-bikes/segments/city-couriers"
    artifacts/minutes of the meeting.txt

## Good
    artifacts/lantern-bikes/segments/city-couriers.json       "id": "lantern-bikes/segments/city-couriers"

## Mend it
Move the file to the path that its id says: others refer to the id. One that has not the form of its kind's ids
(`twinpage kinds` tells it) wants another. What is no artifact belongs outside `artifacts/`.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.findings import shown
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.ids import fits
from twinpage.core.vault.vault import Subject, Vault
from twinpage.core.wording import listed, words
from twinpage.model.kind import Value
from twinpage.model.names import is_artifact_id


def check(subject: Subject, vault: Vault) -> Iterator[Finding]:
    """The file's path against the id that it gives."""
    file = subject.file
    if file is None:
        return
    told = False
    for finding in shown(subject, "TP002"):
        told = True
        yield finding
    if told or not file.path.startswith("artifacts/") or (file.value is None and file.path.endswith(".json")):
        return
    artifact, kind = ((file.value or {}).get(key) for key in ("id", "kind"))
    right = f"artifacts/{artifact}.json"
    place = file.path.removeprefix("artifacts/").removesuffix(".json")
    by_note = subject.card is not None or any(claim.endswith(".md") for claim in vault.claims(place))  # TP101 tells it
    if not isinstance(artifact, str) or not isinstance(kind, str):
        if not by_note:
            yield Finding(f"{file.path} {_lacking(file.value)}", side="file")
    elif file.path == right:
        if subject.kind is not None and not fits(subject.kind, artifact):
            told_so = f"is a {words(kind)}, whose ids look like {subject.kind.ids}. Give it one of that form."
            yield Finding(f"{artifact} {told_so}", "/id", side="file")
    elif is_artifact_id(artifact):
        if not any(path != file.path and path.endswith(".json") for path in vault.claims(artifact)):
            yield Finding(f"{file.path} says that it is {artifact}. Move it to {right}.", "/id", side="file")
    elif not by_note:
        told_so = f"says that it is {artifact}. That is no id: give it the one of its place."
        yield Finding(f"{file.path} {told_so}", "/id", side="file")


def _lacking(value: Value | None) -> str:
    lacks = [key for key in ("kind", "id") if not isinstance((value or {}).get(key), str)]
    add = ", or add what it lacks" if value else ""
    return f"lies below artifacts/ but is no artifact: it has no {listed(lacks)}. Move it elsewhere in the vault{add}."


RULE = Rule(
    code="TP002",
    name="misplaced-file",
    severity="warning",
    why="References name ids, and the path of an artifact file is its id.",
    check=check,
)
