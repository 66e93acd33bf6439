"""The table of two-way sync, row by row, in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from twinpage.core.merging.decide import Agreed, FileSide, NoteSide, decide, emptied_lists, filled
from twinpage.core.merging.overlay import view_of
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.conflict import Conflict
from twinpage.model.decision import (
    Clash,
    Decision,
    Forgotten,
    Gone,
    Held,
    Merge,
    Same,
    ToArtifact,
    ToPage,
    Wait,
)
from twinpage.model.kind import Kind, Value

FOUND = Registry(shipped.schemas()).kind("journey")
assert FOUND is not None
JOURNEY: Kind = FOUND

ARRIVE = {"id": "arrive", "name": "Arrive", "emotion": 1, "touchpoints": [{"id": "gate", "name": "Gate"}]}
LEAVE = {"id": "leave", "name": "Leave"}
WAS: Value = {
    "kind": "journey",
    "id": "harbour/journeys/trip",
    "schema": "journey/1.0",
    "name": "Trip",
    "case": "harbour",
    "profile": "harbour/profiles/buyer",
    "goal": "Bread.",
    "stages": [ARRIVE, LEAVE],
    "extras": {"old": 1},
}
VIEW = view_of(WAS, JOURNEY)


def but(value: Value, **fields: Any) -> Value:
    changed = {**value, **{name.replace("_", "-"): part for name, part in fields.items()}}
    return {name: part for name, part in changed.items() if part is not None}


def stage(**fields: Any) -> list[Value]:
    return [{**ARRIVE, **fields}, LEAVE]


def asked(
    note: Value | NoteSide | None, file: Value | FileSide | None, base: Value | None = WAS, patient: bool = True
) -> Decision:
    note_side = (
        note if isinstance(note, NoteSide) else NoteSide("absent", {}) if note is None else NoteSide("read", note)
    )
    file_side = (
        file if isinstance(file, FileSide) else FileSide("absent", {}) if file is None else FileSide("read", file)
    )
    agreed = None if base is None else Agreed(base, view_of(base, JOURNEY))
    return decide(note_side, file_side, agreed, JOURNEY, patient)


NOTE_EDITED = but(VIEW, goal="Cake.")
FILE_EDITED = but(WAS, goal="Rolls.")

ROWS: dict[str, tuple[Any, Any, Any, Decision]] = {
    "both say the same: as in the base": (VIEW, WAS, WAS, Same()),
    "both say the same: both changed alike": (NOTE_EDITED, but(WAS, goal="Cake."), WAS, Same()),
    "both say the same: no base": (VIEW, WAS, None, Same()),
    "note changed, file as in the base": (NOTE_EDITED, WAS, WAS, ToArtifact(NOTE_EDITED)),
    "note as in the base, file changed": (VIEW, FILE_EDITED, WAS, ToPage(but(VIEW, goal="Rolls."))),
    "note lost a field, file as in the base": (but(VIEW, goal=None), WAS, WAS, ToArtifact(but(VIEW, goal=None))),
    "note as in the base, file lost a field": (VIEW, but(WAS, goal=None), WAS, ToPage(but(VIEW, goal=None))),
    "only hidden fields of the file changed": (VIEW, but(WAS, extras={"new": 2}), WAS, Same()),
    "note gone, file as in the base": (None, WAS, WAS, Gone("note")),
    "note as in the base, file gone": (VIEW, None, WAS, Gone("file")),
    "note emptied, file as in the base": (NoteSide("blank", {}), WAS, WAS, Gone("note")),
    "note gone, only hidden fields of the file changed": (None, but(WAS, extras={}), WAS, Gone("note")),
    "note gone, file changed": (
        None,
        FILE_EDITED,
        WAS,
        Clash({}, but(VIEW, goal="Rolls."), (Conflict("", VIEW, None, but(VIEW, goal="Rolls.")),), VIEW),
    ),
    "note emptied, file changed": (
        NoteSide("blank", {}),
        FILE_EDITED,
        WAS,
        Clash({}, but(VIEW, goal="Rolls."), (Conflict("", VIEW, None, but(VIEW, goal="Rolls.")),), VIEW),
    ),
    "note changed, file gone": (NOTE_EDITED, None, WAS, ToArtifact(NOTE_EDITED)),
    "both gone": (None, None, WAS, Forgotten()),
    "note emptied and file gone": (NoteSide("blank", {}), None, WAS, Forgotten()),
    "new note, no file": (VIEW, None, None, ToArtifact(VIEW)),
    "no note, new file": (None, WAS, None, ToPage(VIEW)),
    "emptied note, new file": (NoteSide("blank", {}), WAS, None, ToPage(VIEW)),
    "all items of a list gone from the note": (
        but(VIEW, stages=None),
        WAS,
        WAS,
        ToArtifact(but(VIEW, stages=None)),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_row(row: str) -> None:
    note, file, base, expected = ROWS[row]
    assert asked(note, file, base) == expected


def test_without_a_base_a_conflict_about_an_item_has_all_that_the_file_says_of_it() -> None:
    whole = {"id": "two", "name": "Two", "description": "Dry.", "thoughts": ["Oh."]}
    said = but(VIEW, stages=[{"id": "two", "name": "Second", "description": "Wet."}, LEAVE])
    decision = asked(said, but(WAS, stages=[LEAVE, whole]), None)
    assert isinstance(decision, Clash)
    (clash,) = (one for one in decision.conflicts if one.pointer == "/stages/two")
    assert clash.file == whole


@pytest.mark.parametrize("base", [WAS, None], ids=["base", "no base"])
@pytest.mark.parametrize("other", [VIEW, NOTE_EDITED, None], ids=["as in the base", "changed", "gone"])
def test_an_invalid_side_holds_whatever_the_other_says(other: Value | None, base: Value | None) -> None:
    file = None if other is None else but(WAS, goal=other["goal"])
    assert asked(other, FileSide("unreadable", {}, "line 3"), base) == Held("line 3")
    assert asked(NoteSide("unreadable", {}, because="line 7"), file, base) == Held("line 7")


@pytest.mark.parametrize(
    ("note", "file", "what"),
    [
        (None, WAS, "its note is gone"),
        (NoteSide("blank", {}), WAS, "its note was emptied"),
        (VIEW, None, "its artifact file is gone"),
        (NOTE_EDITED, None, "its artifact file is gone"),
        (None, FILE_EDITED, "its note is gone"),
        (but(VIEW, stages=None), WAS, "nothing is left of stages in its note"),
        (but(VIEW, stages=None, name="Way"), FILE_EDITED, "nothing is left of stages in its note"),
    ],
    ids=[
        "note gone",
        "note emptied",
        "file gone",
        "file gone, note changed",
        "note gone, file changed",
        "list emptied",
        "list emptied and file changed",
    ],
)
def test_what_disappeared_is_looked_at_twice(note: Any, file: Any, what: str) -> None:
    assert asked(note, file, patient=False) == Wait(what)
    assert not isinstance(asked(note, file, patient=True), Wait)


@pytest.mark.parametrize(
    "now",
    [but(VIEW, goal=None), but(VIEW, stages=[ARRIVE]), but(VIEW, stages=stage(touchpoints=[]))],
    ids=["a text", "one item of two", "a list within an item"],
)
def test_what_is_edited_every_day_does_not_wait(now: Value) -> None:
    assert asked(now, WAS, patient=False) == ToArtifact(now)


MERGES: dict[str, tuple[Value, Value, Value]] = {
    "other fields": (
        NOTE_EDITED,
        but(WAS, last_reviewed="2026-03-01"),
        but(NOTE_EDITED, last_reviewed="2026-03-01"),
    ),
    "items by id": (
        but(VIEW, stages=stage(emotion=2)),
        but(WAS, stages=[ARRIVE, but(LEAVE, emotion=-1)]),
        but(VIEW, stages=[{**ARRIVE, "emotion": 2}, but(LEAVE, emotion=-1)]),
    ),
    "an item more on one side, a field on the other": (
        but(VIEW, stages=[ARRIVE, LEAVE, {"id": "return", "name": "Return"}]),
        but(WAS, stages=stage(emotion=-2)),
        but(VIEW, stages=[{**ARRIVE, "emotion": -2}, LEAVE, {"id": "return", "name": "Return"}]),
    ),
    "long text by paragraph": (
        but(VIEW, goal="One!\n\nTwo.\n\nThree."),
        but(WAS, goal="One.\n\nTwo.\n\nThree!"),
        but(VIEW, goal="One!\n\nTwo.\n\nThree!"),
    ),
}


@pytest.mark.parametrize("row", MERGES)
def test_both_changed_elsewhere(row: str) -> None:
    note, file, merged = MERGES[row]
    base = but(WAS, goal="One.\n\nTwo.\n\nThree.") if "paragraph" in row else WAS
    assert asked(note, file, base) == Merge(merged)


def test_both_changed_the_same_field() -> None:
    note = but(NOTE_EDITED, stages=stage(emotion=2))
    found = asked(note, but(FILE_EDITED, horizon="as-is"))
    assert isinstance(found, Clash)
    assert found.conflicts == (Conflict("/goal", "Bread.", "Cake.", "Rolls."),)
    rest = but(VIEW, stages=stage(emotion=2), horizon="as-is")
    assert found.note_view == but(rest, goal="Cake.")
    assert found.file_view == but(rest, goal="Rolls.")
    assert found.agreed == rest


def test_both_changed_the_same_field_in_the_other_direction() -> None:
    mirrored = asked(but(VIEW, goal="Rolls."), but(WAS, goal="Cake."))
    assert isinstance(mirrored, Clash)
    assert mirrored.conflicts == (Conflict("/goal", "Bread.", "Rolls.", "Cake."),)


def test_a_conflict_stays_what_it_is_in_the_next_pass() -> None:
    found = asked(NOTE_EDITED, FILE_EDITED)
    assert isinstance(found, Clash)
    base = Agreed({**WAS, **found.agreed}, found.agreed)
    note, file = NoteSide("read", found.note_view), FileSide("read", {**WAS, **found.file_view})
    assert decide(note, file, base, JOURNEY, True) == found
    assert decide(note, FileSide("read", {**WAS, **found.note_view}), base, JOURNEY, True) == Same()


class TestWithoutABase:
    def test_what_the_note_does_not_say_it_does_not_express(self) -> None:
        note = but(VIEW, goal=None, stages=stage(emotion=1))
        assert asked(note, WAS, None) == Same()

    def test_what_only_the_note_says_is_added(self) -> None:
        note = but(VIEW, scenario="Early.")
        assert asked(note, WAS, None) == ToArtifact(note)

    def test_items_of_both_unite(self) -> None:
        note = but(VIEW, stages=[ARRIVE, {"id": "return", "name": "Return"}])
        found = asked(note, WAS, None)
        assert isinstance(found, Merge)
        assert [item["id"] for item in found.view["stages"]] == ["arrive", "leave", "return"]

    def test_what_differs_is_a_conflict(self) -> None:
        found = asked(NOTE_EDITED, WAS, None)
        assert isinstance(found, Clash)
        assert found.conflicts == (Conflict("/goal", None, "Cake.", "Bread."),)

    def test_nothing_is_gone_that_nobody_remembers(self) -> None:
        assert asked(None, None, None) == Forgotten()


class TestExpressed:
    """A field that the note never expressed belongs to the artifact file alone."""

    HALF = Agreed(WAS, but(VIEW, goal=None, stages=[{"id": "arrive", "name": "Arrive"}, LEAVE]))

    def decided(self, note: Value, file: Value) -> Decision:
        return decide(NoteSide("read", note), FileSide("read", file), self.HALF, JOURNEY, True)

    def test_it_may_change_there_alone(self) -> None:
        assert self.decided(self.HALF.view, FILE_EDITED) == Same()

    def test_it_is_not_removed_with_the_rest(self) -> None:
        note = but(self.HALF.view, profile=None)
        assert self.decided(note, WAS) == ToArtifact(note)

    def test_once_the_note_says_something_else_both_are_kept(self) -> None:
        decision = self.decided(but(self.HALF.view, goal="Cake."), WAS)
        assert isinstance(decision, Clash)
        assert decision.conflicts == (Conflict("/goal", None, "Cake.", WAS["goal"]),)

    def test_so_of_an_item(self) -> None:
        note = but(self.HALF.view, stages=[{"id": "arrive", "name": "Arrive", "emotion": -1}, LEAVE])
        decision = self.decided(note, WAS)
        assert isinstance(decision, Clash)
        assert decision.conflicts == (Conflict("/stages/arrive/emotion", None, -1, 1),)

    def test_so_of_a_whole_list(self) -> None:
        nothing = but(self.HALF.view, stages=None)
        note = but(nothing, stages=[{"id": "arrive", "name": "Come in"}])
        decision = decide(NoteSide("read", note), FileSide("read", WAS), Agreed(WAS, nothing), JOURNEY, True)
        assert isinstance(decision, Clash)
        assert decision.conflicts == (Conflict("/stages/arrive", None, {"id": "arrive", "name": "Come in"}, ARRIVE),)

    def test_once_the_note_says_the_same_nothing_is_to_be_done(self) -> None:
        note = but(self.HALF.view, goal=WAS["goal"])
        assert self.decided(note, WAS) in (Same(), Merge(note), ToArtifact(note))

    def test_what_only_the_note_says_is_still_added(self) -> None:
        note = but(self.HALF.view, scenario="Early.")
        assert self.decided(note, WAS) == ToArtifact(note)

    def test_a_field_that_is_new_in_the_file_is_to_be_expressed(self) -> None:
        file = but(WAS, scenario="Early.")
        assert self.decided(self.HALF.view, file) == ToPage(but(self.HALF.view, scenario="Early."))


class TestHeldFields:
    """A link that resolves to nothing is never taken as removed."""

    def test_a_held_field_counts_as_unchanged(self) -> None:
        note = NoteSide("read", but(VIEW, profile=None), ("/profile",))
        assert asked(note, WAS) == Same()
        assert asked(note, FILE_EDITED) == ToPage(but(VIEW, goal="Rolls."))

    def test_the_rest_goes_on(self) -> None:
        note = NoteSide("read", but(NOTE_EDITED, profile=None), ("/profile",))
        assert asked(note, WAS) == ToArtifact(NOTE_EDITED)

    def test_a_note_with_a_held_field_may_go(self) -> None:
        note = NoteSide("read", but(VIEW, profile=None), ("/profile",))
        assert asked(note, None) == Gone("file")

    def test_a_held_field_that_the_file_changed(self) -> None:
        file = but(WAS, profile="harbour/profiles/walker")
        note = NoteSide("read", but(VIEW, profile=None), ("/profile",))
        assert asked(note, file) == ToPage(but(VIEW, profile="harbour/profiles/walker"))


@pytest.mark.parametrize(
    ("now", "held", "expected"),
    [
        ({"a": 1}, (), {"a": 1}),
        ({"a": 2}, ("/b",), {"a": 2, "b": {"c": 5, "d": 6}}),
        ({"b": {"d": 7}}, ("/b/c",), {"b": {"c": 5, "d": 7}}),
        ({"l": [{"id": "x", "p": 1}]}, ("/l/x/q",), {"l": [{"id": "x", "p": 1, "q": 9}]}),
        ({"l": [{"id": "y"}]}, ("/l/x/q",), {"l": [{"id": "y"}]}),
        ({}, ("/l/x/q",), {"l": [{"id": "x", "q": 9}]}),
        ({"a": 1}, ("/unknown",), {"a": 1}),
        ({"r": ["one"]}, ("/r/1",), {"r": ["one", "two"]}),
    ],
    ids=[
        "nothing held",
        "a field",
        "in a record",
        "in an item",
        "an item that is gone",
        "the whole list",
        "new",
        "list",
    ],
)
def test_filled(now: Value, held: tuple[str, ...], expected: Value) -> None:
    base = {"a": 1, "b": {"c": 5, "d": 6}, "l": [{"id": "x", "q": 9}], "r": ["one", "two"]}
    assert filled(now, base, held) == expected


def test_filled_keeps_the_order_of_the_base() -> None:
    assert list(filled({"c": 1, "a": 1}, {"a": 1, "b": 1, "c": 1}, ("/b",))) == ["a", "b", "c"]


def test_emptied_lists() -> None:
    base = {"stages": [LEAVE], "aliases": ["x"], "goal": "text", "kpis": []}
    assert emptied_lists(base, {"aliases": ["x"]}) == ["stages"]
    assert emptied_lists(base, {"stages": [], "aliases": ["y"]}) == ["stages"]
    assert emptied_lists(base, base) == []
