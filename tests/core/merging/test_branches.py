"""Three versions of an artifact, merged by fields and ids."""

from __future__ import annotations

from typing import Any

from twinpage.core.merging.branches import Versions, join, with_open
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.conflict import Conflict

JOURNEY = Registry(shipped.schemas()).kind("journey")
assert JOURNEY is not None

BASE: dict[str, Any] = {
    "kind": "journey",
    "id": "a/journeys/b",
    "name": "Run",
    "goal": "Bread.",
    "stages": [{"id": "x", "name": "X"}, {"id": "y", "name": "Y", "emotion": 1}],
    "extras": {"from": "paper", "shelf": 1},
}
ENTRY = {"pointer": "/name", "base": None, "other": "Walk", "from": "theirs old"}


def test_what_does_not_clash_is_put_together() -> None:
    ours = {**BASE, "stages": [{"id": "x", "name": "X"}], "extras": {"from": "paper", "shelf": 2}, "conflicts": [ENTRY]}
    theirs = {**BASE, "goal": "Rolls.", "extras": {"shelf": 1, "row": 3}}
    joined = join(Versions(BASE, ours, theirs), JOURNEY)
    assert joined.clashes == ()
    assert joined.value["goal"] == "Rolls."
    assert joined.value["stages"] == [{"id": "x", "name": "X"}]
    assert joined.value["extras"] == {"shelf": 2, "row": 3}
    assert joined.value["conflicts"] == [ENTRY]


def test_what_clashes_keeps_ours_until_somebody_decides() -> None:
    ours = {**BASE, "goal": "Cake.", "stages": BASE["stages"][:1], "extras": {"from": "ours", "shelf": 1}}
    theirs = {**BASE, "goal": "Rolls.", "stages": [BASE["stages"][0], {"id": "y", "name": "Y", "emotion": 2}]}
    theirs["extras"] = {"from": "theirs", "shelf": 1}
    joined = join(Versions(BASE, ours, theirs), JOURNEY)
    assert [clash.pointer for clash in joined.clashes] == ["/extras", "/goal", "/stages/y"]
    assert joined.value == ours
    chosen = {clash.pointer: clash.file for clash in joined.clashes}
    assert joined.decided(chosen) == theirs
    assert joined.decided({"/goal": "Both."})["goal"] == "Both."
    assert joined.decided({"/goal": None}).get("goal") is None


def test_without_a_base_both_stay() -> None:
    ours, theirs = {"name": "Run", "extras": {"a": 1}}, {"name": "Run", "goal": "Rolls.", "extras": {"b": 2}}
    joined = join(Versions(None, ours, theirs), JOURNEY)
    assert joined.clashes == ()
    assert joined.value == {"name": "Run", "goal": "Rolls.", "extras": {"a": 1, "b": 2}}


def test_clashes_as_data() -> None:
    left = (Conflict("/name", "Run", "Trot", "Walk"),)
    value = with_open({"name": "Trot", "conflicts": [ENTRY]}, left, "theirs new")
    assert value["conflicts"] == [{"pointer": "/name", "base": "Run", "other": "Walk", "from": "theirs new"}]
    assert with_open({"name": "Trot"}, (), "theirs new") == {"name": "Trot"}
