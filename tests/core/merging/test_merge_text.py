"""Texts and sequences that both sides changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.merging.merge_text import changes, combine, merge_text

ELEMENTS = st.lists(st.sampled_from("abcdefgh"), max_size=8)


def test_paragraphs_changed_by_different_sides_both_stay() -> None:
    base = "We sell rockets.\n\nTo anyone.\n\nSince 1999."
    assert (
        merge_text(base, base.replace("anyone", "agencies"), base.replace("1999", "2001"))
        == "We sell rockets.\n\nTo agencies.\n\nSince 2001."
    )


def test_touching_paragraphs_may_be_changed_by_different_sides() -> None:
    assert merge_text("one\n\ntwo", "ONE\n\ntwo", "one\n\nTWO") == "ONE\n\nTWO"


def test_lines_of_one_paragraph_are_the_second_look() -> None:
    assert merge_text("- fast\n- cheap\n- safe", "- very fast\n- cheap\n- safe", "- fast\n- cheap\n- safest") == (
        "- very fast\n- cheap\n- safest"
    )


def test_the_same_line_is_nobodys_to_choose() -> None:
    assert merge_text("fast", "very fast", "fast enough") is None


def test_two_paragraphs_added_at_one_place_have_no_order() -> None:
    assert merge_text("one", "one\n\nmine", "one\n\ntheirs") is None


def test_the_same_paragraph_added_twice_is_there_once() -> None:
    assert merge_text("one\n\ntwo", "zero\n\none\n\ntwo", "zero\n\none\n\nTWO") == "zero\n\none\n\nTWO"


def test_removing_a_paragraph_against_an_edit_of_it() -> None:
    assert merge_text("one\n\ntwo", "one", "one\n\nTWO") is None


def test_a_paragraph_added_beside_an_edited_one() -> None:
    assert merge_text("one\n\ntwo", "ONE\n\ntwo", "one\n\nbetween\n\ntwo") == "ONE\n\nbetween\n\ntwo"


def test_nothing_is_left_when_both_removed_their_half() -> None:
    assert merge_text("one\n\ntwo", "one", "two") == ""


def test_no_outer_white_space_is_left_where_a_paragraph_went() -> None:
    assert merge_text("one\n\n\n  two\n\nthree", "\n  two\n\nthree", "one\n\n\n  two\n\nTHREE") == "two\n\nTHREE"


def test_a_moved_paragraph_is_the_smaller_change() -> None:
    assert changes(list("abcd"), list("acdb")) == [(1, 2, ()), (4, 4, ("b",))]


@pytest.mark.parametrize("line", ["", "same", "x" * 50])
def test_ten_thousand_equal_lines_take_no_time(line: str) -> None:
    base = "\n".join([line] * 10_000)
    merged = merge_text(base, "first\n" + base, base + "\nlast")
    assert merged == ("first\n" + base + "\nlast").strip("\n")


def test_a_rewritten_long_text_takes_no_time() -> None:
    base = [f"{n % 7} {n % 11}" for n in range(20_000)]
    assert combine(base, base[::-1], base) == base[::-1]


@given(ELEMENTS, ELEMENTS)
def test_the_changes_of_a_side_make_the_side(base: list[str], side: list[str]) -> None:
    assert combine(base, side, base) == side
    assert combine(base, base, side) == side
    assert combine(base, side, side) == side


@given(ELEMENTS, ELEMENTS, ELEMENTS)
def test_swapping_the_sides_changes_nothing(base: list[str], note: list[str], file: list[str]) -> None:
    assert combine(base, note, file) == combine(base, file, note)


@given(ELEMENTS, ELEMENTS, ELEMENTS)
def test_nothing_new_is_lost_and_nothing_is_invented(base: list[str], note: list[str], file: list[str]) -> None:
    merged = combine(base, note, file)
    if merged is not None:
        assert (set(note) | set(file)) - set(base) <= set(merged)
        assert set(merged) <= set(base) | set(note) | set(file)


TEXTS = st.lists(st.sampled_from(["one", "two\nlines", "- a\n- b\n- c", "- a\n- b", "x", "y"]), max_size=5).map(
    "\n\n".join
)


@given(TEXTS, TEXTS, TEXTS)
def test_no_new_line_of_a_text_is_lost(base: str, note: str, file: str) -> None:
    merged = merge_text(base, note, file)
    assert merged == merge_text(base, file, note)
    if merged is not None:
        assert (set(note.split("\n")) | set(file.split("\n"))) - set(base.split("\n")) <= {*merged.split("\n"), ""}
