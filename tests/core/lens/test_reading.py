"""Reading as people write: generously, and never as a guess."""

from __future__ import annotations

import pytest
from lens_cases import Names

from twinpage.core import lens
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.model.kind import Value
from twinpage.model.page import Page
from twinpage.model.problem import line_and_column
from twinpage.model.reading import Reading

NAMES = Names({"orbit-works": "Orbit Works", "orbit-works/profiles/buyer": "Buyer"})


@pytest.fixture
def read(kinds: Registry):  # type: ignore[no-untyped-def]
    def reader(dialect: str, text: str, reference: Value | None = None, kind: str = "journey") -> tuple[Page, Reading]:
        page = DIALECTS[dialect].parse("note.md", text)
        found = kinds.kind(kind)
        assert found is not None
        return page, lens.get(page, found, NAMES, reference)

    return reader


STAGE = "## Stages\n### Awareness\n"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("- **Emotion:** 1", {"emotion": 1}),
        ("- **Emotion**: 1", {"emotion": 1}),
        ("* emotion:: +1", {"emotion": 1}),
        ("+ EMOTION: -2", {"emotion": -2}),
        ("- Emotion: high", {"emotion": "high"}),
        ("- Moment of truth: yes", {"moment-of-truth": True}),
        ("- moment-of-truth: False", {"moment-of-truth": False}),
        ("- Moment_of_truth: perhaps", {"moment-of-truth": "perhaps"}),
        ('- Channels: web, "a, b", [[c, d]]', {"channels": ["web", "a, b", "[[c, d]]"]}),
        ("- Channels:\n\t- web\n\t- phone", {"channels": ["web", "phone"]}),
        ("- Pains: only one", {"pains": ["only one"]}),
        ("- Thoughts:\n  - one\n  - two", {"thoughts": ["one", "two"]}),
        ("- Emotion:", {}),
        ("- Emotion:1", {"description": "- Emotion:1"}),
        ("\\- Emotion: 1", {"description": "- Emotion: 1"}),
        ("- See [[Emotion]]: 1", {"description": "- See [[Emotion]]: 1"}),
    ],
)
def test_a_field_of_an_item_in_obsidian(read, line: str, value: Value) -> None:  # type: ignore[no-untyped-def]
    _, reading = read("obsidian", STAGE + line + "\n")
    assert reading.value == {"stages": [{"id": "awareness", "name": "Awareness", **value}]}


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("\t  emotion:: 1", {"emotion": 1}),
        ("\t  emotion:: 1\n\t  collapsed:: true\n\t  channels:: a, b", {"emotion": 1, "channels": ["a", "b"]}),
        ("\t\t- Emotion: 1", {"emotion": 1}),
        ("\t\t- Pains\n\t\t\t- one", {"pains": ["one"]}),
        ("\t\t- **Pains:**\n\t\t\t- one", {"pains": ["one"]}),
        ("\t  Two lines\n\t  of text.", {"description": "Two lines\nof text."}),
        ("\t\t- One.\n\t\t- Two.\n\t\t\t- a\n\t\t\t\t- b", {"description": "One.\n\nTwo.\n- a\n  - b"}),
        ("\t\t- One.\n\t\t  id:: 6553\n\t\t  more", {"description": "One.\nmore"}),
        ("\t\t- key:\\: v", {"description": "key:: v"}),
        ("\t\t- \\## no heading", {"description": "## no heading"}),
        ("\t\t- * a list", {"description": "- a list"}),
        ("\t\t- <!-- mine -->\n\t\t- One.", {"description": "<!-- mine -->\n\nOne."}),
        ("\t  <!-- mine -->\n\t\t- One.", {"description": "One."}),
    ],
)
def test_a_block_in_logseq(read, block: str, value: Value) -> None:  # type: ignore[no-untyped-def]
    _, reading = read("logseq", f"- ## Stages\n\t- ### Awareness\n{block}\n- ## Mine")
    assert reading.value == {"stages": [{"id": "awareness", "name": "Awareness", **value}]}


@pytest.mark.parametrize(
    "heading", ["## Stages", "# 🚀 STAGES", "##### stages:", "## **Stages**", "## Stages (draft)", "## stages_ ##"[:10]]
)
def test_a_section_is_found_by_its_words(read, heading: str) -> None:  # type: ignore[no-untyped-def]
    level = len(heading) - len(heading.lstrip("#"))
    _, reading = read("obsidian", f"{heading}\n{'#' * (level + 1)} One\n")
    assert reading.value == {"stages": [{"id": "one", "name": "One"}]}


def test_only_headings_one_level_below_are_items(read) -> None:  # type: ignore[no-untyped-def]
    text = "## Stages\n#### Too deep\n### One\ntext\n#### Part of it\nmore\n## Mine\n### Not one\n# Goal\nx\n"
    _, reading = read("obsidian", text)
    assert reading.value == {
        "goal": "x",
        "stages": [{"id": "one", "name": "One", "description": "text\n#### Part of it\nmore"}],
    }


def test_a_second_section_is_the_notes_own(read) -> None:  # type: ignore[no-untyped-def]
    page, reading = read("obsidian", "## Goal\nfirst\n## Goals\nx\n## goal\nsecond\n")
    assert reading.value == {"goal": "first"}
    (problem,) = reading.problems
    assert (problem.code, problem.pointer, line_and_column(page.text, problem.offset)) == ("TP103", "/goal", (5, 1))


def test_text_after_the_fields_is_the_notes_own(read) -> None:  # type: ignore[no-untyped-def]
    text = "## Stages\n### One\ntext\n- Emotion: 1\n\nlater\n- and this\n%% but no remark %%\n- Owner: Mia\n"
    page, reading = read("obsidian", text)
    assert reading.value["stages"] == [
        {"id": "one", "name": "One", "description": "text", "emotion": 1, "owner": "Mia"}
    ]
    assert [(p.code, p.pointer) for p in reading.problems] == [("TP307", "/stages/one")]
    assert page.text[reading.problems[0].offset :].startswith(("later", "- and this"))


@pytest.mark.parametrize(
    ("dialect", "text", "line"),
    [
        ("obsidian", "## Stages\n\n%% a remark %%\nNot yet a stage\nmore\n### One\ntext\n", 4),
        ("obsidian", "## Stages\n#### Too deep\n", 2),
        ("logseq", "- ## Stages\n\t- ### One\n\t\t- text\n\t- Not yet a stage\n\t- nor this\n", 4),
    ],
)
def test_text_that_is_in_no_item_is_told_once(read, dialect, text, line) -> None:  # type: ignore[no-untyped-def]
    page, reading = read(dialect, text)
    (problem,) = reading.problems
    assert (problem.code, problem.pointer, line_and_column(page.text, problem.offset)[0]) == ("TP307", "/stages", line)
    assert problem.message.endswith("An item begins with its name: `### Name`.")


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("obsidian", "## Stages\n\n%% a remark %%\n![[Picture]]\n\n### One\ntext\n"),
        ("logseq", "- ## Stages\n\t- {{embed [[Picture]]}}\n\t- ### One\n\t-\n"),
    ],
)
def test_what_is_no_text_among_items_is_not_told(read, dialect, text) -> None:  # type: ignore[no-untyped-def]
    assert read(dialect, text)[1].problems == ()


def test_an_id_below_text_of_ones_own_is_not_this_items(read) -> None:  # type: ignore[no-untyped-def]
    text = "## Stages\n### One\n- Emotion: 1\n#### Two\nLawyers.\n\n- Id: signing\n- Engagement: 3\n"
    _, reading = read("obsidian", text)
    assert reading.value["stages"] == [{"id": "one", "name": "One", "emotion": 1}]


@pytest.mark.parametrize(
    ("written", "value", "held"),
    [
        ('"[[Buyer]]"', "orbit-works/profiles/buyer", ()),
        ("[[Buyer]]", "orbit-works/profiles/buyer", ()),
        ('"[[Buyer|the buyer]]"', "orbit-works/profiles/buyer", ()),
        ('"[[Buyer#Goals]]"', "orbit-works/profiles/buyer", ()),
        ("orbit-works/profiles/buyer", "orbit-works/profiles/buyer", ()),
        ("not/yet/there", "not/yet/there", ()),
        ("Buyer", None, ("/profile",)),
        ('"[[Nobody]]"', None, ("/profile",)),
    ],
)
def test_a_reference(read, kinds: Registry, written: str, value: str | None, held: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    page, reading = read("obsidian", f"---\nprofile: {written}\n---\n## Goal\nx\n")
    assert (reading.value.get("profile"), reading.held) == (value, held)
    assert [p.facts for p in reading.problems] == [(written.strip('"[]'), written.strip('"'))] * len(held)
    kind = kinds.kind("journey")
    assert kind is not None
    after = lens.put(page, kind, {"profile": "orbit-works", "goal": "y"}, NAMES)
    assert (f"profile: {written}\n" in after) == bool(held)
    assert "## Goal\ny\n" in after


def test_a_date_may_be_a_link(read) -> None:  # type: ignore[no-untyped-def]
    assert read("logseq", "last-reviewed:: [[2026-03-01]]\n")[1].value == {"last-reviewed": "2026-03-01"}


def test_a_choice_is_known_in_any_case(read) -> None:  # type: ignore[no-untyped-def]
    _, reading = read("obsidian", "---\nmodel: Planned\nhorizon: As is\nstatus: In_progress\n---\n")
    assert reading.value == {"model": "planned", "horizon": "as-is", "status": "in-progress"}


def test_embeds_are_no_values(read) -> None:  # type: ignore[no-untyped-def]
    assert read("obsidian", "## Goal\n![[Other]]\n\n## Expectations\n- ![[One]]\n- two\n")[1].value == {
        "expectations": ["two"]
    }
    assert read("logseq", "- ## Goal\n\t- {{embed [[Other]]}}\n- ## Exit\n\t- \\{{embed [[x]]}}\n")[1].value == {
        "exit": "{{embed [[x]]}}"
    }


def test_positions_by_pointer(read) -> None:  # type: ignore[no-untyped-def]
    text = (
        "---\nrank: 3\n---\n## Goal\nx\n## Stages\n### One\ny\n- Emotion: 1\n"
        "- Touchpoints:\n\t- Web\n\t\t- Channel: app\n- Pains:\n\t- a\n\t- b\n"
    )
    page, reading = read("obsidian", text)
    lines = {
        pointer: line_and_column(text, offset) if (offset := reading.offset_of(pointer)) is not None else None
        for pointer in (
            "",
            "/rank",
            "/goal",
            "/stages",
            "/stages/one",
            "/stages/one/name",
            "/stages/one/description",
            "/stages/one/emotion",
            "/stages/one/touchpoints/web/channel",
            "/stages/one/pains/1",
            "/stages/two",
            "/exit",
            "/stages/one/duration",
        )
    }
    assert lines == {
        "": (1, 1),
        "/rank": (2, 7),
        "/goal": (4, 1),
        "/stages": (6, 1),
        "/stages/one": (7, 1),
        "/stages/one/name": (7, 5),
        "/stages/one/description": (7, 8),
        "/stages/one/emotion": (9, 12),
        "/stages/one/touchpoints/web/channel": (12, 14),
        "/stages/one/pains/1": (15, 2 - 1),
        "/stages/two": None,
        "/exit": None,
        "/stages/one/duration": None,
    }
    assert page.text == text


# --- ids


def ids(read, text: str, reference: Value) -> list[str]:  # type: ignore[no-untyped-def]
    return [stage["id"] for stage in read("obsidian", text, reference)[1].value["stages"]]


BASE: Value = {
    "stages": [
        {"id": "a", "name": "First", "description": "They hear of us at a fair."},
        {"id": "b", "name": "Second", "description": "They ask for an offer.", "emotion": 1},
        {"id": "c", "name": "Third"},
    ]
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("### First\n### Second\n### Third\n", ["a", "b", "c"]),
        ("### Third\n### First\n### Second\n", ["c", "a", "b"]),
        ("### First\n### Other\nThey ask for an offer.\n\n- Emotion: 2\n### Third\n", ["a", "b", "c"]),
        ("### First\n### Other\nNothing alike whatever.\n### Third\n", ["a", "other", "c"]),
        ("### First\n### Second\n### Thirds\n", ["a", "b", "c"]),
        ("### First\n### New\n### Second\n### Third\n", ["a", "new", "b", "c"]),
        ("### First\n- Id: x\n### Second\n### Third\n", ["x", "b", "c"]),
        ("### Same\n- Id: b\n### Same\n", ["b", "same"]),
        ("### Same\n### Same\n### Same\n", ["same", "same-2", "same-3"]),
        ("### C\n", ["c-2"]),
    ],
)
def test_items_keep_their_ids(read, text: str, wanted: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert ids(read, "## Stages\n" + text, BASE) == wanted
