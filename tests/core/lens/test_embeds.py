"""Embeds are added behind the last one and removed with their line; nothing else moves."""

from __future__ import annotations

import pytest

from twinpage.core import lens
from twinpage.dialects import DIALECTS
from twinpage.errors import Unwritable


@pytest.mark.parametrize(
    ("dialect", "before", "after"),
    [
        ("obsidian", "## Mine\nx\n", "## Mine\nx\n\n## 👉 Examples\n\n![[A]]\n![[B]]\n"),
        ("obsidian", "", "## 👉 Examples\n\n![[A]]\n![[B]]\n"),
        ("obsidian", "---\na: b\n---\n", "---\na: b\n---\n## 👉 Examples\n\n![[A]]\n![[B]]\n"),
        (
            "obsidian",
            "## Examples\n\n![[X|300]] mine\n\ntail\n",
            "## Examples\n\n![[X|300]] mine\n![[A]]\n![[B]]\n\ntail\n",
        ),
        ("obsidian", "## examples:\n\n## Mine\nx\n", "## examples:\n\n![[A]]\n![[B]]\n\n## Mine\nx\n"),
        ("obsidian", "# Examples\ntext\n## Mine\n![[Y]]\n", "# Examples\ntext\n## Mine\n![[Y]]\n![[A]]\n![[B]]\n"),
        ("obsidian", "## Examples\ntext\n", "## Examples\ntext\n\n![[A]]\n![[B]]\n"),
        ("obsidian", "## Examples\r\n![[A]]\r\n", "## Examples\r\n![[A]]\r\n![[B]]\r\n"),
        ("logseq", "- mine", "- mine\n- ## 👉 Examples\n\t- {{embed [[A]]}}\n\t- {{embed [[B]]}}"),
        ("logseq", "a:: b\n", "a:: b\n\n- ## 👉 Examples\n\t- {{embed [[A]]}}\n\t- {{embed [[B]]}}"),
        (
            "logseq",
            "- ## Examples\n\t- ### One\n\t  {{embed [[X]]}}\n\t- mine\n- ## More",
            "- ## Examples\n\t- ### One\n\t  {{embed [[X]]}}\n\t- {{embed [[A]]}}\n\t- {{embed [[B]]}}\n"
            "\t- mine\n- ## More",
        ),
        ("logseq", "- ## Examples\n  - mine", "- ## Examples\n  - mine\n  - {{embed [[A]]}}\n  - {{embed [[B]]}}"),
    ],
)
def test_missing_embeds_are_added(dialect: str, before: str, after: str) -> None:
    page = DIALECTS[dialect].parse("", before)
    assert lens.embed(page, "Examples", "👉", ["A", "B"]) == after
    again = DIALECTS[dialect].parse("", after)
    assert lens.embed(again, "Examples", "👉", ["A", "B"]) is again.text


@pytest.mark.parametrize(
    ("dialect", "before", "after"),
    [
        ("obsidian", "## Examples\n![[A]]\n![[B]]\n", "## Examples\n![[B]]\n"),
        ("obsidian", "- ![[A]]\nx\n", "x\n"),
        ("obsidian", "see ![[A]] here\n", "see  here\n"),
        ("obsidian", "- ![[A]]\n\t- mine\n", "- \n\t- mine\n"),
        ("logseq", "- x\n\t- {{embed [[A]]}}\n\t- y", "- x\n\t- y"),
        ("logseq", "- x\n\t- {{embed [[A]]}}\n\t  id:: 1\n\t- y", "- x\n\t- \n\t  id:: 1\n\t- y"),
        ("logseq", "- ### One\n  {{embed [[A]]}}\n- y", "- ### One\n- y"),
    ],
)
def test_an_embed_is_removed_with_its_line(dialect: str, before: str, after: str) -> None:
    page = DIALECTS[dialect].parse("", before)
    link = next(link for link in page.links if link.embed and link.target == "A")
    assert lens.unembed(page, link.start, link.end) == after


def test_what_is_no_embed_is_not_removed() -> None:
    page = DIALECTS["obsidian"].parse("", "[[A]] and more")
    with pytest.raises(Unwritable):
        lens.unembed(page, 0, 5)
