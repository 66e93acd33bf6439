"""Artifacts as both sides of a review have them, and which of them are the same under another id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from twinpage.core.signoffs import NOT_COUNTED
from twinpage.model.kind import Value
from twinpage.model.review import Happened

ALIKE = 0.6
"""From so much of its text in common on, what came is what went, under another id."""
MOST_COMPARED = 40
"""With more of a kind on one side, only what is the same, or has the same name, is found again."""
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Pair:
    """One artifact that is not the same on both sides. An id is empty, and a value None, where it is not there."""

    old: str
    new: str
    before: Value | None
    after: Value | None

    @property
    def happened(self) -> Happened:
        if not self.old:
            return "added"
        if not self.new:
            return "removed"
        return "changed" if self.old == self.new and _name(self.before) == _name(self.after) else "renamed"


def renames_of(pairs: Sequence[Pair]) -> dict[str, str]:
    """Old id -> new id."""
    return {pair.old: pair.new for pair in pairs if pair.old and pair.new and pair.old != pair.new}


def with_renames(pairs: Sequence[Pair]) -> list[Pair]:
    """The same with what went and came again under another id as one."""
    gone = [pair for pair in pairs if not pair.new and pair.before is not None]
    came = [pair for pair in pairs if not pair.old and pair.after is not None]
    found: dict[str, Pair] = {}
    for alike in (_content, _kind_and_name):
        _match(gone, came, found, alike)
    _match_similar(gone, came, found)
    taken = {pair.new for pair in found.values()}
    kept = [found.get(pair.old, pair) if pair.old and not pair.new else pair for pair in pairs]
    return [pair for pair in kept if pair.old or pair.new not in taken]


def _match(gone: list[Pair], came: list[Pair], found: dict[str, Pair], mark: object) -> None:
    assert callable(mark)
    marks: dict[str, list[Pair]] = {}
    for pair in came:
        marks.setdefault(mark(pair.after), []).append(pair)
    for pair in list(gone):
        there = marks.get(mark(pair.before), [])
        if len(there) == 1 and there[0] in came:
            _take(pair, there[0], gone, came, found)


def _match_similar(gone: list[Pair], came: list[Pair], found: dict[str, Pair]) -> None:
    for pair in list(gone):
        kind = (pair.before or {}).get("kind")
        of_kind = [one for one in came if (one.after or {}).get("kind") == kind]
        if not of_kind or len(of_kind) > MOST_COMPARED:
            continue
        text = _content(pair.before)[:_LONGEST]
        scored = ((_likeness(text, _content(one.after)[:_LONGEST]), one) for one in of_kind)
        score, best = max(scored, key=lambda scored_one: scored_one[0])
        if score >= ALIKE:
            _take(pair, best, gone, came, found)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _take(pair: Pair, other: Pair, gone: list[Pair], came: list[Pair], found: dict[str, Pair]) -> None:
    gone.remove(pair)
    came.remove(other)
    found[pair.old] = replace(pair, new=other.new, after=other.after)


def _content(value: Value | None) -> str:
    kept = {key: part for key, part in (value or {}).items() if key not in NOT_COUNTED and key != "name"}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def _kind_and_name(value: Value | None) -> str:
    return f"{(value or {}).get('kind')}\0{(value or {}).get('case')}\0{_name(value)}"


def _name(value: Value | None) -> object:
    return (value or {}).get("name")
