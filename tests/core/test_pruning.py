"""What pruning takes: the old, the oldest of too much, and by default nothing young."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.pruning import MEGABYTE, NEVER_BELOW, Limits, Weight, goes

DEFAULT = Limits()


def of(*weights: tuple[float | None, int]) -> list[Weight]:
    return [Weight(days, megabytes * MEGABYTE) for days, megabytes in weights]


@pytest.mark.parametrize(
    ("weights", "limits", "taken"),
    [
        ([], DEFAULT, []),
        ([(1, 1), (89.9, 1), (90, 1), (90.1, 1)], DEFAULT, [False, False, False, True]),
        ([(None, 1), (-4, 1)], Limits(0, 0), [False, True]),
        ([(31, 600), (40, 600)], DEFAULT, [False, True]),
        ([(31, 1_000)], DEFAULT, [False]),
        ([(31, 1_001)], DEFAULT, [True]),
        ([(1, 900), (29.9, 900), (30, 900)], DEFAULT, [False, False, True]),
        ([(1, 900), (29.9, 900)], DEFAULT, [False, False]),
        ([(1, 900), (29.9, 900)], Limits(megabytes=1_000), [False, True]),
        ([(1, 900), (29.9, 900)], Limits(megabytes=0), [True, True]),
        ([(1, 900), (29.9, 900)], Limits(days=10), [False, True]),
        ([(1, 900), (2, 900)], Limits(days=10), [False, False]),
        ([(100, 5_000), (50, 600), (40, 300)], DEFAULT, [True, False, False]),
        ([(None, 5_000), (50, 600)], DEFAULT, [False, True]),
    ],
)
def test_what_goes(weights: list[tuple[float | None, int]], limits: Limits, taken: list[bool]) -> None:
    assert goes(of(*weights), limits) == taken


WEIGHTS = st.lists(
    st.builds(Weight, st.none() | st.floats(-1, 200), st.integers(0, 900 * MEGABYTE)),
    max_size=8,
)


@given(WEIGHTS)
def test_by_default_nothing_young_goes_and_the_rest_fits_or_is_young(weights: list[Weight]) -> None:
    taken = goes(weights, DEFAULT)
    kept = [weight for weight, gone in zip(weights, taken, strict=True) if not gone]
    gone = [weight for weight, gone in zip(weights, taken, strict=True) if gone]
    assert all(weight.days is not None and weight.days >= NEVER_BELOW for weight in gone)
    assert all(weight.days is None or weight.days <= 90 for weight in kept)
    over = sum(weight.size for weight in kept) > DEFAULT.size
    assert not over or all(weight.days is None or weight.days < NEVER_BELOW for weight in kept)


@given(WEIGHTS, st.integers(0, 100), st.integers(0, 2_000))
def test_the_oldest_go_first_and_no_more_than_needed(weights: list[Weight], days: int, megabytes: int) -> None:
    limits = Limits(days, megabytes)
    taken = goes(weights, limits)
    kept = [weight for weight, gone in zip(weights, taken, strict=True) if not gone and weight.days is not None]
    for_size = [w for w, gone in zip(weights, taken, strict=True) if gone and w.days is not None and w.days <= days]
    ages = [weight.days for weight in kept if weight.days is not None]
    assert all(weight.days is not None and weight.days >= max(ages, default=-9.0) for weight in for_size)
    if for_size:
        last = min(for_size, key=lambda weight: (weight.days or 0.0, weight.size))
        all_kept = sum(weight.size for weight, gone in zip(weights, taken, strict=True) if not gone)
        assert all_kept + max(weight.size for weight in for_size if weight.days == last.days) > limits.size
