"""A conflict in columns: what differs is there, what does not is told in a word."""

from __future__ import annotations

from typing import Any

import pytest

from twinpage.core.choosing.columns import cells
from twinpage.core.choosing.conflict_table import commands, table
from twinpage.model.outcome import OpenConflict


def conflict(base: Any, other: Any, mine: Any, words: tuple[tuple[str, ...], ...] = (), **more: Any) -> OpenConflict:
    return OpenConflict("a/b", "", "", "/goal", base, mine, other, more.pop("from_", "note"), words=words, **more)


def test_long_text_shows_the_paragraphs_that_differ_and_no_others() -> None:
    alike = "\n\n".join(f"Paragraph {number} of many." for number in range(5))
    long = "word " * 200
    one = conflict(f"{alike}\n\nold", f"{alike}\n\n{long}noted", f"{alike}\n\n{long}filed")
    shown = "\n".join(table(one, 100))
    assert "Paragraph" not in shown
    assert "(5 paragraphs alike)" in shown
    assert shown.count("word") == 400
    assert "noted" in shown
    assert "filed" in shown
    assert all(cells(line) <= 100 for line in shown.split("\n"))


def test_what_is_absent_is_said_once() -> None:
    shown = "\n".join(table(conflict(None, "a\n\nb", "a\n\nc"), 100))
    assert shown.count("(nothing)") == 1
    assert table(conflict("x", None, "y"), 100)[-1].split(" | ")[1].strip() == "(nothing)"


def test_lists_are_seen_whole_while_they_are_short() -> None:
    words = (("- a", "- b"), ("- a", "- b", "- c"), ("- b", "- a"))
    shown = "\n".join(table(conflict(["a"], ["b"], ["c"], words), 100))
    assert "alike" not in shown
    many = tuple(f"- {number}" for number in range(9))
    shown = "\n".join(table(conflict([1], [2], [3], ((*many, "- x"), (*many, "- y"), (*many, "- z"))), 100))
    assert "(9 lines alike)" in shown


@pytest.mark.parametrize("width", [1, 20, 59, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    wide = "\u65e5\u672c\u8a9e " * 20
    one = conflict(wide, wide + "\x1b[2J", wide + "\U0001f469\u200d\U0001f467", place="Goal", name="Run")
    lines = table(one, width)
    assert all(cells(line) <= max(width, 18) for line in lines)
    assert "\x1b" not in "".join(lines)
    assert ("    note:" in lines) == (width < 60)


@pytest.mark.parametrize("removed_by_us", [True, False])
def test_of_a_removal_that_meets_no_more_than_text_of_the_notes_own_no_field_is_shown(removed_by_us: bool) -> None:
    value = {"name": "Morning run", "goal": "Bread against coins."}
    mine, other = (None, value) if removed_by_us else (value, None)
    one = OpenConflict("a/b", "", "", "", value, mine, other, "theirs feature", name="Morning run", place="The journey")
    shown = "\n".join(table(one, 200))
    remover, editor = ("ours", "theirs feature") if removed_by_us else ("theirs feature", "ours")
    assert (
        f"Removed by {remover}; changed since by {editor}, but in no field: only in text of the note's own, or" in shown
    )
    assert "coins" not in shown


def test_columns_are_headed_by_who_says_it() -> None:
    assert [cell.strip() for cell in table(conflict("a", "b", "c"), 100)[1].split(" | ")] == [
        "before",
        "note",
        "artifact file",
    ]
    branch = table(conflict("a", "b", "c", from_="theirs feature/x"), 100)
    assert [cell.strip() for cell in branch[1].split(" | ")] == ["before", "theirs feature/x", "ours"]


def test_commands_are_quoted_for_a_shell() -> None:
    odd = OpenConflict("a/it's", "", "", "/stages/a b/$(x)", 1, 2, 3, "note")
    assert commands([odd], ("--vault", "/my vault")) == [
        "twinpage resolve 'a/it'\"'\"'s' --vault '/my vault' --take note",
        "twinpage resolve 'a/it'\"'\"'s' --vault '/my vault' --take file",
        "twinpage resolve 'a/it'\"'\"'s' --vault '/my vault' --field '/stages/a b/$(x)=note'",
        "twinpage resolve 'a/it'\"'\"'s' --vault '/my vault' --edit",
    ]
    whole = OpenConflict("a", "", "", "", {}, {"name": "x"}, None, "note")
    assert commands([whole], ()) == ["twinpage resolve a --take note", "twinpage resolve a --take file"]
    mixed = commands([odd, OpenConflict("a", "", "", "/x", 1, 2, 3, "theirs b")], ())
    assert [line.rpartition(" ")[2] for line in mixed[:4]] == ["note", "file", "theirs", "ours"]
