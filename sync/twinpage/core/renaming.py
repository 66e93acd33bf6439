"""Other ids for artifacts: what a value and a note say once some of them are renamed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from twinpage.core import lens
from twinpage.core.fields import is_reference
from twinpage.core.lens.splice import Splices
from twinpage.errors import Unwritable
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.names import case_of
from twinpage.model.page import Page
from twinpage.model.reading import Reading
from twinpage.model.regex import regex

Renames = Mapping[str, str]
"""Old id -> new id. No new id is an old one, so that renaming twice is renaming once."""

_ID_CHAR = r"[^\s\[\],\"'|#()]"
_IDS = regex(rf"\[\[[^\[\]\n]*\]\]|{_ID_CHAR}+")
"""Links, which are passed over, and what could be an id."""


def renamed_id(artifact: str, renames: Renames) -> str:
    """Its id now: renamed itself, or with its case."""
    if artifact in renames:
        return renames[artifact]
    case = case_of(artifact)
    return renames[case] + artifact[len(case) :] if case in renames else artifact


def renamed_value(value: Value, kind: Kind, renames: Renames, artifact: str = "") -> Value:
    """A copy of an artifact or a view of it with every reference as it is now.

    ``artifact``: its own id; where that goes to another case, so does its field ``case``.
    """
    made = _object(value, kind.shape, renames)
    new = renames.get(artifact, artifact)
    if artifact and case_of(artifact) != case_of(new) and "{case}" in kind.ids and "case" in made:
        made["case"] = case_of(new)
    if made.get("id") == artifact != "":
        made["id"] = new
    return made


def _object(value: Value, shape: Shape, renames: Renames) -> Value:
    return {name: _part(part, shape.by_name.get(name), renames) for name, part in value.items()}


def _part(part: Any, field: Field | None, renames: Renames) -> Any:
    if field is None:
        return part
    if is_reference(field):
        if isinstance(part, list):
            return [renamed_id(one, renames) if isinstance(one, str) else one for one in part]
        return renamed_id(part, renames) if isinstance(part, str) else part
    if field.shape is None:
        return part
    if isinstance(part, list):
        return [_object(item, field.shape, renames) if isinstance(item, dict) else item for item in part]
    return _object(part, field.shape, renames) if isinstance(part, dict) else part


class RenamedNames(Struct, frozen=True):
    """The names of a vault in which some artifacts have their new ids already."""

    names: lens.Names
    renames: Renames
    case: str = ""
    """One that is written by its id, for so was the case before it."""

    def id_of(self, target: str) -> str | None:
        found = self.names.id_of(target)
        return None if found is None else renamed_id(found, self.renames)

    def link_to(self, artifact: str) -> str | None:
        """None for a new id: who wrote an id keeps an id."""
        by_id = artifact in self.renames.values() or artifact == self.case != ""
        return None if by_id else self.names.link_to(artifact)


def renamed_note(
    page: Page, kind: Kind, names: lens.Names, reference: Value | None, renames: Renames, artifact: str
) -> str:
    """The text of an artifact's note with the new ids: its own, and those that its fields name by id.

    Links lead to titles, which stay, and so do they. ``names`` are those of the vault as it is. Raises Unwritable when
    the note would not read back as the same, renamed.
    """
    before = lens.get(page, kind, names, reference)
    wanted = renamed_value(before.value, kind, renames, artifact)
    by_id = page.property("case") == case_of(artifact)
    now = RenamedNames(names, renames, case_of(renames.get(artifact, artifact)) if by_id else "")
    like = renamed_value(reference, kind, renames, artifact) if reference is not None else None
    text = _with_ids(page, before, renames)
    text = lens.put(page.syntax.parse(page.path, text), kind, wanted, now, like)
    if page.property("artifact-id") in renames:
        new = renames[page.property("artifact-id")]
        text = lens.set_property(page.syntax.parse(page.path, text), "artifact-id", new)
    after = lens.get(page.syntax.parse(page.path, text), kind, now, like)
    if after.value != wanted or after.held != before.held:
        raise Unwritable(
            f"{page.path or 'The note'} would not say the same with the new id; nothing was renamed. Write links "
            "instead of ids in it, run `twinpage sync`, and rename then."
        )
    return text


def _with_ids(page: Page, reading: Reading, renames: Renames) -> str:
    splices = Splices(page.text)
    for start, end in lens.reference_spans(reading):
        for found in _IDS.finditer(page.text, start, end):
            new = renamed_id(found[0], renames)
            if new != found[0]:
                splices.put(found.start(), found.end(), new)
    return splices.applied()


def mentions(text: str, artifacts: Renames) -> bool:
    """Whether a text holds one of these ids, or one of a part of these cases, as a word of its own."""
    return any(artifact in text for artifact in artifacts) and any(
        renamed_id(found[0], artifacts) != found[0] for found in re.finditer(rf"{_ID_CHAR}+", text)
    )
