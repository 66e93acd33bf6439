from __future__ import annotations

import pytest

from twinpage.core.attribute_lines import RULES, lines_in, with_lines

LINES = tuple(rule.line() for rule in RULES)
TEXTS = [
    b"",
    b"*.png binary\n",
    b"no end",
    b"a\r\nb\r\n",
    b"\xef\xbb\xbf* text\n",
    b"\xff odd\n",
    b"\n\n",
    b"# twinpage: end\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_lines_come_and_go_and_nothing_else_changes(text: bytes) -> None:
    there = with_lines(text, LINES)
    assert lines_in(there) == LINES
    assert with_lines(there, LINES) == there
    assert with_lines(there, LINES[:1]).endswith(text.removeprefix(b"\xef\xbb\xbf"))
    assert with_lines(there, ()) == text
    assert lines_in(text) == ()


def test_no_lines_no_comments() -> None:
    assert with_lines(b"a\n", ()) == b"a\n"


def test_comments_that_lost_their_other_half_are_somebody_s_text() -> None:
    broken = with_lines(b"", LINES).replace(b"# twinpage: end\n", b"")
    assert lines_in(broken) == ()
    assert with_lines(broken, ()) == broken
    assert lines_in(with_lines(broken, LINES)) == LINES


def test_what_stands_between_and_is_not_ours_stays() -> None:
    there = with_lines(b"z\n", LINES).replace(b"*.md", b"mine\n*.md")
    assert with_lines(there, ()) == b"mine\nz\n"
