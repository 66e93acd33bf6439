"""Sides and fields as people say them."""

from __future__ import annotations

import pytest

from twinpage.core.choosing.choosing import by_fields, by_side, values
from twinpage.errors import UnknownWord, Usage
from twinpage.model.outcome import OpenConflict

GOAL = OpenConflict("a/b", "", "", "/goal", "was", "filed", "noted", "note", "Run", "Goal")
ODD = OpenConflict(
    "a/b", "", "", "/stages/caf\u00e9 #1/emotion", 0, 1, None, "note", "Run", "Emotion of stage Caf\u00e9"
)
BRANCH = OpenConflict("a/b", "", "", "/name", "x", "ours", "theirs", "theirs feature", "Run", "Name")
ALL = (GOAL, ODD, BRANCH)


def test_a_side_for_all() -> None:
    assert by_side(ALL, "note") == {"/goal": "noted", ODD.pointer: None}
    assert by_side(ALL, "file") == {"/goal": "filed", ODD.pointer: 1}
    assert by_side(ALL, "theirs") == {"/goal": "noted", ODD.pointer: None, "/name": "theirs"}
    assert by_side(ALL, "ours") == {"/goal": "filed", ODD.pointer: 1, "/name": "ours"}
    assert by_side((), "note") == {}
    with pytest.raises(Usage, match="say ours or theirs"):
        by_side((BRANCH,), "file")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ("/goal", "/goal"),
        ("goal", "/goal"),
        ("Goal", "/goal"),
        ("/stages/caf\u00e9 #1/emotion", ODD.pointer),
        ("/stages/caf%C3%A9 %231/emotion", ODD.pointer),
        ("emotion of stage caf\u00e9", ODD.pointer),
    ],
)
def test_a_field_by_pointer_or_as_it_is_shown(said: str, pointer: str) -> None:
    assert by_fields(ALL, [(said, "note")]) == {pointer: "note"}


def test_several_fields() -> None:
    sides = by_fields(ALL, [("/goal", "file"), ("/name", "theirs")])
    assert values(ALL, sides) == {"/goal": "filed", "/name": "theirs"}


def test_what_cannot_be_meant() -> None:
    with pytest.raises(UnknownWord, match="did you mean `/goal`"):
        by_fields(ALL, [("/gaol", "note")])
    with pytest.raises(Usage, match="twice"):
        by_fields(ALL, [("/goal", "note"), ("goal", "file")])
    with pytest.raises(Usage, match="ours or theirs instead of note"):
        by_fields(ALL, [("/name", "note")])
