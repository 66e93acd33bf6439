"""Canonical text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.model.text import canonical


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain words", "plain words"),
        ("  outer \n", "outer"),
        ("a  \nb\t\n\n\nc", "a\nb\n\n\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07\x85c\x7f", "abc"),
        ("a\tb", "a\tb"),
        ("\ufeff\u00a0x\u2028\u3000", "x"),
        ("one\u2028two", "one\u2028two"),
        ("a\u00a0\nb", "a\nb"),
        ("  first\n  second", "first\n  second"),
        ("\ud800x", "x"),
        (" \n\t\r\n", ""),
    ],
)
def test_examples(text: str, wanted: str) -> None:
    assert canonical(text) == wanted


@given(st.text(st.characters() | st.sampled_from(list(" \t\n\r\u2028\ufeff\x85"))))
def test_canonical_text_stays(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert "\r" not in once
    assert all(line == line.rstrip(" \t\u00a0\u2028") for line in once.split("\n"))
    assert not once.startswith(("\n", " "))
    assert not once.endswith(("\n", " "))


def test_it_is_linear() -> None:
    assert canonical("x" + " " * 300_000 + "y") == "x" + " " * 300_000 + "y"
    assert canonical("\n" * 300_000) == ""
