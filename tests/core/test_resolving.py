"""Ending conflicts: what both sides say once somebody has chosen."""

from __future__ import annotations

import pytest

from twinpage.core.merge import merge
from twinpage.core.resolving import resolved, resolved_removal, settle_merge, values_of
from twinpage.errors import UnknownWord
from twinpage.model.decision import Clash, Conflict, Gone, Merge, ToPage
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


def sides(side: str) -> dict[str, str]:
    return {"/goal": side, "/stages/a/emotion": side, "/stages/b": side}


def test_one_side_for_all() -> None:
    found = clash()
    assert resolved(found, values_of(found, sides("note"))) == Merge(NOTE)
    assert resolved(found, values_of(found, sides("file"))) == Merge(FILE)
    assert resolved(found, values_of(found, sides("theirs"))) == Merge(NOTE)
    assert resolved(found, values_of(found, sides("ours"))) == Merge(FILE)


def test_a_value_of_ones_own() -> None:
    found = clash()
    decided = resolved(found, {**values_of(found, sides("file")), "/goal": "Both."})
    assert decided == Merge({**FILE, "goal": "Both."})


def test_what_is_not_chosen_stays_open_and_the_next_merge_finds_just_that() -> None:
    found = clash()
    decided = resolved(found, values_of(found, {"/goal": "note", "/stages/b": "file"}))
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


def test_what_is_no_open_conflict() -> None:
    with pytest.raises(UnknownWord, match="/goall"):
        values_of(clash(), {"/goall": "note"})


@pytest.mark.parametrize(
    ("side", "goal"), [("theirs", "Of the branch."), ("ours", "Bread."), ("note", "Bread."), ("file", "Bread.")]
)
def test_what_a_merge_left(side: str, goal: str) -> None:
    """Note and file agree there: only the branch's value is another."""
    left = {"pointer": "/goal", "base": "Old.", "other": "Of the branch.", "from": "theirs feature"}
    ours = {"pointer": "/name", "base": None, "other": "x", "from": "note"}
    value = {**BASE, "conflicts": [left, ours]}
    assert settle_merge(value, {"/goal": side, "/name": side}) == {**BASE, "goal": goal, "conflicts": [ours]}
    assert settle_merge(value, {}) == value
    alone = {**BASE, "conflicts": [left]}
    assert settle_merge(alone, {"/goal": side}) == {**BASE, "goal": goal}
