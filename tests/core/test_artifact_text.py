from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.artifact_text import canonical, is_canonical, read, read_bytes, write
from twinpage.core.json_text import MAX_DEPTH, MAX_SIZE
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.problem import line_and_column

KINDS = Registry(shipped.schemas())
JOURNEY = KINDS.kind("journey")
assert JOURNEY is not None

TEXT = """{
  "kind": "journey",
  "id": "tea-house/journeys/guest",
  "stages": [
    {
      "id": "arrival",
      "name": "Arrival",
      "touchpoints": [
        {"id": "door", "name": "Door ~ bell", "experience": 2},
        {"name": "no id"}
      ]
    }
  ],
  "extras": {"a/b": {"": [1, [2]]}}
}
"""


def complaint(text: str) -> tuple[int, int, str]:
    source = read("artifacts/x.json", text)
    assert source.value is None
    assert source.offset_of("") is None
    (problem,) = source.problems
    assert problem.code == "TP001"
    assert problem.holds
    return *line_and_column(text, problem.offset), problem.message


def test_a_file_is_read_as_it_stands() -> None:
    source = read("artifacts/x.json", TEXT)
    assert source.value == json.loads(TEXT)
    assert source.problems == ()
    assert source.path == "artifacts/x.json"
    assert source.digest == read_bytes("artifacts/x.json", TEXT.encode()).digest


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 1, 1),
        ("/id", 3, 3),
        ("/stages", 4, 3),
        ("/stages/arrival", 5, 5),
        ("/stages/0", 5, 5),
        ("/stages/arrival/name", 7, 7),
        ("/stages/arrival/touchpoints/door", 9, 9),
        ("/stages/arrival/touchpoints/door/experience", 9, 47),
        ("/stages/arrival/touchpoints/1/name", 10, 10),
        ("/extras/a~1b", 14, 14),
        ("/extras/a~1b//1/0", 14, 31),
    ],
)
def test_a_pointer_leads_to_line_and_column(pointer: str, line: int, column: int) -> None:
    offset = read("x", TEXT).offset_of(pointer)
    assert offset is not None
    assert line_and_column(TEXT, offset) == (line, column)


@pytest.mark.parametrize(
    "pointer", ["/goal", "/stages/1", "/stages/arrival/goal", "/id/x", "/stages/-1", "/stages/" + "9" * 5000]
)
def test_a_pointer_to_nothing_has_no_place(pointer: str) -> None:
    assert read("x", TEXT).offset_of(pointer) is None


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "This file is empty. Bring its content back, or remove the file."),
        (" \n\n", 1, 1, "This file is empty"),
        ("[]", 1, 1, "This file has to be one object"),
        ("7", 1, 1, "one object"),
        ('{\n "a": 1\n "b": 2\n}', 3, 2, "A comma or a closing bracket is missing near"),
        ('{\n "a": 1,\n}', 2, 8, "There is a comma before }. Remove it."),
        ('{"a": [1,\n]}', 1, 9, "There is a comma before ]. Remove it."),
        ('{\n "a": 1', 2, 7, "The file ends too early."),
        ('{"a": "x', 1, 7, "A text has no closing quote"),
        ('{"a": "x\ny"}', 1, 9, "A text goes over the end of a line"),
        ('{"a" 1}', 1, 6, "A colon is missing"),
        ("{a: 1}", 1, 2, "in double quotes"),
        ('{"a": yes}', 1, 7, "in double quotes near yes}"),
        ('{"a": 1} x', 1, 10, "Something stands after the end"),
        (r'{"a": "\q"}', 1, 8, "A backslash stands alone"),
        ('{\n "a": 1,\n "b": {},\n "a": 2\n}', 4, 2, "a stands twice in one object"),
        ('{"b": {"é": 1,\n "\\u00e9": 2}}', 2, 2, "é stands twice"),
        ('{"a": NaN}', 1, 7, "NaN is no JSON"),
        ('{"a": [-Infinity]}', 1, 8, "-Infinity is no JSON"),
        ('{"a": 1e999}', 1, 7, "too big a number"),
        ('{"a": 123456789012345678901}', 1, 7, "too many digits"),
        ('{"a": ' + "9" * 10_000 + "}", 1, 7, "too many digits"),
        ('{"a": -9007199254740993}', 1, 7, "too many digits"),
        (r'{"a": "\uD83D"}', 1, 8, "half of a character"),
        (r'{"\udc00": 1}', 1, 3, "half of a character"),
        (
            '{\n<<<<<<< HEAD\n "a": 1\n=======\n "a": 2\n>>>>>>> b\n}',
            2,
            1,
            "A merge of git is not ended in this file",
        ),
        ('{\n "a": 1\n>>>>>>> theirs\n}', 3, 1, "This closes a conflict that no <<<<<<< line opens"),
        ('<<<<<<< HEAD\n{\n "a": 1\n}', 1, 1, "This opens a conflict that no >>>>>>> line closes"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place_and_a_remedy(text: str, line: int, column: int, says: str) -> None:
    found_line, found_column, message = complaint(text)
    assert says in message
    assert message.endswith(".")
    assert (found_line, found_column) == (line, column)


@pytest.mark.parametrize("opener", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [MAX_DEPTH, 900, 200_000])
def test_deep_nesting_is_refused_and_never_crashes(opener: str, depth: int) -> None:
    closer = "]" if opener == "[" else "}"
    text = '{"x": ' + opener * depth + "1" + closer * depth + "}"
    assert "64 deep" in complaint(text)[2] or "ends too early" in complaint(text)[2]


def test_nesting_up_to_the_limit_is_fine() -> None:
    text = '{"x": ' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}"
    assert read("x", text).value is not None


def test_a_huge_file_is_refused() -> None:
    assert "bigger than 8 MB" in complaint('{"a": "' + "x" * MAX_SIZE + '"}')[2]


def test_an_integer_that_is_exact_everywhere_is_fine() -> None:
    assert read("x", '{"a": -9007199254740992, "b": 1.5e3}').value == {"a": -(2**53), "b": 1500.0}


def test_a_byte_order_mark_is_read_over_but_is_not_our_form() -> None:
    text = "\ufeff" + TEXT
    source = read("x", text)
    assert source.value == json.loads(TEXT)
    assert source.offset_of("/id") == TEXT.index('"id"') + 1
    assert not is_canonical(source, JOURNEY)
    assert line_and_column("\ufeff{]", read("x", "\ufeff{]").problems[0].offset) == (1, 3)


def test_bytes_that_are_not_utf_8_are_named_by_line() -> None:
    source = read_bytes("x", b'{\n "name": "caf\xe9"\n}')
    assert source.value is None
    (problem,) = source.problems
    assert problem.message == "This file is not UTF-8: line 2 has the byte E9. Save it as UTF-8."
    assert line_and_column(source.text, problem.offset) == (2, 14)


def test_keys_are_written_in_the_order_of_the_schema_at_every_level() -> None:
    value = {
        "extras": {"z": 1, "a": 2},
        "unknown": True,
        "stages": [{"emotion": 1, "name": "Ünder", "touchpoints": [{"name": "T", "id": "t"}], "id": "u"}],
        "conflicts": [{"from": "note", "other": None, "base": 1, "pointer": "/goal"}],
        "name": "N",
        "schema": "journey/1.0",
        "id": "a/journeys/b",
        "kind": "journey",
    }
    assert write(value, JOURNEY) == (
        '{\n  "kind": "journey",\n  "id": "a/journeys/b",\n  "schema": "journey/1.0",\n  "name": "N",\n  "stages": [\n'
        '    {\n      "id": "u",\n      "name": "Ünder",\n      "emotion": 1,\n      "touchpoints": [\n        {\n'
        '          "id": "t",\n          "name": "T"\n        }\n      ]\n    }\n  ],\n  "extras": {\n    "z": 1,\n'
        '    "a": 2\n  },\n  "conflicts": [\n    {\n      "pointer": "/goal",\n      "base": 1,\n      "other": null,\n'
        '      "from": "note"\n    }\n  ],\n  "unknown": true\n}\n'
    )


def test_canonical_trims_text_and_drops_what_is_empty() -> None:
    value = {
        "name": " N ",
        "goal": "a  \r\nb\n",
        "scenario": " \n",
        "expectations": ["x ", "", "  "],
        "tags": [],
        "rank": 2.0,
        "stages": [{"id": "s", "name": "S ", "pains": [""], "emotion": 0, "moment-of-truth": False}, {}],
        "extras": {"kept": " as it is "},
        "layout": "",
    }
    assert canonical(value, JOURNEY) == {
        "name": "N",
        "rank": 2,
        "goal": "a\nb",
        "expectations": ["x"],
        "stages": [{"id": "s", "name": "S", "emotion": 0, "moment-of-truth": False}],
        "extras": {"kept": " as it is "},
    }


def test_canonical_leaves_wrong_types_for_the_schema_to_name() -> None:
    value = {"name": None, "rank": "two", "stages": {"id": "x"}, "goal": ["text"], "expectations": [1.5, None]}
    assert canonical(value, JOURNEY) == value


def test_is_canonical_knows_our_own_form_from_every_other() -> None:
    ours = write(canonical(json.loads(TEXT), JOURNEY), JOURNEY)
    assert is_canonical(read("x", ours), JOURNEY)
    assert not is_canonical(read("x", TEXT), JOURNEY)
    assert not is_canonical(read("x", ours + "\n"), JOURNEY)
    assert not is_canonical(read("x", ours.replace("\n", "\r\n")), JOURNEY)


SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.sampled_from(sorted(JOURNEY.shape.by_name)) | STRINGS
ANYTHING = st.recursive(
    SCALARS | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.just("id"), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, ANYTHING, max_size=6)


@given(OBJECTS)
def test_what_is_written_reads_back_as_the_same_value(value: dict[str, object]) -> None:
    text = write(value, JOURNEY)
    assert read("x", text).value == value
    assert json.loads(text) == value
    assert write(json.loads(text), JOURNEY) == text


@given(OBJECTS)
def test_canonical_is_a_fixed_point(value: dict[str, object]) -> None:
    once = canonical(value, JOURNEY)
    assert canonical(once, JOURNEY) == once
    text = write(once, JOURNEY)
    assert is_canonical(read("x", text), JOURNEY)


@given(st.text(st.sampled_from('{}[]:,"\\u0d8aé \n\t\ufefft1e-.NI<>='), max_size=60))
def test_reading_never_raises(text: str) -> None:
    source = read("x", text)
    assert (source.value is None) == bool(source.problems)
    assert all(0 <= p.offset <= len(text) for p in source.problems)


@given(st.binary(max_size=60))
def test_reading_bytes_never_raises(data: bytes) -> None:
    source = read_bytes("x", data)
    assert (source.value is None) == bool(source.problems)


@given(OBJECTS, st.sampled_from([None, 1, "\t"]))
def test_every_member_of_a_text_has_its_place(value: dict[str, object], indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    source = read("x", text)
    for name in value:
        offset = source.offset_of("/" + name.replace("~", "~0").replace("/", "~1"))
        assert offset is not None
        assert text.startswith(json.dumps(name), offset)
