"""What is worked out from texts is remembered until it is forgotten."""

from __future__ import annotations

from twinpage.model.labels import fold_label
from twinpage.model.remembering import forget_texts, remembered


def test_it_is_worked_out_once_until_it_is_forgotten() -> None:
    asked = []

    @remembered(8)
    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    assert (upper("a"), upper("a")) == ("A", "A")
    assert asked == ["a"]
    forget_texts()
    assert upper("a") == "A"
    assert asked == ["a", "a"]


def test_no_more_than_asked_for_is_kept() -> None:
    double = remembered(2)(lambda number: number * 2)
    assert [double(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert double.cache_info().currsize == 2


def test_what_labels_fold_to_is_forgotten() -> None:
    fold_label("**Moment-of_Truth (ours):**")
    assert fold_label.cache_info().currsize
    forget_texts()
    assert not fold_label.cache_info().currsize
