"""Two programs that undo one another's work are noticed."""

from __future__ import annotations

from twinpage.core.back_and_forth import SPAN, BackAndForth


def became(*turns: tuple[float, str]) -> BackAndForth:
    found = BackAndForth()
    for at, what in turns:
        found.wrote("a", what, at)
    return found


def test_returning_twice_within_a_minute_rests_until_the_minute_is_over() -> None:
    turns = became((0, "x"), (2, "y"), (4, "x"), (6, "y"))
    assert turns.rest("a", 7) == 6 + SPAN - 7
    assert turns.rest("a", 6 + SPAN) == 0
    assert turns.rest("b", 7) == 0


def test_going_on_or_returning_once_or_slowly_is_no_fight() -> None:
    assert became((0, "x"), (2, "y"), (4, "x")).rest("a", 5) == 0
    assert became((0, "x"), (2, "y"), (4, "x"), (6, "z")).rest("a", 7) == 0
    assert became((0, "x"), (2, "x"), (4, "x"), (6, "x")).rest("a", 7) == 0
    assert became((0, "x"), (30, "y"), (50, "x"), (70, "y")).rest("a", 71) == 0


def test_a_new_value_ends_it() -> None:
    turns = became((0, "x"), (2, "y"), (4, "x"), (6, "y"), (8, "new"))
    assert turns.rest("a", 9) == 0


def test_what_no_longer_counts_is_forgotten() -> None:
    turns = became((0, "x"), (2, "y"), (4, "x"), (6, "y"))
    turns.forget_old(6 + SPAN + 1)
    assert turns.rest("a", 7) == 0
