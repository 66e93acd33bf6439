"""What git's index holds while a merge is not ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.repositories import git

from twinpage.edge.git.unmerged import Stages, text_merge, unmerged


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A vault in a folder of a repository whose merge stopped at two files, one with an odd name."""
    folder = tmp_path / "vault"
    folder.mkdir()
    git(tmp_path, "init", "-q", "-b", "trunk")

    def commit(**texts: str | None) -> None:
        for name, text in {
            "elsewhere.md": texts["body"],
            "vault/é \n.md": texts["body"],
            "vault/b.md": texts["b"],
        }.items():
            place = tmp_path / name
            place.unlink(missing_ok=True)
            if text is not None:
                place.write_text(text, encoding="utf-8")
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "x")

    commit(body="was\n", b="was\n")
    git(tmp_path, "checkout", "-qb", "feature")
    commit(body="theirs\n", b="theirs\n")
    git(tmp_path, "checkout", "-q", "trunk")
    commit(body="ours\n", b=None)
    git(tmp_path, "merge", "feature", fails=True)
    return folder


def test_the_versions_of_what_lies_in_the_vault(vault: Path) -> None:
    found = unmerged(vault)
    assert {path: replace(stages, names=()) for path, stages in found.items()} == {
        "\u00e9 \n.md": Stages(b"was\n", b"ours\n", b"theirs\n"),
        "b.md": Stages(b"was\n", None, b"theirs\n"),
    }
    assert [name for name, stages in found.items() if stages.half_removed] == ["b.md"]


def test_git_is_asked_what_it_would_make_of_them(vault: Path) -> None:
    made = text_merge(vault, Stages(b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nX\n"))
    assert made is not None
    made = text_merge(vault, Stages(b"was\n", b"ours\n", b"theirs\n"))
    assert made is not None
    assert made.startswith(b"<<<<<<< ")
    assert text_merge(vault, Stages(b"was\n", None, b"theirs\n")) is None


def test_without_a_repository(tmp_path: Path) -> None:
    assert unmerged(tmp_path) == {}
