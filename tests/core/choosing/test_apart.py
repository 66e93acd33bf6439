"""Where versions differ, part by part: nothing is left out."""

from __future__ import annotations

import random

import pytest

from twinpage.core.choosing.apart import Part, parts


def test_with_what_was_before() -> None:
    found = list(parts(["a", "b", "c", "d"], ["a", "B", "c", "d"], ["a", "x", "c", "D"]))
    assert found == [
        Part(("a",), ("a",), ("a",)),
        Part(("b",), ("B",), ("x",)),
        Part(("c",), ("c",), ("c",)),
        Part(("d",), ("d",), ("D",)),
    ]
    assert [part.merged for part in found] == [("a",), None, ("c",), ("D",)]


def test_without() -> None:
    found = list(parts(None, ["a", "b", "c"], ["a", "x", "c", "d"]))
    assert found == [
        Part(("a",), ("a",), ("a",)),
        Part((), ("b",), ("x",)),
        Part(("c",), ("c",), ("c",)),
        Part((), (), ("d",)),
    ]
    assert list(parts(None, [], ["a"])) == [Part((), (), ("a",))]
    assert list(parts([], [], [])) == []


@pytest.mark.parametrize("seed", range(200))
def test_all_parts_together_are_the_versions(seed: int) -> None:
    rng = random.Random(seed)
    base, one, other = ([rng.choice("abcde") for _ in range(rng.randrange(9))] for _ in range(3))
    found = list(parts(base, one, other))
    assert [element for part in found for element in part.base] == base
    for versions in (found, list(parts(None, one, other))):
        assert [element for part in versions for element in part.one] == one
        assert [element for part in versions for element in part.other] == other
