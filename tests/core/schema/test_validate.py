from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from twinpage.core.artifact_text import is_canonical, read
from twinpage.core.schema.registry import Registry
from twinpage.core.schema.validate import Validator
from twinpage.edge import shipped
from twinpage.model.kind import Shape, Value

KINDS = Registry(shipped.schemas())
FIXTURES = Path(__file__).parents[2] / "fixtures" / "schemas"
VALID = sorted(FIXTURES.glob("*/valid/*.json"))
INVALID = sorted(FIXTURES.glob("*/invalid/*.json"))


def name_of(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix().removesuffix(".json")


def load(path: Path) -> tuple[Validator, Value]:
    kind = KINDS.kind(path.parts[-3])
    assert kind is not None
    value = json.loads(path.read_text(encoding="utf-8"))
    return Validator(kind, KINDS.library), value


def plain_verdict(validator: Validator, value: Any) -> bool:
    checker = FormatChecker(["date"])
    return Draft202012Validator(dict(validator.kind.schema), format_checker=checker).is_valid(value)


def test_every_kind_has_fixtures() -> None:
    assert {p.parts[-3] for p in VALID} == {p.parts[-3] for p in INVALID} == set(KINDS.names())


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_valid_artifacts(path: Path) -> None:
    validator, value = load(path)
    assert validator.problems(value) == ()
    assert plain_verdict(validator, value)


@pytest.mark.parametrize("path", [p for p in VALID if p.stem != "whole-float"], ids=name_of)
def test_valid_artifacts_are_in_our_own_form(path: Path) -> None:
    validator, _ = load(path)
    assert is_canonical(read("x", path.read_text(encoding="utf-8")), validator.kind)


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_invalid_artifacts_are_told_with_code_and_pointer(path: Path) -> None:
    validator, value = load(path)
    problems = validator.problems(value)
    expected = path.with_suffix(".expects").read_text(encoding="utf-8").splitlines()
    assert sorted(f"{p.code} {p.pointer}".strip() for p in problems) == sorted(expected)
    for problem in problems:
        assert problem.message[0].isupper()
        assert problem.message.endswith(".")
        assert problem.holds == (problem.code != "TP120")
        assert "\n" not in problem.message


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_both_validators_agree(path: Path) -> None:
    validator, value = load(path)
    assert validator.accepts(value) == plain_verdict(validator, value)


def uncovered(shape: Shape, value: Any, where: str) -> list[str]:
    missing = [f"{where}/{f.name}" for f in shape.fields if f.name not in value]
    for f in shape.fields:
        part = value.get(f.name)
        if f.shape and f.shape is not shape and part:
            missing += uncovered(f.shape, part[0] if isinstance(part, list) else part, f"{where}/{f.name}")
    return missing


@pytest.mark.parametrize("kind", KINDS.names())
def test_the_full_fixture_of_a_kind_has_every_field(kind: str) -> None:
    validator, value = load(FIXTURES / kind / "valid" / "full.json")
    found = uncovered(validator.kind.shape, value, kind)
    assert found == (["entry/text", "entry/fields"] if kind == "entry" else [])


JOURNEY = KINDS.kind("journey")
assert JOURNEY is not None
FULL: Value = json.loads((FIXTURES / "journey" / "valid" / "full.json").read_text(encoding="utf-8"))


def messages(**changes: Any) -> list[str]:
    assert JOURNEY is not None
    return [p.message for p in KINDS.validate({**FULL, **changes}, JOURNEY)]


def stage(**changes: Any) -> dict[str, Any]:
    return {"stages": [{**FULL["stages"][0], **changes}]}


def without(name: str, value: Value) -> Value:
    return {k: v for k, v in value.items() if k != name}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (stage(emotion=7), "Emotion of stage Arrival is 7; it goes from -2 to 2. Write a whole number in that range."),
        (
            stage(emotion="high"),
            'Emotion of stage Arrival is "high"; it takes a whole number from -2 to 2. Write it that way.',
        ),
        ({"rank": 0}, "Rank is 0, which is out of range. Write a whole number of at least 1."),
        ({"stages": []}, "The journey has no stages. Add at least one stage."),
        ({"model": "planed"}, 'Model is "planed"; it can be planned or actual. If you meant planned, write that.'),
        ({"model": "x"}, 'Model is "x"; it can be planned or actual. Choose one of them.'),
        ({"profile": "The guest"}, 'Profile is "The guest"; it takes the id of a profile. Write it that way.'),
        (
            {"last-reviewed": "soon"},
            'Last reviewed is "soon"; it takes a day such as 2026-03-01. Write it that way.',
        ),
        ({"tags": "tea"}, 'Tags are "tea"; they take a list. Write it that way.'),
        ({"tags": ["tea", 3]}, "Tag 2 is 3; it takes one line of text. Write it that way."),
        (
            {"profil": "x"},
            "The journey has no field profil. If you meant profile, write that; if not, move it to extras.",
        ),
        ({"colour": "x"}, "The journey has no field colour. Move it to extras, or remove it."),
        ({"name": " "}, "Name is empty. Write one line of text that is not blank."),
        (
            {"stages": [{"name": "First cup"}]},
            "Stage First cup has no id. Give it one, such as first-cup.",
        ),
        ({"stages": [{"id": "a"}]}, "Stage 1 has no name. Add one line of text that is not blank."),
        (
            {"stages": [{"id": "a", "name": "In"}, {"id": "a", "name": "Out"}]},
            "Stages In and Out have the same id a. Give one of them another id.",
        ),
        (
            stage(touchpoints=[{"id": "t", "name": "Bell \x1b[31m red", "experience": 3}]),
            "Experience of touchpoint Bell [31m red of stage Arrival is 3; it goes from -2 to 2. "
            "Write a whole number in that range.",
        ),
        (
            {"schema": "journey/0.9"},
            "This was written for journey/0.9; journey/1.0 is current. "
            "Bring it up to date with `twinpage check --fix`.",
        ),
    ],
)
def test_messages_are_what_a_colleague_would_say(changes: dict[str, Any], message: str) -> None:
    assert messages(**changes) == [message]


def test_an_older_artifact_is_judged_by_what_else_it_says() -> None:
    assert JOURNEY is not None
    problems = KINDS.validate({**FULL, "schema": "journey/0.1", "rank": 0}, JOURNEY)
    assert [(p.code, p.pointer) for p in problems] == [("TP120", "/schema"), ("TP101", "/rank")]


def test_a_missing_reference_names_what_to_add() -> None:
    assert JOURNEY is not None
    (problem,) = KINDS.validate(without("case", FULL), JOURNEY)
    assert problem.message == "The journey has no case. Add the id of a case."


def test_a_flood_of_mistakes_is_cut_off() -> None:
    assert JOURNEY is not None
    problems = KINDS.validate({**FULL, "tags": list(range(5_000))}, JOURNEY)
    assert 1 < len(problems) <= 100


def test_a_repeated_id_never_hides_which_item_is_meant() -> None:
    assert JOURNEY is not None
    stages = [{"id": "a", "name": "In"}, {"id": "a", "name": "Out", "emotion": 9}]
    pointers = [p.pointer for p in KINDS.validate({**FULL, "stages": stages}, JOURNEY)]
    assert pointers == ["/stages/1/emotion", "/stages/1/id"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 200) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "emotion", "zz"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(JOURNEY.shape.by_name)), ANYTHING)
def test_a_no_is_always_explained_and_a_yes_never_doubted(name: str, part: Any) -> None:
    assert JOURNEY is not None
    value = {**FULL, name: part}
    validator = Validator(JOURNEY, KINDS.library)
    explained = [p for p in validator.problems(value) if "the same id" not in p.message]
    assert validator.accepts(value) == (not explained)
    assert not any("does not fit its schema" in p.message for p in explained)


def test_references_in_a_schema_are_never_fetched() -> None:
    from twinpage.core.schema.kinds import compile_kind

    schema = {
        "$id": "https://example.org/trap/1.0",
        "properties": {"kind": {"const": "trap"}, "extras": {"type": "object", "properties": {}}},
        "allOf": [{"if": {"required": ["x"]}, "then": {"$ref": "http://127.0.0.1:9/never"}}],
    }
    kind = compile_kind({k: v for k, v in schema.items() if k != "allOf"})
    trapped = Validator(type(kind)(**{**{f: getattr(kind, f) for f in kind.__slots__}, "schema": schema}))
    with pytest.raises(ValueError, match=r"not present in a registry|nothing is fetched"):
        trapped.accepts({"x": 1})
