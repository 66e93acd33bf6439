"""What a note's items are matched with where the other side has made some too."""

from __future__ import annotations

from typing import Any

from twinpage.core.merging.new_items import with_new_items
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped

JOURNEY = Registry(shipped.schemas()).kind("journey")


def known(view: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    assert JOURNEY is not None
    return with_new_items(view, other, JOURNEY.shape)


def stage(own: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": own, "name": name, **more}


def test_nothing_new_changes_nothing() -> None:
    view = {"goal": "x", "stages": [stage("one", "One", description="y")]}
    assert known(view, view) is view
    assert known(view, {"goal": "z", "stages": [stage("one", "Other")]}) == view
    assert known(view, {}) == view


def test_names_of_new_items_stand_where_they_stand_there() -> None:
    one, two = stage("one", "One", description="y"), stage("two", "Two")
    other = [stage("new", "New", description="z"), one, stage("mid", "Mid"), two, stage("end", "End")]
    assert known({"stages": [one, two]}, {"stages": other})["stages"] == [
        stage("new", "New"),
        one,
        stage("mid", "Mid"),
        two,
        stage("end", "End"),
    ]
    assert known({}, {"stages": [one]}) == {"stages": [stage("one", "One")]}


def test_what_is_called_so_already_keeps_its_id() -> None:
    view = {"stages": [stage("one", "One")]}
    assert known(view, {"stages": [stage("one-2", "One"), stage("one", "One")]}) == view


def test_items_within_items() -> None:
    view = {"stages": [stage("one", "One", touchpoints=[stage("mail", "Mail")])]}
    other = {"stages": [stage("one", "One", touchpoints=[stage("mail", "Mail"), stage("call", "Call", x=1)])]}
    (found,) = known(view, other)["stages"]
    assert found["touchpoints"] == [stage("mail", "Mail"), stage("call", "Call")]


def test_what_is_no_item_does_no_harm() -> None:
    view = {"stages": [None, 3, stage("one", "One")]}
    other = {"stages": [{"id": 4, "name": "Four"}, "x", {"id": "five"}, {"id": "six", "name": 6}]}
    assert known(view, other) == view
    assert known({"stages": "text"}, {"stages": [stage("one", "One")]}) == {"stages": [stage("one", "One")]}
