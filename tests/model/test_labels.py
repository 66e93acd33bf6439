from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.model.labels import fold_label


@pytest.mark.parametrize(
    ("label", "folded"),
    [
        ("Goal", "goal"),
        ("🔍 Definition", "definition"),
        ("🗄️ Topics", "topics"),
        ("**Moment-of_Truth:**", "moment of truth"),
        ("Content type (profile)", "content type"),
        ("(Stages)", "stages"),
        ("Goal :", "goal"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("👩‍🚀🏽 Größe", "grösse"),
        ("цель", "цель"),
        ("हिन्दी", "हिन्दी"),
        ("  ", ""),
        ("Goal?", "goal?"),
        ("Goals / aims", "goals / aims"),
    ],
)
def test_labels_are_compared_by_their_words(label: str, folded: str) -> None:
    assert fold_label(label) == folded
    assert fold_label(folded) == folded


@given(st.text(st.sampled_from("aÄ-_*:() \t🔍\ufe0f?1"), max_size=12))
def test_folding_twice_is_folding_once(label: str) -> None:
    assert fold_label(fold_label(label)) == fold_label(label)
