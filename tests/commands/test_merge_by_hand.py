"""`twinpage merge BASE OURS THEIRS`: by hand."""

from __future__ import annotations

import json

import pytest
from tests.commands.conftest import JOURNEY

from twinpage.commands import merge
from twinpage.errors import Usage


@pytest.fixture
def three(vault, tmp_path):
    """Both kinds of twins can be merged: file names of versions, made by changing text."""

    def make(path, *changes):
        text = vault.text(path)
        places = [tmp_path / f"{number}-{path.rpartition('/')[2]}" for number in range(3)]
        for place, (old, new) in zip(places, [("", ""), *changes], strict=True):
            place.write_text(text.replace(old, new) if old else text, encoding="utf-8")
        return tuple(places)

    return make


def run(vault, versions, output=None):
    return merge.run(versions=versions, output=output, vault=vault.root, terminal=vault.terminal)


@pytest.mark.parametrize("which", ["note", "file"])
def test_both_changes_are_printed_and_nothing_is_written(vault, three, which):
    path = vault.note(JOURNEY) if which == "note" else vault.file(JOURNEY)
    versions = three(path, ("Bread against coins.", "Bread for tins."), ("The bakery boat is", "The boat is"))
    before = [place.read_bytes() for place in versions]
    assert run(vault, versions) == 0
    printed = vault.out.getvalue()
    assert "Bread for tins." in printed
    assert "The boat is heard." in printed
    assert vault.err.getvalue()
    assert [place.read_bytes() for place in versions] == before


@pytest.mark.parametrize("which", ["note", "file"])
def test_a_conflict_is_told_and_ends_with_one(vault, three, tmp_path, which):
    path = vault.note(JOURNEY) if which == "note" else vault.file(JOURNEY)
    versions = three(path, ("Bread against coins.", "Bread for tins."), ("Bread against coins.", "Bread on trust."))
    target = tmp_path / "merged"
    assert run(vault, versions, target) == 1
    assert "both changed description of stage Handing over (/stages/paying/description)" in vault.err.getvalue()
    text = target.read_text(encoding="utf-8")
    assert "Bread for tins." in text
    assert "Bread on trust." in text
    if which == "file":
        assert json.loads(text)["conflicts"][0]["from"] == "theirs"


def test_what_cannot_be_read_is_merged_by_lines(vault, three):
    versions = three(vault.file(JOURNEY), ('"kind": "journey",', '"kind": "journey"'), ("coins", "tins"))
    assert run(vault, versions) == 1
    assert "by lines only" in vault.err.getvalue()
    assert "tins" in vault.out.getvalue()


def test_a_missing_version_is_told(vault, tmp_path):
    with pytest.raises(Usage, match="cannot be read"):
        run(vault, (tmp_path / "a", tmp_path / "b", tmp_path / "c"))
