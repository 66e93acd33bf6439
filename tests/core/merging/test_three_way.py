"""Three versions of a file or note: laws that hold for any of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core.artifact_text import write
from twinpage.core.merging.three_notes import merge_notes
from twinpage.core.merging.three_way import Three, merge_files
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.errors import Unwritable

REGISTRY = Registry(shipped.schemas())
KIND = REGISTRY.kind("journey")
assert KIND is not None

WORDS = st.sampled_from(["bread", "rolls", "cake", "rye", "salt"])
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map("\n\n".join)
STAGES = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["one", "two", "three"]), "name": WORDS}, optional={"description": TEXTS}
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda stage: stage["id"],
)
FIELDS = st.fixed_dictionaries({"stages": STAGES}, optional={"goal": TEXTS, "scenario": TEXTS})


def text_of(fields):
    head = {"kind": "journey", "id": "a/journeys/b", "schema": "journey/1.0", "name": "B", "case": "a"}
    return write({**head, "profile": "a/profiles/c", **fields}, KIND)


def merged(base, ours, theirs):
    return merge_files(Three(base, ours, theirs), REGISTRY, "theirs topic")


FILES = FIELDS.map(text_of)


@given(FILES, FILES)
def test_what_only_one_side_changed_is_what_comes_of_it(base, side):
    assert merged(base, base, base).text == base
    for three in ((base, side, base), (base, base, side), (base, side, side)):
        result = merged(*three)
        assert result.text == side
        assert result.clean


@settings(max_examples=300)
@given(FIELDS, FIELDS, FIELDS)
def test_no_word_of_either_side_is_lost(base, ours, theirs):
    result = merged(*map(text_of, (base, ours, theirs)))
    value = json.loads(result.text)
    assert bool(value.get("conflicts")) == bool(result.clashes)
    for field in ("goal", "scenario"):
        for side, other in ((ours, theirs), (theirs, ours)):
            new = set(side.get(field, "").split()) - set(base.get(field, "").split())
            assert new <= set(json.dumps(value).replace("\\n", " ").replace('"', " ").split()), (field, other)
    for left in result.clashes:
        assert left.from_ in ("ours", "theirs topic")


@given(FILES, FILES)
def test_without_a_base_both_are_there(ours, theirs):
    value = json.loads(merged("", ours, theirs).text)
    names = {stage["id"] for text in (ours, theirs) for stage in json.loads(text)["stages"]}
    assert {stage["id"] for stage in value["stages"]} == names


@pytest.mark.parametrize("change", [lambda text: f"\ufeff{text}", lambda text: text.replace("\n", "\r\n"), str.rstrip])
def test_it_is_written_as_ours_was(change):
    base, ours, theirs = (
        change(text_of({"stages": [{"id": "one", "name": "bread"}], **more}))
        for more in ({}, {"goal": "cake"}, {"scenario": "rye"})
    )
    both = text_of({"stages": [{"id": "one", "name": "bread"}], "goal": "cake", "scenario": "rye"})
    assert merged(base, ours, theirs).text == change(both)


def test_what_is_no_artifact_is_left_to_git_and_a_broken_side_is_told():
    good = text_of({"stages": [{"id": "one", "name": "bread"}]})
    assert merged("{}", '{"kind": "mystery"}', '{"kind": "mystery", "x": 1}') is None
    with pytest.raises(Unwritable, match="other version"):
        merged(good, good, good[:-4])
    with pytest.raises(Unwritable, match="same artifact"):
        merged("", good, good.replace("a/journeys/b", "a/journeys/x"))
    with pytest.raises(Unwritable, match="same artifact"):
        merged(good, good.replace("a/journeys/b", "a/journeys/y"), good.replace("a/journeys/b", "a/journeys/x"))
    with pytest.raises(Unwritable, match="same artifact"):
        merged(good, good.replace('"id": "a/journeys/b",', ""), good.replace("bread", "cake"))


@pytest.mark.parametrize("turned", [False, True])
def test_what_one_branch_renamed_and_the_other_edited_is_both(turned):
    base = text_of({"stages": [{"id": "one", "name": "bread"}]})
    renamed = base.replace("a/journeys/b", "a/journeys/x")
    edited = text_of({"stages": [{"id": "one", "name": "bread"}], "goal": "cake"})
    made = merged(base, *((edited, renamed) if turned else (renamed, edited)))
    assert made.clean
    assert (json.loads(made.text)["id"], json.loads(made.text)["goal"]) == ("a/journeys/x", "cake")
    same = merged(base, *((base, renamed) if turned else (renamed, base)))
    assert same.text == renamed


NOTES = {
    "obsidian": "---\nartifact-id: a/journeys/b\nartifact-kind: journey\n---\n## Goal\n{goal}\n\n## Mine\n{mine}\n",
    "logseq": "artifact-id:: a/journeys/b\nartifact-kind:: journey\n\n- ## Goal\n\t- {goal}\n- ## Mine\n\t- {mine}\n",
}


@pytest.mark.parametrize("dialect", NOTES)
def test_a_note_clashes_in_a_field_and_keeps_own_text_of_both(dialect):
    base, ours, theirs = (NOTES[dialect].format(goal=g, mine=m) for g, m in (("x", "m"), ("bread", "n"), ("cake", "o")))
    by_lines = f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> topic\n"
    result = merge_notes(
        "B.md", Three(base, ours, theirs), lambda: by_lines, DIALECTS[dialect], REGISTRY, None, "theirs topic"
    )
    assert [(left.pointer, left.other) for left in result.clashes] == [("/goal", "cake")]
    assert result.doubts
    assert [result.text.count(word) for word in ("bread", "cake")] == [1, 1]
    assert "<<<<<<<" not in result.text
    lines = [line.strip().removeprefix("- ") for line in result.text.split("\n")]
    assert lines.index("n") < lines.index("o")
