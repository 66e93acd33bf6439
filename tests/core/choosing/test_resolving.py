"""Ending conflicts: what both sides say once somebody has chosen."""

from __future__ import annotations

import pytest

from twinpage.core.choosing.resolving import resolved, resolved_removal, settle_merge
from twinpage.core.merging.merge import merge
from twinpage.model.conflict import Conflict
from twinpage.model.decision import Clash, Gone, Merge, ToPage
from twinpage.model.kind import Field, Shape

SHAPE = Shape(
    fields=(
        Field("name", "Name", "line", "title"),
        Field("goal", "Goal", "text", "section"),
        Field("stages", "Stages", "items", "headings", shape=Shape(
            fields=(Field("name", "Name", "line", "title"), Field("emotion", "Emotion", "integer", "property")),
            title=Field("name", "Name", "line", "title"),
            identified=True,
        )),
    )
)  # fmt: skip
BASE = {"name": "Run", "goal": "Bread.", "stages": [{"id": "a", "name": "A", "emotion": 0}, {"id": "b", "name": "B"}]}
NOTE = {"name": "Run", "goal": "Cake.", "stages": [{"id": "a", "name": "A", "emotion": 1}]}
FILE = {
    "name": "Run",
    "goal": "Rolls.",
    "stages": [{"id": "a", "name": "A", "emotion": 2}, {"id": "b", "name": "B", "emotion": 2}],
}


def clash() -> Clash:
    merged = merge(BASE, NOTE, FILE, SHAPE)
    assert {conflict.pointer for conflict in merged.conflicts} == {"/goal", "/stages/a/emotion", "/stages/b"}
    return Clash(merged.note_view, merged.file_view, merged.conflicts, merged.agreed)


def values(found: Clash, side: str) -> dict[str, object]:
    return {one.pointer: one.note if side == "note" else one.file for one in found.conflicts}


def test_one_side_for_all() -> None:
    found = clash()
    assert resolved(found, values(found, "note")) == Merge(NOTE)
    assert resolved(found, values(found, "file")) == Merge(FILE)


def test_a_value_of_ones_own() -> None:
    found = clash()
    decided = resolved(found, {**values(found, "file"), "/goal": "Both."})
    assert decided == Merge({**FILE, "goal": "Both."})


def test_what_is_not_chosen_stays_open_and_the_next_merge_finds_just_that() -> None:
    found = clash()
    decided = resolved(found, {"/goal": NOTE["goal"], "/stages/b": FILE["stages"][1]})
    assert isinstance(decided, Clash)
    (left,) = decided.conflicts
    assert left == Conflict("/stages/a/emotion", 0, 1, 2)
    again = merge(decided.agreed, decided.note_view, decided.file_view, SHAPE)
    assert again.conflicts == (left,)
    assert (again.note_view, again.file_view) == (decided.note_view, decided.file_view)


def test_a_removal() -> None:
    view = {"name": "Run"}
    found = Clash({}, view, (Conflict("", BASE, None, view),), BASE)
    assert resolved_removal(found, "note") == Gone("note")
    assert resolved_removal(found, "file") == ToPage(view)


@pytest.mark.parametrize("goal", ["Of the branch.", "Bread.", None])
def test_what_a_merge_left(goal: str | None) -> None:
    """What is between the twins stays open: the pass itself ends that."""
    left = {"pointer": "/goal", "base": "Old.", "other": "Of the branch.", "from": "theirs feature"}
    ours = {"pointer": "/name", "base": None, "other": "x", "from": "note"}
    value = {**BASE, "conflicts": [left, ours]}
    there = {name: part for name, part in BASE.items() if name != "goal" or goal is not None}
    there |= {"goal": goal} if goal is not None else {}
    assert settle_merge(value, {"/goal": goal, "/name": "x"}) == {**there, "conflicts": [ours]}
    assert settle_merge(value, {}) == value
    assert settle_merge({**BASE, "conflicts": [left]}, {"/goal": goal}) == there
