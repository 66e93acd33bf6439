from __future__ import annotations

from time import perf_counter

import pytest

from twinpage.model.patterns import Patterns


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("Templates/", "Templates/Stage.md", True),
        ("Templates/", "templates", True),
        ("Templates", "Notes/Templates/Stage.md", False),
        ("**/Templates", "Notes/Templates/Stage.md", True),
        ("**/Templates", "Templates/Stage.md", True),
        ("Drafts/*.md", "Drafts/a.md", True),
        ("Drafts/*.md", "Drafts/deep/a.md", False),
        ("Drafts/**/*.md", "Drafts/deep/er/a.md", True),
        ("Drafts/**/*.md", "Drafts/a.md", True),
        ("Drafts/**", "Drafts/a.md", True),
        ("**", "anything/at/all.md", True),
        ("a/b", "a", False),
        ("Entwürfe", "Entwu\u0308rfe/a.md", True),
    ],
)
def test_a_pattern_covers(pattern: str, path: str, covered: bool) -> None:
    assert Patterns([pattern]).cover(path) is covered


def test_a_hostile_pattern_does_not_take_exponential_time() -> None:
    started = perf_counter()
    assert not Patterns(["**/" * 60 + "*a" * 40 + "b"]).cover("a/" * 100 + "a" * 200)
    assert perf_counter() - started < 5
