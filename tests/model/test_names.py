"""Names against Logseq's own answers, and the promises of slugs, ids and titles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.model.names import (
    RESERVED,
    canonical_metamodel_id,
    case_id,
    case_of,
    first_free_title,
    fold,
    free_id,
    is_artifact_id,
    logseq_file_name,
    logseq_page_key,
    logseq_title,
    safe_title,
    slug,
    slug_path,
)

ANSWERS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "logseq-names.json"
ANY_TEXT = st.text(max_size=300)
FORBIDDEN = set('\\/:*?"<>|#^[]%')


def test_file_names_titles_and_keys_agree_with_logseq() -> None:
    if not ANSWERS.exists():
        pytest.skip("../shared/conformance/logseq-names.json is not there")
    answers: list[dict[str, Any]] = json.loads(ANSWERS.read_text("utf-8"))
    assert len(answers) > 2000
    for answer in answers:
        assert logseq_file_name(answer["title"]) == answer["file"], answer
        assert logseq_title(answer["file"]) == answer["back"], answer
        assert logseq_page_key(answer["title"]) == answer["page"], answer


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Orbit/Launch", "Orbit___Launch"),
        ("half_/half", "half%5F___half"),
        ("Why?", "Why%3F"),
        ("50%25", "50%2525"),
        ("100%", "100%"),
        (".draft", "%2Edraft"),
        ("etc.", "etc.___"),
        ("NUL", "NUL___"),
        ("nul", "nul"),
        ("e\u0301", "é"),
    ],
)
def test_logseq_file_names(title: str, stem: str) -> None:
    assert logseq_file_name(title) == stem
    assert logseq_page_key(logseq_title(stem)) == logseq_page_key(title)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Launch buyer", "launch-buyer"),
        ("  Head Chef / Menu Planner ", "head-chef-menu-planner"),
        ("Head Chef___Menu Planner", "head-chef-menu-planner"),
        ("Ünïcode Straße №5", "ünïcode-straße-5"),
        ("e\u0301te\u0301", "été"),
        ("東京 の 店", "東京-の-店"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("1\ufe0f\u20e3 first", "1-first"),
        ("don't_stop", "don-t-stop"),
        ("CON", "con-item"),
        ("", "item"),
        (" \t", "item"),
    ],
)
def test_slug(text: str, word: str) -> None:
    assert slug(text) == word


def test_slugs_of_texts_without_letters_differ_and_stay() -> None:
    assert slug("!!!") == slug("!!!") != slug("???")
    assert slug("!!!").startswith("x")


def test_a_long_slug_is_cut_at_a_character() -> None:
    assert slug("é" * 100) == "é" * 40
    assert slug("a" + "é" * 100) == "a" + "é" * 39
    assert slug("a" * 79 + " b") == "a" * 79


@given(ANY_TEXT)
def test_every_slug_is_a_slug(text: str) -> None:
    word = slug(text)
    assert word
    assert len(word.encode()) <= 80
    assert slug(word) == word
    assert word == word.strip("-")
    assert "--" not in word
    assert is_artifact_id(f"{word}/journeys/{word}")
    assert is_artifact_id(case_id(text))
    assert case_id(text) not in RESERVED


def test_slug_path_goes_part_by_part() -> None:
    assert slug_path("profile-(id)/journey") == "profile-id/journey"
    assert slug_path("a//b/") == "a/b"
    assert slug_path("/") == slug("/")


@pytest.mark.parametrize("text", ["orbit-works", "orbit-works/journeys/launch-buyer", "topics/a", "été/segments/x"])
def test_ids(text: str) -> None:
    assert is_artifact_id(text)


@pytest.mark.parametrize(
    "text", ["", "Orbit", "a//b", "/a", "a/", "a b", "a/../b", ".", "a/.b", "topics", "e\u0301", "a--b"]
)
def test_no_ids(text: str) -> None:
    assert not is_artifact_id(text)


def test_case_of() -> None:
    assert case_of("orbit-works") == "orbit-works"
    assert case_of("orbit-works/journeys/buyer") == "orbit-works"
    assert case_of("artifact-types/profile-id/journey") == ""


def test_a_case_never_takes_a_reserved_word() -> None:
    assert case_id("Tools") == "case-tools"
    assert case_id("Orbit Works") == "orbit-works"


def test_free_id_numbers_and_keeps_within_80_bytes() -> None:
    taken = {"a/b", "a/b-2", "a/" + "é" * 40}
    assert free_id("a/c", taken.__contains__) == "a/c"
    assert free_id("a/b", taken.__contains__) == "a/b-3"
    assert free_id("a/" + "é" * 40, taken.__contains__) == "a/" + "é" * 39 + "-2"


@pytest.mark.parametrize(
    "form",
    [
        "segment-(id)/profiles",
        "segment (id)/profiles",
        "segment id/profiles",
        "segment id___profiles",
        "segment-(id)___profiles",
        "segment-%28id%29%2Fprofiles",
        "[[Segment (id)/Profiles]]",
        "segment_Name_-_Profiles",
        "#segment Name - Profiles",
    ],
)
def test_one_metamodel_id_in_many_forms(form: str) -> None:
    assert canonical_metamodel_id(form) == "segment-(id)/profiles"


def test_metamodel_ids_that_stay() -> None:
    assert canonical_metamodel_id("#profile Name - Profile") == "profile-(id)"
    assert canonical_metamodel_id("activitiy-list") == "activitiy-list"
    assert canonical_metamodel_id("goals-(organization)") == "goals-(organization)"
    assert canonical_metamodel_id("Profile_list") == "profile-list"
    assert canonical_metamodel_id("[[]]") == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Launch buyer", "Launch buyer"),
        ("Buyer / Decision maker", "Buyer - Decision maker"),
        ("Why us: the reasons?", "Why us - the reasons"),
        ("a:b", "a-b"),
        ('The "best" [draft] #1', "The 'best' (draft) 1"),
        ("Ready...", "Ready"),
        (".hidden", "hidden"),
        ("one___two", "one-two"),
        ("tab\there", "tab here"),
        ("con", "_con"),
        ("Aux.page", "_Aux.page"),
        ("e\u0301", "é"),
        ("???", "Untitled"),
        ("", "Untitled"),
    ],
)
def test_safe_title(name: str, title: str) -> None:
    assert safe_title(name) == title


@given(ANY_TEXT)
def test_every_title_is_safe_in_both_apps(name: str) -> None:
    title = safe_title(name)
    assert title == safe_title(title) == title.strip()
    assert not FORBIDDEN & set(title)
    assert not title.startswith(".")
    assert not title.endswith(".")
    assert "___" not in title
    assert len(f"{title}.md".encode()) <= 255
    assert logseq_file_name(title) == title
    assert logseq_title(title) == title


def test_titles_are_allotted_in_order() -> None:
    taken: set[str] = set()

    def title(name: str, case: str, kind: str, last: str) -> str:
        found = first_free_title(name, case, kind, last, taken.__contains__)
        assert fold(found) not in taken
        taken.add(fold(found))
        return found

    assert title("Buyer", "Orbit Works", "profile", "buyer") == "Buyer"
    assert title("BUYER", "Orbit Works", "profile", "buyer-2") == "BUYER (Orbit Works)"
    assert title("buyer", "Orbit Works", "profile", "buyer-3") == "buyer (buyer-3)"
    assert title("buyer", "Orbit Works", "profile", "buyer-3") == "buyer (buyer-3 2)"
    assert title("Journey", "", "artifact-type", "journey") == "Journey"
    assert title("Journey", "", "artifact-type", "journey") == "Journey (artifact type)"
    assert title("##", "", "topic", "number-sign") == "Number sign"
    assert title("#", "", "topic", "number-sign-2") == "Number sign (topic)"
    assert title("", "", "topic", "item") == "Untitled"


@given(ANY_TEXT, ANY_TEXT, st.integers(0, 4))
def test_allotted_titles_are_safe(name: str, case: str, refusals: int) -> None:
    asked: list[str] = []

    def taken(folded: str) -> bool:
        asked.append(folded)
        return len(asked) <= refusals

    title = first_free_title(name, case, "journey", "buyer", taken)
    assert len(f"{title}.md".encode()) <= 255
    assert logseq_file_name(title) == title
    assert not FORBIDDEN & set(title)
    assert len(asked) == refusals + 1
