"""Fields of values, with pointers by ids."""

from __future__ import annotations

import pytest

from twinpage.core.fields import fields, is_expected, is_reference, prose, references
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.kind import Kind

REGISTRY = Registry(shipped.schemas())


@pytest.fixture
def journey() -> Kind:
    kind = REGISTRY.kind("journey")
    assert kind is not None
    return kind


VALUE = {
    "kind": "journey",
    "id": "a/journeys/j",
    "name": "J",
    "case": "a",
    "profile": "a/profiles/p",
    "model": "planned",
    "expectations": ["Fast", "Cheap"],
    "extras": {"old": "words"},
    "stages": [
        {"id": "one", "name": "One", "description": "First.", "touchpoints": [{"id": "door", "name": "Door"}]},
        {"name": "Two", "pains": ["Rain"]},
        "odd",
    ],
}


def test_absent_fields_are_found_too(journey):
    found = {at.pointer: at.value for at in fields(journey.shape, VALUE, is_expected)}
    assert found == {
        "/profile": "a/profiles/p",
        "/stages/one/description": "First.",
        "/stages/1/description": None,
    }


def test_owners_are_the_objects_themselves(journey):
    owners = [at.owner for at in fields(journey.shape, VALUE, is_expected)]
    assert owners[0] is VALUE
    assert owners[1] is VALUE["stages"][0]


def test_references(journey):
    assert [(at, field.name, to) for at, field, to in references(journey.shape, VALUE)] == [
        ("/case", "case", "a"),
        ("/profile", "profile", "a/profiles/p"),
    ]
    odd = {"case": 5, "profile": ["x"], "stages": "none"}
    assert [at for at, _, _ in references(journey.shape, odd)] == ["/profile/0"]
    assert is_reference(journey.shape.by_name["case"])
    assert not is_reference(journey.shape.by_name["stages"])


def test_prose_is_what_people_wrote(journey):
    pieces = dict(prose(journey.shape, VALUE))
    assert pieces["/name"] == "J"
    assert pieces["/expectations"] == "Fast\nCheap"
    assert pieces["/stages/one/touchpoints/door/name"] == "Door"
    assert not {"/case", "/model", "/extras", "/id"} & pieces.keys()


def test_kinds_that_contain_themselves_end():
    entry = REGISTRY.kind("entry")
    assert entry is not None
    value = {"items": [{"id": "a", "name": "A", "items": [{"id": "b", "name": "B", "text": "Deep."}]}]}
    assert dict(prose(entry.shape, value))["/items/a/items/b/text"] == "Deep."
    assert list(references(entry.shape, value)) == []
