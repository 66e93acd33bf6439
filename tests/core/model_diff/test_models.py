"""Two models compared: what was renamed or moved is not told as removed and added, and everything has its place."""

from __future__ import annotations

from typing import Any

from twinpage.core.model_diff import Sides, compare_models, heading, referred, sentence
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.difference import ModelDiff

KINDS = Registry(shipped.schemas()).kind
CASE = {"kind": "case", "id": "harbour", "name": "Harbour Bakery", "summary": "Bread."}
EXAMPLE = {"kind": "case", "id": "attic", "name": "Attic", "example": True}
SEGMENT = {"kind": "segment", "id": "harbour/segments/boats", "name": "Boats", "case": "harbour"}
PROFILE = {
    "kind": "profile",
    "id": "harbour/profiles/skipper",
    "name": "Skipper",
    "case": "harbour",
    "segment": SEGMENT["id"],
    "description": "Steers, and eats at the wheel.",
}
JOURNEY = {
    "kind": "journey",
    "id": "harbour/journeys/run",
    "name": "Morning run",
    "case": "harbour",
    "profile": PROFILE["id"],
    "stages": [{"id": "a", "name": "Whistle"}, {"id": "b", "name": "Paying", "description": "Coins."}],
}
ALL = {value["id"]: value for value in (CASE, EXAMPLE, SEGMENT, PROFILE, JOURNEY)}


def side(*values: dict[str, Any]) -> dict[str, Any]:
    return {f"artifacts/{value['id']}.json": value for value in values}


def compared(old: dict[str, Any], new: dict[str, Any]) -> ModelDiff:
    known: dict[str, Any] = dict(ALL)
    return compare_models(Sides(old, new), KINDS, known.get)


def said(found: ModelDiff) -> list[str]:
    return [sentence(artifact) for artifact in found.artifacts]


def test_nothing() -> None:
    assert compared({}, {}).is_empty
    assert compared(side(JOURNEY), side(dict(JOURNEY))).is_empty


def test_names_of_what_did_not_change_are_asked_for() -> None:
    new = {**JOURNEY, "stages": JOURNEY["stages"][:1]}
    assert said(compared(side(JOURNEY), side(new))) == ["Journey *Morning run* of *Skipper*: stage *Paying* removed."]
    assert referred([JOURNEY], KINDS) == {"harbour", PROFILE["id"]}


def test_renamed_with_its_references() -> None:
    new = {**PROFILE, "id": "harbour/profiles/captain", "name": "Captain"}
    found = compared(side(PROFILE, JOURNEY), side(new, {**JOURNEY, "profile": new["id"]}))
    assert said(found) == [
        "Profile *Captain*: has the id harbour/profiles/captain instead of harbour/profiles/skipper; "
        "renamed from *Skipper* to *Captain*.",
        "Journey *Morning run* of *Captain*: profile follows the new id of *Captain*.",
    ]
    assert found.renames == {PROFILE["id"]: new["id"]}


def test_moved_to_another_case() -> None:
    new = {**PROFILE, "id": "attic/profiles/skipper", "case": "attic"}
    (one,) = compared(side(PROFILE), side(new)).artifacts
    assert (one.action, one.old_artifact, one.example) == ("moved", PROFILE["id"], True)
    assert sentence(one) == (
        "Profile *Skipper*: moved from harbour/profiles/skipper to attic/profiles/skipper; "
        "now belongs to case *Attic* instead of *Harbour Bakery*."
    )


def test_nearly_the_same_is_renamed_and_another_is_not() -> None:
    texts = {f"s{number}": f"Text number {number}" for number in range(6)}
    old = {**JOURNEY, "stages": [{"id": key, "name": text} for key, text in texts.items()]}
    alike = {**old, "id": "harbour/journeys/evening", "stages": old["stages"][:5]}
    other = {**JOURNEY, "id": "harbour/journeys/other", "name": "Other", "stages": [{"id": "x", "name": "Elsewhere"}]}
    found = compared(side(old), side(alike, other))
    assert [(one.action, one.artifact) for one in found.artifacts] == [
        ("renamed", alike["id"]),
        ("added", other["id"]),
    ]
    assert {one.action for one in compared(side(old), side(other)).artifacts} == {"added", "removed"}


def test_a_renamed_case_takes_its_parts_along() -> None:
    new_case = {**CASE, "id": "quay"}
    parts = [SEGMENT, PROFILE, JOURNEY]
    moved = []
    for part in parts:
        made = {**part, "id": str(part["id"]).replace("harbour", "quay"), "case": "quay"}
        for name in ("segment", "profile"):
            if name in made:
                made[name] = str(made[name]).replace("harbour", "quay")
        moved.append(made)
    found = compared(side(CASE, *parts), side(new_case, *moved))
    assert [one.action for one in found.artifacts] == ["renamed", "moved", "moved", "moved"]
    assert {difference.action for one in found.artifacts for difference in one.differences} == {"followed"}


def test_a_file_that_was_moved_keeps_its_artifact() -> None:
    old, new = {"artifacts/elsewhere.json": JOURNEY}, side(JOURNEY)
    assert said(compared(old, new)) == [
        "Journey *Morning run* of *Skipper*: its file is artifacts/harbour/journeys/run.json "
        "instead of artifacts/elsewhere.json."
    ]


def test_order_case_segment_profile_then_the_method_then_examples() -> None:
    topic = {"kind": "topic", "id": "topics/bread", "name": "Bread"}
    attic = {"kind": "profile", "id": "attic/profiles/guest", "name": "Guest", "case": "attic"}
    found = compared({}, side(attic, topic, JOURNEY, PROFILE, SEGMENT, CASE))
    assert [one.kind for one in found.artifacts] == ["case", "segment", "profile", "journey", "topic", "profile"]
    assert [one.example for one in found.artifacts] == [False] * 5 + [True]
    journey = found.artifacts[3]
    assert (journey.case_name, journey.segment_name, journey.profile_name) == ("Harbour Bakery", "Boats", "Skipper")
    assert heading(journey) == "Journey *Morning run* of *Skipper*"


def test_values_of_odd_types_are_told() -> None:
    old, new = {"kind": 3, "id": ["x"], "name": None}, {"kind": "journey", "id": "x", "stages": 7, "case": 1}
    found = compared({"artifacts/x.json": old}, {"artifacts/x.json": new})
    assert len(found.artifacts) == 1
    assert len(found.artifacts[0].differences) >= 4
