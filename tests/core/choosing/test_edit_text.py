"""One field in an editor: what is shown, and what is made of what was saved."""

from __future__ import annotations

from typing import Any

import pytest

from twinpage.core.choosing.edit_text import SCISSORS, for_editor, from_editor
from twinpage.errors import Usage
from twinpage.model.outcome import OpenConflict


def conflict(base: Any, mine: Any, other: Any, from_: str = "note") -> OpenConflict:
    return OpenConflict("a/b", "artifacts/a/b.json", "B.md", "/goal", base, mine, other, from_, "Run", "Goal")


def body(one: OpenConflict) -> str:
    return for_editor(one).partition(SCISSORS + "\n")[2]


def test_a_text() -> None:
    """What only one side changed is merged; what both changed stands there twice."""
    shown = body(conflict("# Top\n\none\n\ntwo\n\nend", "# Top\n\nONE\n\ntwo\n\nEND", "# Top\n\nuno\n\ntwo\n\nend"))
    assert shown == ("# Top\n\n<<<<<<< the artifact file\nONE\n=======\nuno\n>>>>>>> the note\n\ntwo\n\nEND\n")


@pytest.mark.parametrize(
    ("base", "mine", "other", "shown"),
    [
        (None, "a\nb", "a\nc", "a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs x\n"),
        ("a", None, "b", "<<<<<<< ours\n=======\nb\n>>>>>>> theirs x\n"),
        (1, True, None, "<<<<<<< ours\ntrue\n=======\n>>>>>>> theirs x\n"),
        (1, [1, 2], [1, 3], "[\n  1,\n<<<<<<< ours\n  2\n=======\n  3\n>>>>>>> theirs x\n]\n"),
    ],
)
def test_what_is_shown_between_branches(base: Any, mine: Any, other: Any, shown: str) -> None:
    assert body(conflict(base, mine, other, "theirs x")) == shown


@pytest.mark.parametrize(
    ("one", "saved", "value"),
    [
        (conflict("a", "b", "c"), "# Heading\n\ntext\n", "# Heading\n\ntext"),
        (conflict("a", "b", "c"), "# Heading\r\n", "# Heading"),
        (conflict("a", "b", "c"), "", None),
        (conflict(1, 2, 3), "4", 4),
        (conflict(1, 2, None), "", None),
        (conflict([], ["x"], ["y"]), '["x", "y"]', ["x", "y"]),
        (conflict("a", "T\n=======\nb", "c"), "T\n=======\nd", "T\n=======\nd"),
    ],
)
def test_what_was_saved(one: OpenConflict, saved: str, value: Any) -> None:
    header = for_editor(one).partition(SCISSORS + "\n")[0]
    assert from_editor(one, f"{header}{SCISSORS}\n{saved}") == value


def test_a_header_that_somebody_removed() -> None:
    one = conflict("a", "b", "c")
    assert from_editor(one, "# Heading\ntext") == "# Heading\ntext"
    header = for_editor(one).partition(SCISSORS + "\n")[0]
    assert from_editor(one, f"{header}# Heading\ntext") == "# Heading\ntext"


@pytest.mark.parametrize(
    ("one", "saved", "words"),
    [
        (conflict("a", "b", "c"), None, "Nothing was saved"),
        (conflict("a", "b", "c"), "", "Nothing was saved"),
        (conflict("a", "b", "c"), f"{SCISSORS}\nb\n=======\nc\n", "still has markers"),
        (conflict("a", "b", "c"), f"{SCISSORS}\n>>>>>>> the note\n", "still has markers"),
        (conflict(1, 2, 3), f"{SCISSORS}\n[1", "no JSON"),
        (conflict(1, 2, 3), f"{SCISSORS}\n" + "[" * 100_000, "no JSON"),
    ],
)
def test_what_decides_nothing(one: OpenConflict, saved: str | None, words: str) -> None:
    with pytest.raises(Usage, match=words):
        from_editor(one, for_editor(one) if saved is None else saved)
