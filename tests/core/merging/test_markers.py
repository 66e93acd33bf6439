"""git's conflict markers: found, told apart from text, and read as two versions."""

from __future__ import annotations

import pytest

from twinpage.core.merging.markers import Broken, Hunk, Sides, git_markers, has_any, identity, sides
from twinpage.dialects import DIALECTS

PLAIN = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n"


def test_where_a_conflict_begins() -> None:
    assert git_markers("text\n" + PLAIN) == 5
    assert git_markers("- a\n" + "".join(f"  {line}\n" for line in PLAIN.split("\n"))) == 4
    assert git_markers("\r\n" + PLAIN.replace("\n", "\r\n")) == 2
    for harmless in ("", "Title\n=======\n", "<<<<<<< HEAD\n", "a <<<<<<< HEAD\n=======\nx\n", "<<<<<<<HEAD"):
        assert git_markers(harmless) is None
        assert sides(harmless) is None or isinstance(sides(harmless), Broken)


@pytest.mark.parametrize("number", range(5))
def test_a_conflict_that_lost_a_line_is_still_one(number: int) -> None:
    lines = PLAIN.split("\n")
    left = "\n".join([*lines[:number], *lines[number + 1 :]])
    assert git_markers(left) is not None
    assert isinstance(sides(left), Broken) == (lines[number][:1] in "<=>")


def test_both_versions() -> None:
    text = f"before\n{PLAIN}between\n<<<<<<< HEAD\n=======\nmore\n>>>>>>> branch\nafter"
    assert sides(text) == Sides(
        ours="before\nours\nbetween\nafter",
        theirs="before\ntheirs\nbetween\nmore\nafter",
        base=None,
        hunks=(Hunk((7, 12), (7, 14), None), Hunk((20, 20), (22, 27), None)),
        label="branch",
    )


def test_what_was_before() -> None:
    was = "was\n<<<<<<<<< Temporary merge branch 1\n"
    text = f"a\n<<<<<<< HEAD\nours\n||||||| 1234567\n{was}=======\ntheirs\n>>>>>>> b c\n"
    found = sides(text)
    assert isinstance(found, Sides)
    assert (found.ours, found.theirs) == ("a\nours\n", "a\ntheirs\n")
    assert found.base == f"a\n{was}"
    assert found.label == "b c"


def test_line_ends_and_indentation_are_kept() -> None:
    found = sides("x\r\n" + PLAIN.replace("\n", "\r\n"))
    assert isinstance(found, Sides)
    assert (found.ours, found.theirs) == ("x\r\nours\r\n", "x\r\ntheirs\r\n")
    assert isinstance(sides("\t<<<<<<< HEAD\n\ta\n\t=======\n\tb\n\t>>>>>>> x\n"), Sides)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a\n<<<<<<< HEAD\nb\n", 2),
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n", 2),
        ("a\n>>>>>>> x\n", 2),
        ("<<<<<<< HEAD\n<<<<<<< HEAD\n=======\n>>>>>>> x\n", 13),
        ("<<<<<<< HEAD\n>>>>>>> x\n", 13),
        ("<<<<<<< HEAD\n=======\n=======\n>>>>>>> x\n", 21),
        ("<<<<<<< HEAD\n||||||| b\n||||||| b\n=======\n>>>>>>> x\n", 23),
    ],
)
def test_markers_that_do_not_belong_together(text: str, offset: int) -> None:
    found = sides(text)
    assert isinstance(found, Broken)
    assert found.offset == offset
    assert "git checkout --merge" in found.message


def test_lines_that_only_look_like_markers() -> None:
    assert not has_any("Title\n=======\n>>>>>> six\n<<<<<<<<< nine\n")
    assert has_any("> quote\n>>>>>>> seven\n")


@pytest.mark.parametrize(("dialect", "key"), [("obsidian", ": "), ("logseq", ":: ")])
def test_an_id_behind_markers(dialect: str, key: str) -> None:
    fence = "---\n" if dialect == "obsidian" else ""
    inner = f"artifact-id{key}topics/dough\nartifact-kind{key}topic\n"
    text = f"{fence}<<<<<<< HEAD\n{inner}mood{key}a\n=======\n{inner}mood{key}b\n>>>>>>> x\n{fence}"
    assert identity(DIALECTS[dialect], text) == ("topics/dough", "topic")
    assert identity(DIALECTS[dialect], "plain") == ("", "")
