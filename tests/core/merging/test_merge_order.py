"""Items that both sides moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.merging.merge_order import merge_order


def ordered(base: str, note: str, file: str, stay: str = "") -> str:
    order = merge_order(list(base), list(note), list(file), set(stay or note + file))
    return "".join(order.note) if not order.clash else "".join(order.note) + "|" + "".join(order.file)


def test_one_side_moved() -> None:
    assert ordered("abcd", "dabc", "abcd") == "dabc"
    assert ordered("abcd", "abcd", "badc") == "badc"


def test_moves_of_different_items_both_hold() -> None:
    assert ordered("abcd", "dabc", "acbd") == "dacb"
    assert ordered("abcdef", "bacdef", "abcdfe") == "bacdfe"


def test_contradicting_moves_leave_each_side_its_own() -> None:
    assert ordered("abc", "bac", "acb") == "bac|acb"


def test_added_items_follow_whom_they_followed() -> None:
    assert ordered("abc", "axbc", "abcy") == "axbcy"
    assert ordered("abc", "abcx", "cab") == "cxab"


def test_of_two_added_at_one_place_the_lower_goes_first() -> None:
    assert ordered("a", "ax", "ab") == "abx"
    assert ordered("a", "ab", "ax") == "abx"


def test_two_added_by_both_in_different_order() -> None:
    assert ordered("a", "axy", "ayx") == "axy|ayx"


def test_removed_items_are_gone() -> None:
    assert ordered("abc", "cba", "abc", stay="ac") == "ca"


IDS = st.permutations("abcdef").flatmap(lambda ids: st.integers(0, 6).map(lambda n: ids[:n]))


@given(IDS, IDS, IDS)
def test_laws(base: list[str], note: list[str], file: list[str]) -> None:
    stay = {*note, *file}
    order, swapped = merge_order(base, note, file, stay), merge_order(base, file, note, stay)
    assert (order.note, order.file) == (swapped.file, swapped.note)
    assert sorted(order.note) == sorted(order.file) == sorted(stay)
    assert merge_order(base, note, note, stay).note[: len(note)] == note
    if set(note) == set(base):
        assert merge_order(base, note, base, set(base)).note == note
