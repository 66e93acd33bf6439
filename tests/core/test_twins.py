"""Whether two twins say the same, and where they do not."""

from __future__ import annotations

import pytest

from twinpage.core.schema.registry import Registry
from twinpage.core.twins import differences, place_words
from twinpage.core.vault.vault import Note
from twinpage.edge import shipped
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading

JOURNEY = Registry(shipped.schemas()).kind("journey")
FILE = {
    "name": "J",
    "goal": "Ride.",
    "tags": ["a", "b"],
    "expectations": ["a", "b"],
    "stages": [
        {"id": "one", "name": "One", "emotion": 1, "touchpoints": [{"id": "door", "name": "Door"}]},
        {"id": "two", "name": "Two"},
    ],
}


def note(value, held=(), problems=()) -> Note:
    return Note("J.md", "", "", "J", "", "journey", Reading(value, problems, held, {}.get), problems, ())


@pytest.mark.parametrize(
    ("expressed", "found"),
    [
        ({}, ()),
        ({"goal": "Ride."}, ()),
        ({"goal": "Walk."}, ("/goal",)),
        ({"name": "K"}, ("/name",)),
        ({"scenario": "Rain."}, ("/scenario",)),
        ({"tags": ["b", "a"]}, ()),
        ({"expectations": ["b", "a"]}, ("/expectations",)),
        ({"stages": FILE["stages"]}, ()),
        ({"stages": [{"id": "one", "name": "One"}, {"id": "two", "name": "Two"}]}, ()),
        (
            {"stages": [{"id": "one", "name": "One", "emotion": 2}, {"id": "two", "name": "Two"}]},
            ("/stages/one/emotion",),
        ),
        ({"stages": [{"id": "two", "name": "Two"}, {"id": "one", "name": "One"}]}, ("/stages",)),
        ({"stages": [{"id": "one", "name": "One"}]}, ("/stages",)),
        (
            {"stages": [{**FILE["stages"][0], "touchpoints": [{"id": "door", "name": "Gate"}]}, FILE["stages"][1]]},
            ("/stages/one/touchpoints/door/name",),
        ),
    ],
)
def test_only_what_the_note_expresses_counts(expressed, found):
    assert differences(JOURNEY, note(expressed), FILE) == found


def test_the_files_own_form_does_not_count():
    assert differences(JOURNEY, note({"goal": "Ride."}), {**FILE, "goal": "Ride.  \r\n"}) == ()


def test_what_other_flags_tell_of_does_not_count():
    walk = {"goal": "Walk.", "scenario": "Rain."}
    assert differences(JOURNEY, note(walk, held=("/goal",)), FILE) == ("/scenario",)
    assert differences(JOURNEY, note(walk, held=("",)), FILE) == ()
    bad = Problem("TP101", 0, "No.", "/goal", holds=True)
    assert differences(JOURNEY, note(walk, problems=(bad,)), FILE) == ("/scenario",)
    conflicts = [{"pointer": "/goal", "other": "Fly.", "from": "note"}]
    assert differences(JOURNEY, note(walk), {**FILE, "conflicts": conflicts}) == ("/scenario",)


def test_places_in_words():
    assert place_words(JOURNEY, FILE, "/goal") == "goal"
    assert place_words(JOURNEY, FILE, "/stages/one/emotion") == "emotion of stage One"
    assert place_words(JOURNEY, FILE, "/stages/one/touchpoints/door/name") == "name of touchpoint Door of stage One"
