"""Writing: a text, a value, the text after."""

from __future__ import annotations

import pytest
from lens_cases import Names

from twinpage.core import lens
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.errors import Unwritable
from twinpage.model.kind import Value

NAMES = Names({"orbit-works": "Orbit Works"})


def put(kinds: Registry, dialect: str, text: str, changes: Value) -> str:
    kind = kinds.kind("journey")
    assert kind is not None
    page = DIALECTS[dialect].parse("note.md", text)
    value = lens.get(page, kind, NAMES).value
    merged = {key: part for key, part in {**value, **changes}.items() if part is not None}
    return lens.put(page, kind, merged, NAMES, value)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("---\nrank: 3 # mine\n---\n", {"rank": 4}, "---\nrank: 4 # mine\n---\n"),
        ("---\nrank: 3 # mine\nb: 1\n---\n", {"rank": None}, "---\n# mine\nb: 1\n---\n"),
        ("---\nb: 1\n---\n", {"owner": "007"}, '---\nb: 1\nowner: "007"\n---\n'),
        ("---\nb: 1\n---\n", {"last-reviewed": "2026-01-01"}, "---\nb: 1\nlast-reviewed: 2026-01-01\n---\n"),
        ("text\n", {"rank": 1}, "---\nrank: 1\n---\ntext\n"),
        ("\ufefftext\n", {"rank": 1}, "\ufeff---\nrank: 1\n---\ntext\n"),
        ("---\ntags: [a, b] # x\n---\n", {"tags": ["a", "c"]}, "---\ntags:\n  - a\n  - c # x\n---\n"),
        (
            "---\ntags:\n  - a # one\n  # two\n  - b\n---\n",
            {"tags": ["a", "c", "d"]},
            "---\ntags:\n  - a # one\n  # two\n  - c\n  - d\n---\n",
        ),
        ("---\ntags:\n  - a # one\n  - b\n---\n", {"tags": ["b"]}, "---\ntags:\n  # one\n  - b\n---\n"),
        ("## Mine\nx\n", {"goal": "y"}, "## Mine\nx\n\n## Goal\ny\n"),
        ("## Goal\n%% mine %%\nx\n", {"goal": "y\nz"}, "## Goal\n%% mine %%\ny\nz\n"),
        ("## Goal\nx\n%% mine %%\n", {"goal": None}, "## Goal\n%% mine %%\n"),
        ("a\n\n## Goal\nx\n\n## Mine\ny\n", {"goal": None}, "a\n\n## Mine\ny\n"),
        (
            "## Goal\nx\n## Stages\n### One\n",
            {"goal": "# a\n## b\n### c\n- d: e\n%% f\n```\n# g\n```\n```"},
            "## Goal\n\\# a\n\\## b\n### c\n- d: e\n\\%% f\n```\n# g\n```\n\\```\n## Stages\n### One\n",
        ),
        ("## Stages\n### One\n", {"stages": [{"id": "x", "name": "One"}]}, "## Stages\n\n### One\n- Id: x\n"),
        (
            "## Stages\n### One\ntext\n- Emotion: 1\nmine\n\n### Two\n",
            {"stages": [{"id": "two", "name": "Two"}]},
            "## Stages\n\n### Two\n\n## Kept\nmine\n",
        ),
    ],
)
def test_in_obsidian(kinds: Registry, before: str, changes: Value, after: str) -> None:
    assert put(kinds, "obsidian", before, changes) == after


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("rank:: 3\nb:: 1\n\n- x", {"rank": 4}, "rank:: 4\nb:: 1\n\n- x"),
        ("rank:: 3\nb:: 1\n\n- x", {"rank": None}, "b:: 1\n\n- x"),
        ("b:: 1\n\n- x", {"owner": "Mia"}, "b:: 1\nowner:: Mia\n\n- x"),
        ("- x", {"rank": 1}, "rank:: 1\n\n- x"),
        ("b:: 1\n\n- x", {"goal": "y\n\nz"}, "b:: 1\n\n- x\n- ## Goal\n\t- y\n\t- z"),
        ("b:: 1\n", {"goal": "y"}, "b:: 1\n\n- ## Goal\n\t- y"),
        ("- ## Goal\n  one\n- x", {"goal": "two\n\n- three"}, "- ## Goal\n  two\n  \n  * three\n- x"),
        (
            "- ## Goal\n\t- a\n\t  id:: 1\n\t- b\n\t  id:: 2",
            {"goal": "a\n\nc"},
            "- ## Goal\n\t- a\n\t  id:: 1\n\t- c\n\t  id:: 2",
        ),
        ("- ## Goal\n\t- a", {"goal": "key:: v\n# b\n- c"}, "- ## Goal\n\t- key:\\: v\n\t  \\# b\n\t\t- c"),
        (
            "  - ## Mine\n- ## Stages\n\t- ### One",
            {"goal": "y"},
            "  - ## Mine\n- ## Goal\n\t- y\n- ## Stages\n\t- ### One",
        ),
        (
            "- ## Stages\n\t- ### One\n\t  mine:: x\n\t  id:: 1\n\t- ### Two",
            {"stages": [{"id": "two", "name": "Two"}]},
            "- ## Stages\n\t- ### Two\n- ## Kept\n\t- mine:: x",
        ),
        (
            "- ## Stages\n    - ### One\n        - Pains\n            - a",
            {"stages": [{"id": "one", "name": "One", "pains": ["a", "b"], "gains": ["c"]}]},
            "- ## Stages\n    - ### One\n        - Pains\n            - a\n            - b\n"
            "        - Gains\n            - c",
        ),
    ],
)
def test_in_logseq(kinds: Registry, before: str, changes: Value, after: str) -> None:
    assert put(kinds, "logseq", before, changes) == after


def test_words_behind_a_label_are_not_lost(kinds: Registry) -> None:
    before = "## Stages\n### One\n- Touchpoints: to be discussed\n\t- Web\n"
    one = {"stages": [{"id": "one", "name": "One"}]}
    assert put(kinds, "obsidian", before, one) == "## Stages\n### One\n- Touchpoints: to be discussed\n"
    two = {"stages": [{"id": "one", "name": "One", "touchpoints": [{"id": "app", "name": "App"}]}]}
    after = put(kinds, "obsidian", "## Stages\n### One\n- Touchpoints: to be discussed\n", two)
    assert after == "## Stages\n### One\n- Touchpoints: to be discussed\n\t- App\n"


def test_moved_items_take_their_own_lines_along(kinds: Registry) -> None:
    before = "## Stages\n### One\n- Emotion: 1\nmine\n\n### Two\n%% hers %%\n"
    stages = [{"id": "two", "name": "Two"}, {"id": "one", "name": "One", "emotion": 2}]
    after = put(kinds, "obsidian", before, {"stages": stages})
    assert after == "## Stages\n### Two\n%% hers %%\n\n### One\n- Emotion: 2\nmine\n"


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_what_cannot_be_said_in_a_note_is_refused(kinds: Registry, dialect: str) -> None:
    for odd in ({"rank": "3"}, {"goal": 3}, {"stages": [{"id": "x"}]}, {"stages": "text"}, {"owner": "a\nb\n\n- c"}):
        if dialect == "obsidian" and "owner" in odd:
            continue
        with pytest.raises(Unwritable, match=r"\.$"):
            put(kinds, dialect, "## Mine\n" if dialect == "obsidian" else "- mine", odd)
        kind = kinds.kind("journey")
        assert kind is not None
        with pytest.raises(Unwritable, match=r"\.$"):
            lens.compose(DIALECTS[dialect], kind, "a/b", odd, NAMES)


@pytest.mark.parametrize(
    ("dialect", "before", "key", "value", "after"),
    [
        ("obsidian", "---\nartifact-id: a # x\n---\n", "artifact-id", "b/c", "---\nartifact-id: b/c # x\n---\n"),
        ("obsidian", "---\nartifact-id: a\nb: 1\n---\n", "artifact-id", None, "---\nb: 1\n---\n"),
        ("obsidian", "text\n", "artifact-id", "b", "---\nartifact-id: b\n---\ntext\n"),
        ("obsidian", "---\nname: x\n---\n", "name", "yes", '---\nname: "yes"\n---\n'),
        ("logseq", "artifact-id:: a\n\n- x", "artifact-id", "b/c", "artifact-id:: b/c\n\n- x"),
        ("logseq", "a:: 1\nartifact-id:: a\n\n- x", "artifact-id", None, "a:: 1\n\n- x"),
        ("logseq", "- x", "name", "y", "name:: y\n\n- x"),
        ("logseq", "", "name", "y", "name:: y\n"),
    ],
)
def test_one_property_is_set(dialect: str, before: str, key: str, value: str | None, after: str) -> None:
    page = DIALECTS[dialect].parse("", before)
    assert lens.set_property(page, key, value) == after
    assert lens.set_property(DIALECTS[dialect].parse("", after), key, value) == after


def test_a_property_that_would_not_be_one_is_refused() -> None:
    with pytest.raises(Unwritable):
        lens.set_property(DIALECTS["logseq"].parse("", "a:: 1\n"), "name", "x\n- y")


def test_what_is_kept_keeps_its_form(kinds: Registry) -> None:
    stages = {"stages": [{"id": "two", "name": "Two"}]}
    before = "- ## Stages\n\t- ### One\n\t  mine:: x\n\t\t- Pains\n\t\t\t- a\n"
    before += "\t\t- remark\n\t\t  goes on\n\t\t\t- inner\n\t- ### Two"
    after = "- ## Stages\n\t- ### Two\n- ## Kept\n\t- mine:: x\n\t- remark\n\t  goes on\n\t\t- inner"
    assert put(kinds, "logseq", before, stages) == after
    before = "## Stages\n### One\n- Emotion: 1\n- remark\n\t- inner\n\n### Two\n\n## Kept\nold\n"
    assert put(kinds, "obsidian", before, stages) == "## Stages\n\n### Two\n\n## Kept\nold\n- remark\n\t- inner\n"
