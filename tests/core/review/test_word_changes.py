"""Which words of a text are others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.review.word_changes import LONGEST, MOST_SHOWN, word_changes


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("a b c", "a x c", [("same", "a"), ("was", "b"), ("now", "x"), ("same", "c")]),
        ("one two", "three four", [("was", "one two"), ("now", "three four")]),
        ("a b", "a b c", [("same", "a b"), ("now", "c")]),
        ("a b c", "b c", [("was", "a"), ("same", "b c")]),
        (
            "1 2 3 4 5 6 7 8 x 1 2 3 4 5 6 7 8 9 10 y 1 2 3 4 5 6",
            "1 2 3 4 5 6 7 8 X 1 2 3 4 5 6 7 8 9 10 Y 1 2 3 4 5 6",
            [
                ("same", "… 5 6 7 8"),
                ("was", "x"),
                ("now", "X"),
                ("same", "1 2 3 4 … 7 8 9 10"),
                ("was", "y"),
                ("now", "Y"),
                ("same", "1 2 3 4 …"),
            ],
        ),
        ("a  b\n\nc", "a b c", []),
        ("", "a", [("now", "a")]),
    ],
)
def test_what_stayed_went_and_came(was, now, told):
    assert word_changes(was, now) == told


def test_a_text_that_is_another_one_is_told_as_such():
    was = " ".join(f"w{n}" for n in range(60))
    now = " ".join(f"w{n}" if n % 5 == 2 else f"n{n}" for n in range(60))
    (one, before), (other, after) = word_changes(was, now)
    assert (one, other) == ("was", "now")
    assert before.startswith("w0 w1 w2 ")
    assert before.endswith(" … w56 w57 w58 w59")
    assert after.startswith("n0 n1 w2 ")


@given(st.text(max_size=300), st.text(max_size=300))
def test_it_is_never_longer_than_anybody_reads(was, now):
    parts = word_changes(was, now)
    assert sum(len(text) for _, text in parts) <= MOST_SHOWN + 1
    assert all("\n" not in text for _, text in parts)


def test_long_texts_are_not_compared_word_by_word():
    was = " ".join(str(n * 7 % 1_000) for n in range(LONGEST * 50))
    now = " ".join(str(n * 11 % 1_000) for n in range(LONGEST * 50))
    assert [kind for kind, _ in word_changes(was, now)] in (["was", "now"], ["same", "was", "now"])
