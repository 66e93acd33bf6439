"""Half-typed structure must not delete: TP521."""

from __future__ import annotations

from pathlib import Path

import pytest
from lens_cases import Names

from twinpage.core import lens
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.model.problem import Problem, line_and_column

NAMES = Names({"orbit-works": "Orbit Works", "orbit-works/profiles/launch-buyer": "Launch buyer"})
SAMPLES = Path(__file__).parent / "samples"


def lost(kinds: Registry, dialect: str, *changes: tuple[str, str]) -> tuple[str, tuple[Problem, ...]]:
    kind = kinds.kind("journey")
    assert kind is not None
    text = (SAMPLES / f"journey.{dialect}.md").read_text(encoding="utf-8")
    base = lens.get(DIALECTS[dialect].parse("", text), kind, NAMES).value
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    page = DIALECTS[dialect].parse("", text)
    return text, lens.lost_structure(page, lens.get(page, kind, NAMES, base), base)


@pytest.mark.parametrize("dialect", list(DIALECTS))
@pytest.mark.parametrize(
    ("before", "after", "pointer"),
    [
        ("## Stages", "## Steps", "/stages"),
        ("### Awareness", "### ", "/stages"),
        ("### Awareness", "#### Awareness", "/stages"),
        ("### Contract", "#### Contract", "/stages"),
        ("### Contract", "Contract", "/stages"),
        ("### Contract", "### ", "/stages"),
        ("## Goal", "## Aim", "/goal"),
        ("- Pains", "- Pain things", "/stages/awareness/pains"),
        ("- Touchpoints", "- Touch", "/stages/awareness/touchpoints"),
    ],
)
def test_text_that_lost_its_heading_is_held(
    kinds: Registry, dialect: str, before: str, after: str, pointer: str
) -> None:
    text, problems = lost(kinds, dialect, (before, after))
    assert [(p.code, p.pointer, p.holds) for p in problems] == [("TP521", pointer, True)]
    line = line_and_column(text, problems[0].offset)[0]
    assert f"line {line}" in problems[0].message


def test_the_message_names_heading_and_line(kinds: Registry) -> None:
    _, (problem,) = lost(kinds, "obsidian", ("## Goal", "## Aim"))
    assert problem.message == (
        "Goal is no longer found, but its text still stands in line 15 below “Aim”. "
        "Mend its heading or bullet, or remove the text as well."
    )


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_of_a_whole_list_the_heading_above_it_is_named(kinds: Registry, dialect: str) -> None:
    _, (problem,) = lost(kinds, dialect, ("## Stages", "## Steps"))
    assert problem.message.startswith("Stages is no longer found, but its text still stands in line ")
    assert "below “Steps”. Mend its heading" in problem.message


STAGE = "### Contract\nLawyers on both sides.\n\n- Id: signing\n- Emotion: -1\n- Moment of truth: yes\n"


@pytest.mark.parametrize(
    "changes",
    [
        [(STAGE, "")],
        [("## Goal\nGet a payload to orbit without a scandal.\n\n", "")],
        [("Get a payload to orbit", "Bring a payload to orbit")],
        [("- Pains:\n\t- Too many suppliers\n", "")],
        [("### Contract\n", "### Signing the contract\n")],
        [("\t- Website\n", ""), ("- Moment of truth: yes", "- Touchpoints:\n\t- Website")],
        [(STAGE, ""), ("### Awareness", STAGE + "\n### Awareness")],
        [("A colleague confirms it.", "A colleague confirms it, twice.")],
    ],
)
def test_honest_edits_are_not_held(kinds: Registry, changes: list[tuple[str, str]]) -> None:
    assert lost(kinds, "obsidian", *changes)[1] == ()


def test_nothing_is_lost_without_a_base(kinds: Registry) -> None:
    kind = kinds.kind("journey")
    assert kind is not None
    page = DIALECTS["obsidian"].parse("", "## Goal\nx\n")
    assert lens.lost_structure(page, lens.get(page, kind, NAMES), {}) == ()
