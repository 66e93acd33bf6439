"""Whatever a vault says, in a page of GitHub or GitLab it stands there as words."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twinpage.core.safe_markdown import code, inline, sentence

HOSTILE = (
    "a|b",
    "`x` ``y``",
    "@all",
    "@org/team a@b.org",
    "#1",
    "org/repo#2 GH-3 gh-4",
    "!5 $6 %7 ~bug &8",
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "<!-- a",
    "[[Link]] [x](javascript:y) ![i](http://x.org/i)",
    "https://x.org www.x.org mailto:a@b.org ftp://x",
    "*b* _i_ **b** ~~g~~ __u__",
    "\x1b[31mred\x1b[0m \x07",
    "a\nb\r\n\n# c\n- d",
    "\u202eevil\u2066\u200f\u061c",
    "- a",
    "1. a",
    "+ a",
    "# a",
    "> a",
    "=== a",
    "/close",
    "&lt;b&gt; &#64;all &copy;",
    "\\",
    "\\*",
    "a\\",
    "$x$ $$y$$",
    "\ud800",
    "a\u2028b\x85c",
    "[^1] :tada: ^1",
    "| a | b |",
    "```\ncode\n```",
)


def page(text: str) -> str:
    """What a renderer makes of it, with everything on that GitHub has on."""
    return str(pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"linkify": False}).render(text))


def words(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", rendered)).replace("\u200b", "").strip()


def spelled(text: str) -> str:
    return " ".join(
        re.sub(
            r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\ufeff\ufff9-\ufffb\x00-\x1f\x7f-\x9f\u2028-\u202f\u2066-\u2069\ud800-\udfff]",
            lambda found: f"\\u{ord(found[0]):04x}",
            " ".join(text.split()),
        ).split()
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "- {}", "- *{}*: x", "x {} y", "**{}**", "~~{}~~"])
def test_a_page_shows_the_words_and_nothing_else(text, around):
    rendered = page(around.format(inline(text)))
    plain = page(around.format("x"))
    assert re.findall(r"</?[a-z0-9]+", rendered) == re.findall(r"</?[a-z0-9]+", plain), rendered
    assert words(rendered) == words(plain if around == "{}" else page(around.format("§"))).replace(
        "§" if around != "{}" else "x", spelled(text)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nobody_is_called_and_nothing_is_linked(text):
    seen = html.unescape(re.sub(r"<[^>]*>", "", page(inline(text))))
    assert not re.search(r"[@#!$%~&^]\w", seen)
    assert not re.search(r"(?i)gh-\d", seen)
    assert not re.search(r"(?<!\\)://|www\.", inline(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_keeps_its_cells(text):
    for way in (inline, code, sentence):
        table = f"| a | b |\n|---|---|\n| {way(text)} | y |\n"
        assert page(table).count("<td") == 2
        assert "<td>y</td>" in page(table)


@pytest.mark.parametrize("text", HOSTILE)
def test_code_shows_the_words_as_code(text):
    rendered = page(f"x {code(text)} y")
    assert re.findall(r"</?[a-z0-9]+", rendered) == ["<p", "<code", "</code", "</p"]
    assert words(rendered) == f"x {spelled(text)} y"


@pytest.mark.parametrize("text", HOSTILE)
def test_commands_in_a_sentence_are_code_and_all_else_is_as_ever(text):
    if "`" not in text:
        assert sentence(text) == inline(text)
    around = page(f"x {sentence(f'{text} run `twinpage sync` {text}')} y")
    assert "<code>twinpage sync</code>" in around
    assert re.findall(r"</?[a-z0-9]+", around) == ["<p", "<code", "</code", "</p"]
    rendered = page(sentence(f"Run `twinpage new {text}` now."))
    assert set(re.findall(r"</?[a-z0-9]+", rendered)) <= {"<p", "<code", "</code", "</p"}
    shown, meant = (re.sub(r"[`\s]", "", said) for said in (words(rendered), spelled(f"Run twinpage new {text} now.")))
    assert shown == meant


@given(st.text(max_size=40))
@example("\\")
@example("`")
def test_it_is_one_line_without_anything_that_steers(text):
    for way in (inline, code, sentence):
        told = way(text)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", told)
    rendered = page(f"a {inline(text)} b")
    assert re.findall(r"</?[a-z0-9]+", rendered) == ["<p", "</p"]


def test_plain_words_stay_as_they_are():
    text = 'Journey of the buyer: 25% more (at 12:30), it\'s "fine" - really. Ünïcode 二人 👩‍🍳'
    assert inline(text) == text
    assert code("artifacts/a-b/c.json:12") == "`artifacts/a-b/c.json:12`"
    assert inline("") == code("") == ""


@pytest.mark.parametrize("text", [":warning: :tada:", "Oh :+1: well", "::tada::", "a:tada:b", ":t-rex_1:"])
def test_no_word_becomes_a_picture(text):
    assert not re.search(r":[\w+-]+:", words_as_shown(inline(text)))
    assert words(page(inline(text))) == text


def words_as_shown(markdown: str) -> str:
    """Without the backslashes, which a page does not have."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown)


@pytest.mark.parametrize(
    "ours",
    [
        "`twinpage sync`",
        "`git add -A`",
        '`segment: "[[...]]"`',
        "`segment:: [[...]]`",
        "`![[A | b]]`",
        "`{{embed [[A @all]]}}`",
    ],
)
def test_what_our_own_messages_tell_to_type_is_code(ours):
    rendered = page(sentence(f"A @b has none. Add {ours}."))
    assert rendered.count("<code>") == 1
    assert f"<code>{html.escape(ours[1:-1], quote=False)}</code>" in rendered.replace("&quot;", '"').replace(
        "&#124;", "|"
    )
    assert "`" not in rendered
