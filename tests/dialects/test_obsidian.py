"""Obsidian's notes: front matter as it was typed, links, what is hidden."""

from __future__ import annotations

import pytest

from twinpage.dialects import DIALECTS
from twinpage.model.page import Page
from twinpage.model.reading import Link


def parse(text: str) -> Page:
    return DIALECTS["obsidian"].parse("note.md", text)


def test_every_scalar_stays_as_it_was_typed() -> None:
    page = parse("---\nrank: 007\nat: 12:30\non: yes\nno: off\ndate: 2026-03-01\nbig: 1_000\nhex: 0x1F\n---\ntext\n")
    assert [page.property(k) for k in ("rank", "at", "on", "no", "date", "big", "hex")] == [
        "007",
        "12:30",
        "yes",
        "off",
        "2026-03-01",
        "1_000",
        "0x1F",
    ]
    assert page.problems == ()


@pytest.mark.parametrize("line_feed", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("closer", ["---", "..."])
def test_positions_are_those_of_the_text(line_feed: str, mark: str, closer: str) -> None:
    lines = ["---", "name: One # why", "aliases: # all", '  - "Two"', "  - Three", "flow: [a, 'b']", closer, "## Goal"]
    text = mark + line_feed.join(lines)
    page = parse(text)
    name, aliases, flow = (page.properties[k] for k in ("name", "aliases", "flow"))
    assert text[name.value_start : name.value_end] == "One"
    assert [text[a:b] for a, b in aliases.elements] == ['"Two"', "Three"]
    assert (aliases.value, flow.value) == (("Two", "Three"), ("a", "b"))
    assert text[flow.start : flow.end] == "flow: [a, 'b']"
    assert text[page.front.body :] == "## Goal"
    assert page.text is text


@pytest.mark.parametrize(
    ("front", "values"),
    [
        ("profile: [[Launch buyer]]", {"profile": "[[Launch buyer]]"}),
        ("profile: [[Comma, name]]", {"profile": "[[Comma, name]]"}),
        ("name: {{title}}", {"name": "{{title}}"}),
        ("name:", {"name": ""}),
        ("name: null", {"name": ""}),
        ('name: "null"', {"name": "null"}),
        ("name: >\n  folded\n  text", {"name": "folded text"}),
        ("tags: []", {"tags": ""}),
        ("# only a comment", {}),
        ("", {}),
        ("Last_Reviewed: x", {"last-reviewed": "x"}),
    ],
)
def test_odd_values_are_read_as_a_person_means_them(front: str, values: dict[str, str]) -> None:
    page = parse(f"---\n{front}\n---\n")
    assert {key: page.property(key) for key in page.properties} == values
    assert page.problems == ()


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("---\nname: x\ntext goes on", 0, "never end"),
        ("---\nname: 'x\nrank: 3\n---\n", None, "cannot be read"),
        ("---\nname: one\nname: two\n---\n", 14, "The property name stands here twice."),
        ("---\na: &x 1\nb: *x\n---\n", 7, "anchor"),
        ("---\na: \x01\n---\n", 4, "characters"),
        ("---\na: " + "[" * 3000 + "\n---\n", 4, "nested too deeply"),
        ("---\na: " + "- " * 3000 + "\n---\n", 4, "nested too deeply"),
        ("---\na: " + "x" * 70_000 + "\n---\n", 4, "longer than"),
        ("text\n\n```py\nnever closed", 6, "never closed"),
        ("text\n%% mine\nnever closed", 5, "never closed"),
        ("<!-- one\ntwo --> three\n", 0, "ends in the middle of a line"),
    ],
)
def test_what_cannot_be_read_has_a_place_and_holds_the_note(text: str, where: int | None, words: str) -> None:
    (problem,) = parse(text).problems
    assert (problem.code, problem.holds) == ("TP001", True)
    assert words in problem.message
    assert problem.message.endswith(".")
    assert where is None or problem.offset == where


@pytest.mark.parametrize(
    ("properties", "begins", "words"),
    [
        ('a: 1\nmodel: "planned\nb: 2\nc: 3', '"planned', "quotation mark"),
        ("a: 1\nmodel: 'planned\nb: 2\nc: 3", "'planned", "quotation mark"),
        ('model: "planned\nb: 2\ncase: "[[x]]"\nc: 3', '"planned', "quotation mark"),
        ("model: 'planned\nb: 2\ncase: 'x'\nc: 3", "'planned", "quotation mark"),
        ("a: 1\nmodel: [planned\nb: 2\nc: 3", "[planned", "in brackets"),
        ("a: 1\nmodel: {planned\nb: 2\nc: 3", "{planned", "in brackets"),
        ("a: 1\nmodel: [one two, [three\n", "[three", "in brackets"),
        ('a: "over two\n  lines"\nb: 2\nmodel: @planned\nc: 3', "@planned", "begins with a character"),
        ('a: "over two\n  lines"\nplain\nb: 2', "plain", "no `name: value`"),
    ],
)
def test_what_is_never_closed_is_told_where_it_begins(properties: str, begins: str, words: str) -> None:
    text = f"---\n{properties}\n---\n"
    (problem,) = parse(text).problems
    said = text[problem.offset :]
    assert text.count("\n", 0, problem.offset) == text.count("\n", 0, text.index(begins)), said
    assert words in problem.message


def test_an_alias_bomb_is_not_unfolded() -> None:
    lines = ["a0: &a0 [x, x]", *[f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]]
    page = parse("---\n" + "\n".join(lines) + "\n---\n")
    assert len(page.problems) == 1
    assert not page.properties


def test_a_line_of_hyphens_at_the_top_is_no_front_matter() -> None:
    page = parse("---\n\nA note that starts with a line.\n")
    assert (page.problems, dict(page.properties)) == ((), {})


def links(text: str) -> list[tuple[str, bool]]:
    page = parse(text)
    for link in page.links:
        assert text[link.start : link.end].endswith(("]]", ")"))
    return [(link.target, link.embed) for link in page.links]


def test_links_are_found_without_alias_heading_and_block() -> None:
    text = "[[One]] [[Two|shown]] [[Three#part]] ![[Four^block]] ![[Five|300]] [[]] [[#here]] [[a\\|b]]"
    assert links(text) == [
        ("One", False),
        ("Two", False),
        ("Three", False),
        ("Four^block", True),
        ("Five", True),
        ("", False),
        ("a", False),
    ]


def test_links_in_code_and_comments_do_not_count() -> None:
    text = "`[[a]]` ``x ` [[b]]`` [[c]]\n\n```\n[[d]]\n```\n%% [[e]] %%\n"
    text += "%%\n[[f]]\n%%\nx %% [[g]] %% <!-- [[h]] --> [[i]] \\[[j]]"
    assert links(text) == [("c", False), ("i", False)]


def test_links_by_path_count() -> None:
    assert links("[t](a/B%20c.md) ![t](<d e.md>) [t](x.md#h) [t](http://x.y/z) [t](u.png)") == [
        ("a/B c", False),
        ("d e", True),
        ("x", False),
    ]


def test_a_page_knows_its_digest_and_nothing_is_read_twice() -> None:
    page = parse("## Goal\n[[a]]")
    assert page.links is page.links
    assert page.links[0] == Link(8, 13, "a", False)
    assert page.digest == parse("## Goal\n[[a]]").digest != parse("## Goal").digest
    assert page.dialect == "obsidian"


@pytest.mark.parametrize("name", list(DIALECTS))
def test_a_conflict_that_git_left_holds_the_note(name: str) -> None:
    text = "- mine\n<<<<<<< HEAD\n- one\n=======\n- two\n>>>>>>> theirs\n"
    (problem,) = DIALECTS[name].parse("note.md", text).problems
    assert (problem.code, problem.offset, problem.holds) == ("TP001", 7, True)
    half = text.replace("<<<<<<< ", "<< ")
    assert DIALECTS[name].parse("note.md", half).problems, "who removed one of its lines by hand is not done yet"
    assert DIALECTS[name].parse("note.md", half.replace(">>>>>>>", ">>")).problems == ()
