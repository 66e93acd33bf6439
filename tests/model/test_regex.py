"""Expressions that are compiled late do what those do that are compiled at once."""

from __future__ import annotations

import re

import pytest

from twinpage.model.regex import regex


def test_nothing_is_compiled_before_it_is_asked() -> None:
    wrong = regex(r"(")
    with pytest.raises(re.error):
        wrong.search("text")


def test_every_method_and_fact_is_there() -> None:
    words = regex(r"(?P<first>[a-z])[a-z]*", re.IGNORECASE)
    compiled = re.compile(r"(?P<first>[a-z])[a-z]*", re.IGNORECASE)
    text = "One two, three"
    assert words.findall(text) == compiled.findall(text) == ["O", "t", "t"]
    assert words.findall(text) == compiled.findall(text)
    assert words.sub(r"\g<first>", text) == "O t, t"
    assert [found.span() for found in words.finditer(text, 1)] == [(1, 3), (4, 7), (9, 14)]
    assert words.fullmatch("One")
    assert not words.fullmatch(text)
    assert (words.pattern, words.flags, words.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_bytes_are_taken_too() -> None:
    assert regex(rb"\d+").findall(b"a1b22") == [b"1", b"22"]


@pytest.mark.parametrize("name", ["no_such_thing", "__no_such_thing__"])
def test_there_is_nothing_that_an_expression_does_not_have(name: str) -> None:
    with pytest.raises(AttributeError):
        getattr(regex("a"), name)
