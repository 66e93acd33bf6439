"""Columns stay straight, whatever stands in them."""

from __future__ import annotations

import random

import pytest

from twinpage.core.choosing.columns import cells, side_by_side, wrap

WIDE, FAMILY, MARKED = "\u65e5\u672c\u8a9e", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "e\u0301"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        (WIDE, 6),
        (MARKED, 1),
        (FAMILY, 2),
        ("\u2764\ufe0f", 2),
        ("\U0001f44d\U0001f3fd!", 3),
        ("\u0301a", 1),
        ("\uff21", 2),
    ],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(
    ("line", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("- one two three", 9, ["- one two", "  three"]),
        ("  - one two", 8, ["  - one", "    two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        (WIDE, 3, list(WIDE)),
        (f"{MARKED}{MARKED}x", 2, [MARKED * 2, "x"]),
        ("a  b", 9, ["a  b"]),
        ("\tx", 9, ["    x"]),
    ],
)
def test_wrapping(line: str, width: int, lines: list[str]) -> None:
    assert wrap(line, width) == lines


@pytest.mark.parametrize("seed", range(100))
def test_nothing_is_lost_and_nothing_sticks_out(seed: int) -> None:
    rng = random.Random(seed)
    pieces = ["a", "bcd", " ", " ", "- ", WIDE, FAMILY, MARKED, "longer-than-any-column-can-be"]
    line = "".join(rng.choice(pieces) for _ in range(rng.randrange(1, 30)))
    width = rng.randrange(6, 25)
    wrapped = wrap(line, width)
    assert all(cells(part) <= width for part in wrapped)
    assert "".join(wrapped).replace(" ", "") == line.replace(" ", "")


def test_side_by_side() -> None:
    lines = side_by_side([["one", WIDE], [f"{MARKED} x"], [FAMILY, "", "end"]], 30)
    assert lines == [
        f"one      | {MARKED} x      | {FAMILY}",
        f"{WIDE}   |          |",
        "         |          | end",
    ]
    assert [cells(line[: line.rindex("|")]) for line in lines] == [20, 20, 20]
