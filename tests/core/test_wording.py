"""Words for messages."""

from __future__ import annotations

import pytest

from twinpage.core import wording


def test_terms_and_articles():
    assert wording.words("sales-strategy") == "sales strategy"
    assert [wording.with_article(kind) for kind in ("entry", "artifact-type", "sales-strategy")] == [
        "an entry",
        "an artifact type",
        "a sales strategy",
    ]


@pytest.mark.parametrize(
    ("things", "listed", "some"),
    [
        ("", "", ""),
        ("a", "a", "a"),
        ("ab", "a and b", "a and b"),
        ("abcd", "a, b, c and d", "a, b, c and d"),
        ("abcde", "a, b, c, d and e", "a, b, c and 2 more"),
    ],
)
def test_lists(things, listed, some):
    assert wording.listed(list(things)) == listed
    assert wording.some(list(things)) == some


def test_numbers():
    assert [wording.counted(n, "stage") for n in (0, 1, 2)] == ["0 stages", "1 stage", "2 stages"]
    assert wording.counted(2, "entry", "entries") == "2 entries"
    assert [wording.times(n) for n in (1, 2, 7)] == ["once", "twice", "7 times"]


def test_times_of_day_and_waits():
    assert wording.moment("2030-01-02T03:04:05+00:00") == "2030-01-02 03:04"
    assert wording.moment("") == ""
    assert [wording.short_while(seconds) for seconds in (2.44, 0.05, 0.049)] == ["2.4 s", "0.1 s", "a moment"]


def test_suggestions():
    assert wording.did_you_mean(()) == ""
    assert wording.did_you_mean(("A", "B", "C")) == ' Did you mean "A", "B" or "C"?'


def test_how_the_apps_write():
    assert wording.property_line("obsidian", "profile", "[[P]]") == 'profile: "[[P]]"'
    assert wording.property_line("obsidian", "status", "draft") == "status: draft"
    assert wording.property_line("logseq", "profile", "[[P]]") == "profile:: [[P]]"
    assert wording.embed_line("obsidian", "P") == "![[P]]"
    assert wording.embed_line("logseq", "P") == "{{embed [[P]]}}"
    assert [wording.label_in_text(label) for label in ("KPIs", "Goal", "")] == ["KPIs", "goal", ""]
