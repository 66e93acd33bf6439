"""Logseq's pages: property lines, blocks as its own parser sees them, links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twinpage.core.lens.located import Block
from twinpage.core.lens.outline import blocks
from twinpage.dialects import DIALECTS
from twinpage.model.page import Page

SHARED = Path(__file__).resolve().parents[3] / "shared"


def parse(text: str) -> Page:
    return DIALECTS["logseq"].parse("page.md", text)


def starts(text: str) -> list[tuple[int, int, int | None, bool]]:
    """Blocks as (byte offset, level, heading size, bullet)."""
    page = parse(text)
    found: list[tuple[int, int, int | None, bool]] = []

    def walk(some: list[Block]) -> None:
        for block in some:
            at = block.start if block.heading >= 0 else block.start + len(block.ws)
            found.append((len(text[:at].encode()), block.width + 1, abs(block.heading) or None, block.heading >= 0))
            walk(list(block.kids))

    walk(blocks(page, 0, len(text))[0])
    return found


def test_blocks_are_those_of_logseq() -> None:
    answers = SHARED / "conformance" / "logseq-blocks.json"
    if not answers.is_file():
        pytest.skip("../shared is not there")
    checked = 0
    for name, wanted in json.loads(answers.read_text(encoding="utf-8")).items():
        path = SHARED / "corpus" / "logseq-graph" / name
        if path.is_file():
            text = path.read_bytes().decode("utf-8-sig")
            assert starts(text) == [tuple(block) for block in wanted], name
            checked += len(wanted)
    assert checked > 1000


def test_blocks_by_hand() -> None:
    text = "title:: x\n\n- ## Goal\n  more\n\t- one\n\t* no block\n# bare\n-\n- ```\n  - code\n  ```\n"
    assert starts(text) == [
        (11, 1, 2, True),
        (28, 2, None, True),
        (47, 1, 1, False),
        (54, 1, None, True),
        (56, 1, None, True),
    ]


def test_page_properties_are_the_lines_before_the_first_block() -> None:
    text = "Artifact_ID:: a/b\nempty::\nnot a property\ncase:: [[X]], y  \n\n- name:: no\nname:: no\n"
    page = parse(text)
    assert {key: found.value for key, found in page.properties.items()} == {
        "artifact-id": "a/b",
        "empty": "",
        "case": "[[X]], y",
    }
    found = page.properties["case"]
    assert text[found.value_start : found.value_end] == "[[X]], y"
    assert text[page.front.insert :].startswith("\n- name")


def test_the_first_of_two_properties_counts() -> None:
    assert parse("name:: one\nname:: two\n").property("name") == "one"


def test_links_and_embeds() -> None:
    text = (
        "- {{embed [[One]]}} [[Two]] ![[Three]] #[[Four]] [[]] `[[no]]` [[C# notes]] \\[[no]]\n  ```\n  [[no]]\n  ```\n"
    )
    assert [(link.target, link.embed) for link in parse(text).links] == [
        ("One", True),
        ("Two", False),
        ("Three", False),
        ("Four", False),
        ("", False),
        ("C# notes", False),
    ]
    first = parse(text).links[0]
    assert text[first.start : first.end] == "{{embed [[One]]}}"


def test_a_fence_that_is_never_closed_is_none_but_holds_the_page() -> None:
    page = parse("- ```py\n  x\n- ## Goal\n")
    assert [problem.code for problem in page.problems] == ["TP001"]
    assert len(starts(page.text)) == 2


def test_an_unclosed_quotation_block_is_text() -> None:
    assert parse("- #+BEGIN_QUOTE\n  x\n- $$\n- :LOGBOOK:\n").problems == ()


@pytest.mark.parametrize("key", ["artifact-id", "artifact-kind"])
def test_properties_as_another_app_writes_them_are_told(key: str) -> None:
    text = f"---\ntitle: Rye\n{key}: topic\n---\n\n- ## Text\n\t- Dark.\n"
    (problem,) = parse(text).problems
    assert (problem.code, problem.holds, text[problem.offset :].startswith(key)) == ("TP001", True, True)
    assert f"`{key}:: value`" in problem.message


@pytest.mark.parametrize(
    "text", ["---\ntitle: Rye\n---\n", "- ---\n- artifact-kind: topic\n", "---\n---\nartifact-id: x\n"]
)
def test_front_matter_that_is_no_twin_s_is_nobody_s_business(text: str) -> None:
    assert parse(text).problems == ()
