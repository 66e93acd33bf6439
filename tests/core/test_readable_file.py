"""An artifact file as lines for `git diff`: readable, complete, and never more than the file says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core.readable_file import readable

JOURNEY = {
    "kind": "journey",
    "name": "Morning run",
    "goal": "Warm bread.\n\nNobody waits.",
    "rank": 1,
    "stages": [
        {"id": "whistle", "name": "Whistle", "emotion": 2, "touchpoints": [{"id": "horn", "name": "Horn"}]},
        {"id": "paying", "name": "Paying", "channels": ["till", "3"]},
    ],
    "tags": [],
}
LINES = """\
kind: journey
name: Morning run
goal:
  | Warm bread.
  | 
  | Nobody waits.
rank: 1
stages:
  - Whistle  id: whistle
      emotion: 2
      touchpoints:
        - Horn  id: horn
  - Paying  id: paying
      channels:
        - till
        - "3"
tags: []
"""  # noqa: W291


def test_lines() -> None:
    assert readable(json.dumps(JOURNEY).encode()).decode() == LINES
    assert readable(json.dumps(JOURNEY, indent=7).encode("utf-8-sig")).decode() == LINES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a": 1,}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe{",
        b'{"a": "\xff"}',
        b"<<<<<<< HEAD\n{}\n",
        b"---\nartifact-id: x\n---\ntext\r\n",
        b"[1]",
        b'{"a":' * 5000,
    ],
)
def test_what_is_no_object_stays_as_it_is(data: bytes) -> None:
    assert readable(data) == data


def test_a_terminal_cannot_be_steered() -> None:
    said = readable(json.dumps({"name": "a\x1b[31m\u202e", "b\x9b": ["x\r"]}).encode())
    assert b"\x1b" not in said
    assert "\u202e" not in said.decode()
    assert b"\r" not in said


VALUES: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.sampled_from(["1", "true", "", "a\nb"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from(["kind", "name", "stages", "goal"]), VALUES, max_size=3)


@settings(max_examples=200, deadline=None)
@given(OBJECTS, OBJECTS)
def test_different_values_have_different_lines(one: Any, other: Any) -> None:
    first, second = (readable(json.dumps(value).encode()) for value in (one, other))
    assert (first == second) is (json.dumps(one) == json.dumps(other))
