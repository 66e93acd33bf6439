"""The baseline accepts what it names and hides nothing else, in whatever form git merged it."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twinpage.core.flags.baseline import accept, read, write
from twinpage.model.flag import Flag


def flag(artifact: str = "a/b", pointer: str = "/goal", code: str = "TP301", line: int = 1) -> Flag:
    return Flag(code, "some-name", "warning", f"{artifact}.md", line, 1, artifact, pointer, "It lacks.", "Because.")


def test_a_file_says_what_it_is_and_can_be_read_by_people():
    text = write([flag("z"), flag("a b|`#1`")]).decode()
    assert text.startswith("# Flags that are accepted for now")
    assert f"{flag('a b|`#1`').fingerprint}\tTP301\ta b|`#1`\t/goal\n" in text
    rows = [line for line in text.split("\n") if line and not line.startswith("#")]
    assert rows == sorted(rows)


def test_accepted_new_and_fixed():
    entries = read(write([flag("a"), flag("b")])).entries
    found = accept(entries, [flag("b", line=9), flag("c")])
    assert [one.artifact for one in found.accepted] == ["b"]
    assert [one.artifact for one in found.new] == ["c"]
    assert [entry.text for entry in found.fixed] == ["TP301\ta\t/goal"]


def test_one_entry_does_not_hide_a_second_flag_of_the_same_fingerprint():
    one = read(write([flag()])).entries
    assert [f.line for f in accept(one, [flag(line=3), flag(line=7)]).new] == [7]
    two = read(write([flag(), flag(line=2)])).entries
    found = accept(two, [flag(line=3), flag(line=7), flag(line=8)])
    assert ([f.line for f in found.accepted], [f.line for f in found.new]) == ([3, 7], [8])
    assert [entry.number for entry in accept(two, [flag()]).fixed] == [2]


def test_the_same_line_twice_counts_once():
    data = write([flag()])
    assert len(accept(read(data + data).entries, [flag(), flag()]).new) == 1


@pytest.mark.parametrize("code", ["TP901", "TP501"])
def test_conflicts_and_twins_that_differ_are_never_accepted(code):
    never = flag(code=code)
    assert never.fingerprint.encode() not in write([never])
    by_hand = read(f"{never.fingerprint}\t{code}\ta\t/goal\n".encode())
    assert by_hand.entries == ()
    assert by_hand.mistakes == (
        f"twinpage.baseline:1: {code} is never accepted, so this line does nothing; "
        "`twinpage check --prune-baseline` takes it out.",
    )
    bare = read(f"{never.fingerprint}\n".encode()).entries
    assert accept(bare, [never]).new == (never,)


@pytest.mark.parametrize(
    "line", ["nonsense", "0123", "g" * 16, "0" * 17, "0" * 16 + "-0", "\x1b[31m", "0" * 16 + " TP"]
)
def test_what_cannot_be_read_is_told_with_its_line_and_accepts_nothing(line):
    found = read(write([flag()]) + line.encode() + b"\n")
    assert len(found.entries) == 1
    assert [told.split(": ")[0] for told in found.mistakes] == ["twinpage.baseline:4"]


def test_markers_of_git_are_told_as_such_and_the_lines_between_count():
    lines = write([flag("a"), flag("b")]).split(b"\n")
    found = read(b"\n".join([b"<<<<<<< ours", lines[2], b"=======", lines[3], b">>>>>>> theirs"]))
    assert len(found.entries) == 2
    assert all("conflict marker" in told for told in found.mistakes)
    assert len(found.mistakes) == 3


def test_many_mistakes_are_told_by_number():
    mistakes = read(b"x\n" * 500).mistakes
    assert len(mistakes) == 21
    assert "480 more" in mistakes[-1]


def test_foreign_line_ends_a_bom_and_comments():
    data = b"\xef\xbb\xbf" + (write([flag()]) + b"# ours, till autumn\n").replace(b"\n", b"\r\n")
    found = read(data)
    assert (len(found.entries), found.mistakes, found.comments) == (1, (), ("# ours, till autumn",))
    again = write([flag()], found.comments)
    assert write([flag()], read(again).comments) == again


@given(
    st.lists(st.builds(flag, st.text(min_size=1, max_size=8), st.sampled_from(["", "/goal", "/a\tb\nc"])), max_size=8),
    st.integers(),
)
@example([flag(" ", "")], 0)
def test_what_was_written_accepts_just_that_in_any_order(flags, seed):
    lines = write(flags).split(b"\n")
    random.Random(seed).shuffle(lines)
    found = read(b"\n".join(lines))
    assert not found.mistakes
    told = accept(found.entries, flags)
    assert (told.accepted, told.new, told.fixed) == (tuple(flags), (), ())
    assert len(accept(found.entries, [*flags, *flags]).new) == len(flags)
