"""How much is carried at once follows from how long it took."""

from __future__ import annotations

import pytest

from twinpage.workspace.watch.portion import HOLD, LEAST, MOST, Portion


@pytest.mark.parametrize(
    ("seconds", "size"),
    [(HOLD, MOST), (HOLD / 2, MOST), (2 * HOLD, MOST // 2), (1_000.0, LEAST), (0.0, MOST)],
    ids=["just right", "fast", "slow", "very slow", "no time at all"],
)
def test_the_next_portion(seconds: float, size: int) -> None:
    portion = Portion()
    portion.took(MOST, seconds)
    assert portion.size == size


def test_it_grows_again_when_the_machine_has_time() -> None:
    portion = Portion()
    portion.took(MOST, 4 * HOLD)
    assert portion.size == MOST // 4
    portion.took(MOST // 4, HOLD / 2)
    assert portion.size == MOST // 2


def test_less_than_a_portion_tells_nothing() -> None:
    """A look at the whole vault takes its time, however little is carried."""
    portion = Portion()
    portion.took(3, 100.0)
    assert portion.size == MOST


def test_a_smaller_limit_stands() -> None:
    portion = Portion(2)
    portion.took(2, 100.0)
    assert portion.size == 2
