"""Artifacts in the making, from many documents: the first to say something is believed, the rest is reported."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from twinpage.core.importing.nouns import STRUCTURE, Draft, Found, Line

_UNITED = frozenset({"aliases", "item-classes", "relations", "tags"})
"""Fields to which every document may add."""

_EXCLUSIVE = frozenset({"text", "items", "fields"})
"""An entry has one of these."""


class Drafts(Struct):
    """All drafts by id, and what is known of every line so far."""

    by_id: dict[str, Draft] = field(default_factory=dict)
    placed: set[tuple[str, int]] = field(default_factory=set)
    refused: dict[tuple[str, int], str] = field(default_factory=dict)
    """Place of a line -> why it is in no artifact."""
    remarks: list[str] = field(default_factory=list)

    def add(self, draft: Draft) -> Draft:
        """Take a draft in, or lay it over the one that has its id. Gives back the one that is kept."""
        kept = self.by_id.setdefault(draft.id, draft)
        for name, lines in draft.sources.items():
            if kept is draft or self._agrees(kept, name, draft.values[name]):
                self.place(lines)
                if kept is not draft:
                    kept.sources.setdefault(name, []).extend(lines)
            else:
                self.refuse(lines, f"another document says something else as {name} of {draft.id}")
        return kept

    def _agrees(self, kept: Draft, name: str, value: object) -> bool:
        mine = kept.values.get(name)
        if mine is None and kept.kind == "entry" and name in _EXCLUSIVE and _EXCLUSIVE & kept.values.keys():
            return False
        if mine is None:
            kept.values[name] = value
            return True
        if isinstance(mine, list) and isinstance(value, list) and name in _UNITED:
            mine[:] = dict.fromkeys([*mine, *value])
            return True
        if isinstance(mine, dict) and isinstance(value, dict) and name == "extras":
            if any(mine.get(key, other) != other for key, other in value.items()):
                return False
            mine.update(value)
            return True
        return bool(mine == value)

    def take(self, found: Found) -> None:
        """Take in what a layout found, examples apart."""
        for draft in found.drafts:
            self.add(draft).sources.setdefault(STRUCTURE, []).extend(found.structure)
        self.place(found.structure)
        for unplaced in found.unplaced:
            self.refused[unplaced.path, unplaced.line] = unplaced.why
        self.remarks.extend(found.remarks)

    def place(self, lines: Iterable[Line]) -> None:
        self.placed.update((line.path, line.number) for line in lines)

    def refuse(self, lines: Iterable[Line], why: str) -> None:
        for line in lines:
            if not line.blank:
                self.refused.setdefault((line.path, line.number), why)
