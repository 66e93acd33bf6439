"""What a note expresses of its artifact file, and laying it back."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.merging.overlay import expressed, overlay, view_of, without_unexpressed
from twinpage.model.kind import Field, Kind, Shape, Value

NAME = Field("name", "Name", "line", "title")
SECRET = Field("secret", "Secret", "line", "hidden")
EXTRAS = Field("extras", "Extras", "opaque", "hidden")
EMOTION = Field("emotion", "Emotion", "integer", "property")
CHANNELS = Field("channels", "Channels", "lines", "property")
TOUCHPOINT = Shape(fields=(NAME, EMOTION, SECRET), title=NAME, identified=True)
STAGE = Shape(
    fields=(NAME, EMOTION, CHANNELS, SECRET, Field("touchpoints", "Touchpoints", "items", "bullets", shape=TOUCHPOINT)),
    title=NAME,
    identified=True,
)
PERSONA = Shape(fields=(Field("quote", "Quote", "line", "property"), Field("age", "Age", "line", "property"), SECRET))
KPI = Shape(fields=(NAME, Field("target", "Target", "line", "property"), SECRET), title=NAME)
SHAPE = Shape(
    fields=(
        NAME,
        Field("goal", "Goal", "text", "section"),
        Field("owner", "Owner", "line", "property"),
        Field("persona", "Persona", "record", "section", shape=PERSONA),
        Field("kpis", "KPIs", "items", "bullets", shape=KPI),
        Field("stages", "Stages", "items", "headings", shape=STAGE),
        EXTRAS,
    )
)
JOURNEY = Kind("journey", "Journey", "1.0", "", {}, SHAPE, "Journeys", "{case}/journeys/{slug}")


def artifact(**fields: Any) -> Value:
    return {"kind": "journey", "id": "acme/journeys/launch", "schema": "journey/1.0", "name": "Launch", **fields}


def test_a_view_has_no_identity_and_nothing_hidden_or_empty() -> None:
    value = artifact(
        goal="",
        extras={"x": 1},
        persona={"secret": "s"},
        stages=[{"id": "a", "name": "A", "secret": "s", "emotion": 0, "channels": []}],
    )
    assert view_of(value, JOURNEY) == {"name": "Launch", "stages": [{"id": "a", "name": "A", "emotion": 0}]}


def test_what_the_note_never_expressed_is_the_files_own() -> None:
    base = artifact(goal="Win", owner="Ann", stages=[{"id": "a", "name": "A", "emotion": 1}, {"id": "b", "name": "B"}])
    base_view = {"name": "Launch", "goal": "Win", "stages": [{"id": "a", "name": "A"}]}
    assert expressed(base, base_view, base, JOURNEY) == base_view
    now = copy.deepcopy(base)
    now["owner"] = "Ben"
    now["persona"] = {"quote": "Hm"}
    now["stages"][0] |= {"emotion": 2, "channels": ["web"]}
    now["stages"].append({"id": "c", "name": "C"})
    assert expressed(base, base_view, now, JOURNEY) == {
        "name": "Launch",
        "goal": "Win",
        "persona": {"quote": "Hm"},
        "stages": [{"id": "a", "name": "A", "channels": ["web"]}, {"id": "c", "name": "C"}],
    }


def test_laying_a_view_keeps_what_the_note_does_not_show() -> None:
    value = artifact(
        owner="Ann",
        extras={"x": 1},
        persona={"quote": "Hm", "secret": "s"},
        stages=[
            {"id": "a", "name": "A", "secret": "s", "emotion": 1},
            {"id": "own", "name": "Own"},
            {"id": "b", "name": "B"},
        ],
    )
    old = {"name": "Launch", "persona": {"quote": "Hm"}, "stages": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]}
    new = {"name": "Start", "goal": "Win", "stages": [{"id": "new", "name": "New"}, {"id": "a", "name": "Aha"}]}
    assert overlay(value, old, new, JOURNEY) == artifact(
        owner="Ann",
        extras={"x": 1},
        persona={"secret": "s"},
        stages=[
            {"id": "new", "name": "New"},
            {"id": "a", "name": "Aha", "secret": "s", "emotion": 1},
            {"id": "own", "name": "Own"},
        ],
    ) | {"name": "Start", "goal": "Win"}


def test_dropping_all_drops_what_was_expressed() -> None:
    value = artifact(persona={"quote": "Hm"}, stages=[{"id": "a", "name": "A", "secret": "s"}])
    assert overlay(value, view_of(value, JOURNEY), {"name": "Launch"}, JOURNEY) == artifact()
    assert overlay(value, None, {"name": "Launch"}, JOURNEY) == value


def test_items_without_ids_are_known_by_title_then_place() -> None:
    value = artifact(kpis=[{"name": "leads", "target": "1", "secret": "l"}, {"name": "deals", "secret": "d"}])
    view = view_of(value, JOURNEY)
    new = {**view, "kpis": [{"name": "deals"}, {"name": "cost"}, {"name": "leads", "target": "2"}]}
    assert overlay(value, view, new, JOURNEY)["kpis"] == [
        {"name": "deals", "secret": "d"},
        {"name": "cost"},
        {"name": "leads", "target": "2", "secret": "l"},
    ]


def test_without_a_base_what_the_note_lacks_is_not_compared() -> None:
    note = {"name": "Launch", "persona": {"quote": "Hm"}, "stages": [{"id": "a", "name": "A"}]}
    file = {
        "name": "Launch",
        "goal": "Win",
        "persona": {"quote": "Ah", "age": "40"},
        "stages": [{"id": "a", "name": "A", "emotion": 1}, {"id": "b", "name": "B"}],
    }
    assert without_unexpressed(note, file, JOURNEY) == {
        "name": "Launch",
        "persona": {"quote": "Ah"},
        "stages": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
    }


def test_odd_values_do_not_break_it() -> None:
    value = artifact(stages="text", persona=[1], kpis=[1, {"name": "x"}, {"name": "x"}])
    view = view_of(value, JOURNEY)
    assert overlay(value, view, view, JOURNEY) == value
    assert expressed(value, view, value, JOURNEY) == view
    assert overlay(value, view, {"name": "Launch", "stages": [{"id": "a"}]}, JOURNEY) == artifact(stages=[{"id": "a"}])


WORDS = st.sampled_from(["x", "y", "z"])
SOME = {"name": WORDS, "emotion": st.integers(-1, 1), "secret": WORDS}
PARTS = {"channels": st.lists(WORDS, min_size=1, max_size=2)}


def items(*fields: str, touchpoints: bool = False) -> st.SearchStrategy[list[Value]]:
    optional: dict[str, st.SearchStrategy[Any]] = {name: {**SOME, **PARTS, "target": WORDS}[name] for name in fields}
    if touchpoints:
        optional["touchpoints"] = items("name", "emotion", "secret")
    inner = st.fixed_dictionaries({"id": st.sampled_from("abcd")}, optional=optional)
    return st.lists(inner, min_size=1, max_size=3, unique_by=lambda item: item["id"])


ARTIFACTS = st.fixed_dictionaries(
    {"kind": st.just("journey"), "id": st.just("x"), "schema": st.just("journey/1.0")},
    optional={
        "name": WORDS,
        "goal": WORDS,
        "owner": WORDS,
        "extras": st.just({"a": 1}),
        "persona": st.fixed_dictionaries({}, optional={"quote": WORDS, "age": WORDS, "secret": WORDS}).filter(bool),
        "stages": items("name", "emotion", "channels", "secret", touchpoints=True),
    },
)


@st.composite
def partial(draw: st.DrawFn, view: Value) -> Value:
    """A view as a note says it that has no place for everything."""
    said: Value = {}
    for name, part in view.items():
        if name != "id" and draw(st.integers(0, 3)) == 0:
            continue
        if isinstance(part, dict):
            part = draw(partial(part))
        elif isinstance(part, list) and isinstance(part[0], dict):
            part = [draw(partial(item)) for item in part if draw(st.integers(0, 3))]
        if part not in ({}, []):
            said[name] = part
    return said


@st.composite
def known_twins(draw: st.DrawFn) -> tuple[Value, Value]:
    value = draw(ARTIFACTS)
    return value, draw(partial(view_of(value, JOURNEY)))


@given(known_twins())
def test_laying_what_is_expressed_changes_nothing(twins: tuple[Value, Value]) -> None:
    value, view = twins
    assert expressed(value, view, value, JOURNEY) == view
    assert overlay(value, view, view, JOURNEY) == value
    assert list(overlay(value, view, view, JOURNEY)) == list(value)


@given(known_twins(), ARTIFACTS)
def test_what_was_laid_is_expressed(twins: tuple[Value, Value], other: Value) -> None:
    (value, old), new = twins, view_of(other, JOURNEY)
    before = copy.deepcopy((value, old, new))
    laid = overlay(value, old, new, JOURNEY)
    assert (value, old, new) == before
    assert expressed(laid, new, laid, JOURNEY) == new
    assert overlay(laid, new, new, JOURNEY) == laid
    assert laid["kind"] == "journey"
    assert laid.get("extras") == value.get("extras")


@given(ARTIFACTS, ARTIFACTS)
def test_without_a_base_nothing_of_the_file_goes(value: Value, other: Value) -> None:
    laid = overlay(value, None, view_of(other, JOURNEY), JOURNEY)
    assert value.keys() <= laid.keys()
    assert {stage["id"] for stage in value.get("stages", [])} <= {stage["id"] for stage in laid.get("stages", [])}
