"""Pointers by ids."""

from __future__ import annotations

import pytest

from twinpage.core.pointers import join, look, ordered, parts, put, walk

VALUE = {
    "name": "Launch",
    "tags": ["a", "b"],
    "stages": [{"id": "one", "emotion": 1}, {"id": "two", "touchpoints": [{"id": "web", "channel": "web"}]}],
}


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", VALUE),
        ("/name", "Launch"),
        ("/tags/1", "b"),
        ("/stages/one/emotion", 1),
        ("/stages/two/touchpoints/web/channel", "web"),
        ("/stages/three", None),
        ("/stages/0", None),
        ("/name/deeper", None),
        ("/tags/7", None),
    ],
)
def test_look(pointer: str, found: object) -> None:
    assert look(VALUE, pointer) == found


def test_put_changes_a_copy() -> None:
    before = repr(VALUE)
    changed = put(VALUE, "/stages/two/touchpoints/web/channel", "app")
    assert look(changed, "/stages/two/touchpoints/web/channel") == "app"
    assert repr(VALUE) == before
    assert changed["stages"][0] is VALUE["stages"][0]


def test_put_removes_and_leaves_nothing_empty() -> None:
    assert "name" not in put(VALUE, "/name", None)
    assert put({"stages": [{"id": "one"}]}, "/stages/one", None) == {}
    assert put({"persona": {"quote": "Hm"}}, "/persona/quote", None) == {}
    assert put(VALUE, "/stages/none", None) == VALUE


def test_put_adds_where_the_other_side_has_it() -> None:
    like = {"stages": [{"id": "zero"}, {"id": "one"}, {"id": "between"}, {"id": "two"}]}
    assert [item["id"] for item in put(VALUE, "/stages/between", {"id": "between"}, like)["stages"]] == [
        "one",
        "between",
        "two",
    ]
    assert put(VALUE, "/stages/zero", {"id": "zero"}, like)["stages"][0] == {"id": "zero"}
    assert put({}, "/stages/zero", {"id": "zero"}, like) == {"stages": [{"id": "zero"}]}
    assert put({}, "/persona/quote", "Hm", {"persona": {"quote": "Hm"}}) == {"persona": {"quote": "Hm"}}


def test_put_of_ids_is_an_order() -> None:
    assert [item["id"] for item in put(VALUE, "/stages", ["two", "one"])["stages"]] == ["two", "one"]
    assert ordered([{"id": "a"}, {"id": "x"}, {"id": "b"}], ["b", "a"]) == [{"id": "b"}, {"id": "a"}, {"id": "x"}]


def test_the_whole_value() -> None:
    assert put(VALUE, "", None) == {}
    assert put(VALUE, "", {"name": "other"}) == {"name": "other"}


def test_slashes_in_names() -> None:
    pointer = join("", "a/b~c")
    assert pointer == "/a~1b~0c"
    assert parts(pointer) == ("a/b~c",)
    assert look({"a/b~c": 1}, pointer) == 1


def test_walk_finds_every_scalar() -> None:
    assert dict(walk(VALUE)) == {
        "/name": "Launch",
        "/tags/0": "a",
        "/tags/1": "b",
        "/stages/one/id": "one",
        "/stages/one/emotion": 1,
        "/stages/two/id": "two",
        "/stages/two/touchpoints/web/id": "web",
        "/stages/two/touchpoints/web/channel": "web",
    }
