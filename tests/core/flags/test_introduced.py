"""Flags told apart: new, gone, standing."""

from __future__ import annotations

import random

from msgspec.structs import replace

from twinpage.core.flags.introduced import compare_flags
from twinpage.model.flag import Flag


def flag(
    path: str = "a.md", line: int = 1, message: str = "It lacks a goal.", artifact: str = "a", at: str = ""
) -> Flag:
    return Flag("TP305", "empty-section", "info", path, line, 1, artifact, at, message, "Because.")


def test_a_flag_stays_the_same_where_its_line_or_its_note_moved() -> None:
    moved = flag("b.md", 9, "It lacks a goal, still.")
    compared = compare_flags([flag()], [moved])
    assert (compared.introduced, compared.resolved, compared.standing) == ((), (), (moved,))


def test_another_artifact_or_field_is_another_flag() -> None:
    old, new = flag(at="/goal"), [flag(at="/scenario"), flag(artifact="b", at="/goal")]
    compared = compare_flags([old], new)
    assert (compared.introduced, compared.resolved, compared.standing) == (tuple(new), (old,), ())


def test_a_file_that_is_no_artifact_is_known_by_its_path() -> None:
    assert compare_flags([flag(artifact="")], [flag("b.md", artifact="")]).introduced != ()


def test_of_several_with_one_fingerprint_the_new_one_is_told() -> None:
    first, second, third = (flag(line=line, message=f"{line}.") for line in (1, 2, 3))
    compared = compare_flags([second, third], [first, replace(second, line=7), replace(third, line=8)])
    assert compared.introduced == (first,)
    assert compared.resolved == ()
    compared = compare_flags([first, second, third], [replace(second, line=7)])
    assert compared.resolved == (first, third)


def test_twins_that_differ_in_more_than_before_are_introduced() -> None:
    old = replace(flag(message="a says something else: goal."), code="TP501")
    more = replace(old, message="a says something else: goal and scenario.")
    assert compare_flags([old], [replace(old, line=9)]).introduced == ()
    assert compare_flags([old], [more]).introduced == (more,)


def test_nothing_is_told_twice_or_forgotten() -> None:
    chance = random.Random(5)
    for _ in range(200):
        before, after = (
            [flag(line=chance.randrange(3), message=chance.choice("xy"), at=chance.choice("pq")) for _ in range(size)]
            for size in (chance.randrange(8), chance.randrange(8))
        )
        compared = compare_flags(before, after)
        assert len(compared.introduced) + len(compared.standing) == len(after)
        assert len(compared.resolved) + len(compared.standing) == len(before)
        back = compare_flags(after, before)
        assert len(back.introduced) == len(compared.resolved)
