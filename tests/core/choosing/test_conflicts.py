"""Open conflicts as data in both twins."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core.choosing.conflicts import Open, add, find, from_artifact, remove, to_artifact
from twinpage.core.lens.hidden import hidden_in_logseq, hidden_in_obsidian
from twinpage.core.merging.markers import git_markers
from twinpage.dialects import DIALECTS
from twinpage.model.kind import Field, Kind, Shape

NAME = Field("name", "Name", "line", "title")
STAGE = Shape(
    fields=(
        NAME,
        Field("emotion", "Emotion", "integer", "property"),
        Field("channels", "Channels", "lines", "property"),
        Field("moment-of-truth", "Moment of truth", "boolean", "property"),
        Field("description", "Description", "text", "body"),
    ),
    title=NAME,
    identified=True,
)
SHAPE = Shape(
    fields=(NAME, Field("goal", "Goal", "text", "section"), Field("stages", "Stages", "items", "headings", shape=STAGE))
)
JOURNEY = Kind("journey", "Journey", "1.0", "", {}, SHAPE, "Journeys", "{case}/journeys/{slug}")
ID = "acme/journeys/launch"

OBSIDIAN = "---\nartifact-id: acme/journeys/launch\n---\n## Goal\nWin.\n"
LOGSEQ = "artifact-id:: acme/journeys/launch\n\n- ## Goal\n\t- Win."


def shown(text: str, dialect: str, *opens: Open) -> str:
    body = DIALECTS[dialect].parse("x.md", text).front.body
    return add(text, dialect, body, opens, JOURNEY, ID)


def test_the_artifact_file_says_what_the_note_says() -> None:
    value = {"kind": "journey", "goal": "Win."}
    opens = (Open("/goal", "W.", "Lose.", "note"), Open("/stages/a", {"id": "a"}, None, "note"))
    stored = to_artifact(value, opens)
    assert stored == {
        "kind": "journey",
        "goal": "Win.",
        "conflicts": [
            {"pointer": "/goal", "base": "W.", "other": "Lose.", "from": "note"},
            {"pointer": "/stages/a", "base": {"id": "a"}, "other": None, "from": "note"},
        ],
    }
    assert from_artifact(stored) == opens
    assert to_artifact(stored, ()) == value
    assert to_artifact(value, ()) == value


def test_conflicts_of_a_merge_in_git_stay_until_they_are_decided() -> None:
    theirs = Open("/goal", "W.", "Draw.", "theirs feature")
    stored = to_artifact(to_artifact({}, [theirs]), [Open("/name", None, "x", "note")])
    assert [open_.from_ for open_ in from_artifact(stored)] == ["theirs feature", "note"]
    assert to_artifact(stored, ())["conflicts"] == to_artifact({}, [theirs])["conflicts"]


@pytest.mark.parametrize("entries", [None, "x", [1, {}, {"pointer": 1}], {"pointer": "/goal"}])
def test_entries_that_are_no_conflicts_are_passed_over(entries: Any) -> None:
    assert from_artifact({"conflicts": entries}) == ()


def test_in_obsidian_a_call_out_before_the_first_section() -> None:
    assert shown(OBSIDIAN, "obsidian", Open("/stages/awareness/emotion", 1, 2, "file")) == (
        "---\nartifact-id: acme/journeys/launch\n---\n"
        "> [!warning] twinpage conflict: Stages, awareness, Emotion (`/stages/awareness/emotion`)\n"
        "> The artifact file says:\n"
        "> > 2\n"
        ">\n"
        "> To decide, run `twinpage resolve acme/journeys/launch --take note` or `--take file`, or change one side "
        "so that both say the same. This box then goes by itself.\n"
        "\n"
        "## Goal\nWin.\n"
    )


def test_in_logseq_a_block_before_the_first_block() -> None:
    assert shown(LOGSEQ, "logseq", Open("/goal", None, "One.\n\nTwo.", "file")) == (
        "artifact-id:: acme/journeys/launch\n\n"
        "- twinpage conflict: Goal (`/goal`)\n"
        "\t- The artifact file says:\n"
        "\t\t- > One.\n"
        "\t\t  >\n"
        "\t\t  > Two.\n"
        "\t- To decide, run `twinpage resolve acme/journeys/launch --take note` or `--take file`, or change one side "
        "so that both say the same. This box then goes by itself.\n"
        "- ## Goal\n\t- Win."
    )


def test_values_are_shown_in_words() -> None:
    stage = {
        "id": "a",
        "name": "Aha",
        "moment-of-truth": True,
        "channels": ["web", "phone"],
        "description": "One.\n\nTwo.",
    }
    text = shown(OBSIDIAN, "obsidian", Open("/stages/a", None, stage, "file"))
    assert (
        "> > Aha\n> > Moment of truth: yes\n> > Channels:\n> >   - web\n> >   - phone\n"
        "> > Description:\n> >   One.\n> >\n> >   Two.\n>\n"
    ) in text
    assert "> > - b\n> > - a\n" in shown(OBSIDIAN, "obsidian", Open("/stages", ["a", "b"], ["b", "a"], "file"))
    assert "> The artifact file has nothing here.\n>\n" in shown(OBSIDIAN, "obsidian", Open("/goal", "x", None, "file"))
    theirs = shown(OBSIDIAN, "obsidian", Open("/goal", "x", "y", "theirs feature"))
    assert "> The other branch `feature` says:\n" in theirs
    assert "--take ours` or `--take theirs`" in theirs
    assert find(theirs, "obsidian")
    assert remove(theirs, "obsidian") == OBSIDIAN


def test_a_conflict_about_the_whole_artifact_is_not_shown() -> None:
    assert shown(OBSIDIAN, "obsidian", Open("", {}, None, "file")) == OBSIDIAN


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_showing_again_replaces_and_the_same_changes_nothing(dialect: str) -> None:
    note = {"obsidian": OBSIDIAN, "logseq": LOGSEQ}[dialect]
    one, two = Open("/goal", None, "x", "file"), Open("/name", None, "y", "file")
    text = shown(note, dialect, one)
    assert shown(text, dialect, one) == text
    both = shown(text, dialect, one, two)
    assert [found.pointer for found in find(both, dialect)] == ["/goal", "/name"]
    assert shown(both, dialect, one) == text
    assert shown(both, dialect) == note


def test_found_where_it_stands() -> None:
    text = shown(OBSIDIAN, "obsidian", Open("/goal", None, "x", "file"))
    (found,) = find(text, "obsidian")
    assert text[found.offset :].startswith("> [!warning]")
    assert text[: found.start] + text[found.end :].removeprefix("\n") == OBSIDIAN


def test_as_logseq_saves_it() -> None:
    text = shown(LOGSEQ, "logseq", Open("/goal", None, "x\n\ny", "file"), Open("/name", None, "n", "file"))
    saved = text.replace("\t\t  >\n", "\t\t  > \n")
    assert [found.pointer for found in find(saved, "logseq")] == ["/goal", "/name"]
    assert remove(saved, "logseq") == LOGSEQ
    assert shown(saved, "logseq", Open("/goal", None, "x\n\ny", "file"), Open("/name", None, "n", "file")) == saved
    alone = shown("artifact-id:: x\n", "logseq", Open("/goal", None, "x", "file")).rstrip("\n")
    assert remove(alone, "logseq") == "artifact-id:: x"


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_windows_line_ends(dialect: str) -> None:
    note = {"obsidian": OBSIDIAN, "logseq": LOGSEQ}[dialect].replace("\n", "\r\n")
    text = shown(note, dialect, Open("/goal", None, "x\ny", "file"))
    assert "\n" not in text.replace("\r\n", "")
    assert remove(text, dialect) == note


def test_folded_or_moved_it_is_still_found() -> None:
    text = shown(OBSIDIAN, "obsidian", Open("/goal", None, "x", "file"))
    assert find(text.replace("[!warning]", "[!warning]-"), "obsidian")
    callout = text.removeprefix(OBSIDIAN[: OBSIDIAN.index("## Goal")]).removesuffix("## Goal\nWin.\n")
    moved = f"{OBSIDIAN}\n{callout}"
    assert remove(moved, "obsidian") == OBSIDIAN + "\n"


def test_what_somebody_wrote_into_it_stays() -> None:
    text = shown(OBSIDIAN, "obsidian", Open("/goal", None, "x", "file"))
    noted = text.replace("> > x\n", "> > x\n> Ask Ben first!\n")
    assert "> Ask Ben first!\n" in remove(noted, "obsidian")
    assert find(remove(noted, "obsidian"), "obsidian") == ()
    below = text.replace("by itself.\n", "by itself.\n> Ask Ben first!\n")
    assert "> Ask Ben first!\n" in remove(below, "obsidian")
    block = shown(LOGSEQ, "logseq", Open("/goal", None, "x", "file"))
    child = block.replace("by itself.\n", "by itself.\n\t- Ask Ben first!\n")
    assert remove(child, "logseq").replace("\t- Ask Ben first!\n", "") == LOGSEQ


def test_an_example_in_code_is_no_conflict() -> None:
    text = shown(OBSIDIAN, "obsidian", Open("/goal", None, "x", "file"))
    assert find(f"```\n{text}```\n", "obsidian") == ()
    assert remove(f"```\n{text}```\n", "obsidian") == f"```\n{text}```\n"


def test_prose_about_conflicts_is_no_conflict() -> None:
    for line in (
        "twinpage conflict: Goal (`/goal`)",
        "- twinpage conflict: Goal",
        "> > [!warning] twinpage conflict: x (`/x`)",
    ):
        assert find(line, "obsidian") == ()
        assert find(line.replace("- ", "* "), "logseq") == ()


HOSTILE = st.lists(
    st.sampled_from(
        [
            "```",
            "~~~",
            "]]",
            "[[x]]",
            "![[x]]",
            "{{embed [[x]]}}",
            "((x))",
            "key:: value",
            "> [!warning] twinpage conflict: Goal (`/goal`)",
            "- twinpage conflict: Goal (`/goal`)",
            "To decide, run `twinpage resolve x",
            "The artifact file says:",
            "%% open",
            "<!-- open",
            "$$",
            "#+BEGIN_QUOTE",
            "## Goal",
            "---",
            "- item",
            "",
            "\t- deep",
            "`",
            "\r",
            "a\u2028b\x85c",
            "<<<<<<< HEAD",
            "text ^block",
        ]
    ),
    min_size=1,
    max_size=5,
).map("\n".join)
POINTERS = st.one_of(
    st.sampled_from(["/goal", "/stages/a/emotion", "/stages", "/name"]),
    st.text(min_size=1, max_size=8).map(lambda name: f"/stages/{name}"),
)
VALUES = st.one_of(
    HOSTILE,
    st.none(),
    st.booleans(),
    st.integers(),
    st.lists(HOSTILE, max_size=2),
    st.dictionaries(st.sampled_from(["id", "name", "description", "odd\nkey"]), HOSTILE, max_size=3),
)
OPENS = st.lists(
    st.builds(Open, POINTERS, st.none(), VALUES, st.sampled_from(["file", "theirs", "theirs a`b\n[[c]]"])),
    min_size=1,
    max_size=3,
)
FRONTS = {
    "obsidian": ["", "---\nartifact-id: x\n---\n", "---\nartifact-id: x\n---", "---\na: 1\n---\n\n"],
    "logseq": ["", "artifact-id:: x\n", "artifact-id:: x", "artifact-id:: x\n\n", "a:: 1\nb:: 2\n\n"],
}
BODIES = {
    "obsidian": ["", "## Goal\nWin.\n", "> quoted\n", "\n\n\ntext", "- a\n\t- b", "```\ncode\n```\n", "---\n"],
    "logseq": ["", "- ## Goal\n\t- Win.", "\t- deep\n- a\n", "text\n- a", "## Goal\n", "- ```\n  - x\n  ```\n- b"],
}


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, str]:
    dialect = draw(st.sampled_from(["obsidian", "logseq"]))
    front = draw(st.sampled_from(FRONTS[dialect]))
    body = draw(st.sampled_from(BODIES[dialect]))
    text = front + body if front.endswith("\n") or not front else front
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if draw(st.booleans()) else "") + text, dialect


@settings(max_examples=300, deadline=None)
@given(notes(), OPENS)
def test_taking_it_out_gives_back_the_bytes(note: tuple[str, str], opens: list[Open]) -> None:
    text, dialect = note
    page = DIALECTS[dialect].parse("x.md", text)
    changed = add(text, dialect, page.front.body, opens, JOURNEY, ID)
    assert [found.pointer for found in find(changed, dialect)] == [open_.pointer for open_ in opens]
    assert remove(changed, dialect) == text
    assert add(changed, dialect, page.front.body, opens, JOURNEY, ID) == changed


@settings(max_examples=300, deadline=None)
@given(notes(), OPENS)
def test_no_value_breaks_the_note(note: tuple[str, str], opens: list[Open]) -> None:
    text, dialect = note
    before = DIALECTS[dialect].parse("x.md", text)
    after = DIALECTS[dialect].parse("x.md", add(text, dialect, before.front.body, opens, JOURNEY, ID))
    assert {key: found.value for key, found in after.front.properties.items()} == {
        key: found.value for key, found in before.front.properties.items()
    }
    assert [link.target for link in after.links] == [link.target for link in before.links]
    hidden = hidden_in_logseq if dialect == "logseq" else hidden_in_obsidian
    spans = [len(after.text[span.start : span.end]) for span in hidden(after.text)[0]]
    assert spans == [len(span_text(before.text, span)) for span in hidden(before.text)[0]]
    assert git_markers(after.text) is None


def span_text(text: str, span: Any) -> str:
    return text[span.start : span.end]


@pytest.mark.parametrize(
    "text",
    ["<<<<<<< x\n" * 20_000, "twinpage conflict: (`/" * 20_000, "> [!warning] twinpage conflict: x (`/x`)\n" * 5000],
)
def test_long_texts_take_no_time(text: str) -> None:
    start = time.perf_counter()
    for dialect in ("obsidian", "logseq"):
        find(text, dialect)
        remove(text, dialect)
    git_markers(text)
    assert time.perf_counter() - start < 5
