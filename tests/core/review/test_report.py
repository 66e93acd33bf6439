"""The report of a review: what it says, in which order, how it stays within its limit, and what cannot abuse it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twinpage.core.review.markup import for_markdown, for_terminal
from twinpage.core.review.report import LIMIT, report
from twinpage.model.difference import Difference
from twinpage.model.flag import Flag
from twinpage.model.review import (
    BrokenReference,
    Changed,
    Count,
    Covered,
    Impact,
    Introduced,
    MadeVoid,
    Moment,
    Named,
    Partner,
    Review,
)
from twinpage.model.signoff import SignOff

BASE, HEAD = Moment("main", "a" * 40), Moment("feature", "b" * 40)
CASE = Named("harbour", "case", "Harbour Bakery")
SEGMENT = Named("harbour/segments/boats", "segment", "Boats on the quay")
SKIPPER = Named("harbour/profiles/skipper", "profile", "Skipper")
JOURNEY = Named("harbour/journeys/run", "journey", "Morning run")
STRATEGY = Named("harbour/sales-strategies/quay", "sales-strategy", "Win the quay")
DEMO = Named("demo", "case", "Demo", example=True)
ANN = SignOff("Ann Ode", "ann@example.org", "2030-01-02T03:04:05Z", "0" * 32)


def flag(number=0, code="TP301", severity="warning", message="Skipper has no journey. Write one, or run `x`.", **more):
    name = {"TP301": "profile-without-journey", "TP201": "dangling-reference"}.get(code, "stub")
    artifact = more.get("artifact", f"harbour/profiles/p{number}")
    return Flag(code, name, severity, f"Profiles/P{number}.md", 3, 1, artifact, "", message, "Because.")


def stage(name, after):
    """It was added."""
    return Difference("added", "item", f"/stages/{name}", "stage", name, new={}, beside=after)


def rewording(name, was, now):
    """The text of a stage."""
    place = f"/stages/{name}/description"
    return Difference("reworded", "field", place, "description", "", was, now, within=(name,), field="description")


def written(label):
    return Difference("added", "field", f"/{label}", label, new="x" * 100, field=label)


def changed(artifact=JOURNEY, happened="changed", *differences, place=(CASE, SEGMENT, SKIPPER), was=None):
    return Changed(artifact, happened, was, place, differences)


REVIEW = Review(
    BASE,
    HEAD,
    counts=(Count("case", 1, 1), Count("journey", 2, 1), Count("journey", 3, 3, example=True)),
    coverage=(
        Covered("profile", "journey", (2, 2), (1, 2)),
        Covered("profile", "sales-strategy", (1, 2), (1, 2)),
        Covered("stage", "touchpoint", (4, 5), (3, 4)),
        Covered("profile", "journey", (3, 3), (3, 3), example=True),
    ),
    partners=(Partner(SKIPPER, "journey", lost=True),),
    introduced=Introduced((flag(1), flag(2, "TP201", "error", "It names nothing. Mend it.")), (flag(3),)),
    resolved=Introduced((flag(4, "TP405"),)),
    broken=(BrokenReference(STRATEGY, SEGMENT),),
    impact=(
        Impact(JOURNEY, "removed", (), ("Profiles/Skipper.md", "Types/Journey.md")),
        Impact(SKIPPER, "changed", (JOURNEY, STRATEGY)),
    ),
    changes=(
        changed(
            JOURNEY,
            "changed",
            stage("Offer", "Whistle"),
            rewording("Paying", "Bread against coins.", "Bread against chits."),
        ),
        changed(SEGMENT, "changed", written("description"), place=(CASE,)),
        changed(Named("topics/yeast", "topic", "Yeast"), "added", place=()),
        changed(DEMO, "changed", written("summary"), place=()),
        changed(STRATEGY, "renamed", was=Named("harbour/sales-strategies/x", "sales-strategy", "Old")),
    ),
    void=(MadeVoid(SKIPPER, (ANN,)),),
)


def markdown(review, limit=LIMIT):
    return report(review, for_markdown(), limit)


def text(review, colour=False):
    return report(review, for_terminal(colour))


class TestWhatItSays:
    def test_in_the_order_of_the_contract(self):
        wanted = [
            "Review of the model",
            "This does not pass: 1 error and 2 warnings introduced.",
            "1 profile lost its journey: *Skipper*.",
            "The model before and after",
            "Flags introduced (3)",
            "Flags resolved (1)",
            "What depends on it",
            "What changed",
            "Sign-offs made void",
        ]
        said = markdown(REVIEW)
        places = [said.find(one) for one in wanted]
        assert -1 not in places, said
        assert places == sorted(places)

    def test_colours_take_no_room_in_the_table(self):
        table = text(REVIEW).partition("before and after\n")[2].partition("\n\n")[0]
        assert table.count("\n") > 3
        assert table in re.sub(r"\x1b\[\d*m", "", text(REVIEW, colour=True))

    def test_golden(self, update, request):
        golden = request.path.parent / "report.golden.md"
        both = f"{markdown(REVIEW)}\n---\n\n```\n{text(REVIEW)}```\n"
        if update:
            golden.write_text(both, encoding="utf-8", newline="\n")
        assert both == golden.read_text(encoding="utf-8")

    def test_nothing_changed(self):
        assert (
            markdown(Review(BASE, HEAD))
            == "## Review of the model: `main` to `feature`\n\n**The model is the same.**\n"
        )
        assert text(Review(BASE, HEAD)) == "Review of the model: main to feature\nThe model is the same.\n"

    @pytest.mark.parametrize(
        ("review", "said", "code"),
        [
            (Review(BASE, HEAD, introduced=Introduced((flag(),))), "This passes, with 1 warning introduced.", 0),
            (
                Review(BASE, HEAD, introduced=Introduced((flag(),)), fail_on="warning"),
                "This does not pass: 1 warning introduced.",
                1,
            ),
            (Review(BASE, HEAD, introduced=Introduced((), (flag(severity="error"),))), "not pass: 1 error", 1),
            (Review(BASE, HEAD, resolved=Introduced((flag(severity="error"),))), "no flag introduced.** 1 flag res", 0),
            (Review(BASE, HEAD, changes=(changed(),)), "This passes: no flag introduced.", 0),
            (
                Review(BASE, HEAD, accepted=4),
                "**This passes: 4 flags introduced and accepted in `twinpage.baseline`, no other.**\n",
                0,
            ),
            (
                Review(BASE, HEAD, introduced=Introduced((flag(),)), accepted=1),
                "with 1 warning introduced.** 1 more flag introduced and accepted in `twinpage.baseline`.",
                0,
            ),
        ],
    )
    def test_the_verdict(self, review, said, code):
        assert said in markdown(review)
        assert review.exit_code == code

    def test_a_group_that_changed_itself_is_told_once(self):
        segment = changed(SEGMENT, "changed", written("description"), place=(CASE,))
        told = markdown(Review(BASE, HEAD, changes=(changed(), segment)))
        assert told.count("Boats on the quay") == 1
        assert told.index("Boats on the quay") < told.index("Morning run")

    def test_example_cases_come_last(self):
        early = Named("a-demo", "case", "Demo", example=True)
        told = markdown(Review(BASE, HEAD, changes=(changed(early, place=()), changed())))
        assert told.index("Morning run") < told.index("Example cases") < told.index("Demo")

    def test_colour_only_where_it_is_asked_for(self):
        assert "\x1b" not in text(REVIEW)
        assert "\x1b[31merror\x1b[0m TP201" in text(REVIEW, colour=True)


# ---------------------------------------------------------------------- the limit


def big(artifacts=0, flags=0, reworded=0, depends=0):
    """A review of so many of each."""
    words = " ".join(f"word{number}" for number in range(reworded))
    changes = tuple(
        changed(
            Named(f"harbour/journeys/journey-number-{number}", "journey", f"Trip number {number}"),
            "changed",
            rewording(f"Stage {number}", words, words.replace("word1 ", "other ")),
            stage(f"Second stage {number}", f"Stage {number}"),
        )
        for number in range(artifacts)
    )
    told = tuple(flag(number) for number in range(flags))
    impact = tuple(Impact(Named(f"i{n}", "profile", f"Profile {n}"), "removed", (JOURNEY,)) for n in range(depends))
    return Review(BASE, HEAD, changes=changes, introduced=Introduced(told), resolved=Introduced(told), impact=impact)


def graded(errors=0, warnings=0, infos=0):
    """A review that introduced so many of each, and in which as many artifacts are new."""
    of = ((errors, "TP201", "error"), (warnings, "TP301", "warning"), (infos, "TP405", "info"))
    said = "It names nothing that anybody knows. Mend it, or bring the artifact back."
    told = [flag(n, code, severity, said) for number, code, severity in of for n in range(number)]
    new = [changed(Named(f"harbour/profiles/p{n}", "profile", f"Profile {n}"), "added") for n in range(errors)]
    return Review(BASE, HEAD, changes=tuple(new), introduced=Introduced(tuple(told)))


def section(told, name):
    return told.partition(f"### {name}")[2].partition("\n### ")[0]


def rows(told, start):
    return len(re.findall(rf"^ *- {start}", told, re.MULTILINE))


class TestTheLimit:
    def test_words_go_first(self):
        told = markdown(big(artifacts=400, reworded=50))
        assert len(told) <= LIMIT
        assert rows(told, "Journey .*: .* reworded; stage .* added after") == 400
        assert "word0" not in told
        assert "Left out\n\n- What changed: the words of what was reworded.\n" in told
        assert "word0" in markdown(big(artifacts=40, reworded=50))

    def test_a_thousand_changed_artifacts_have_one_row_each(self):
        told = markdown(big(artifacts=1_000, flags=20))
        assert len(told) <= LIMIT
        assert rows(told, r"Journey .* \(2\)") == 1_000
        assert rows(told, "warning TP301 .*: Skipper has no journey. Write one") == 20
        assert "what is different in each artifact" in told

    @pytest.mark.parametrize(
        ("artifacts", "flags", "depends"),
        [(1_000, 300, 1_000), (1_000, 800, 1_000), (5_000, 600, 0), (0, 800, 50), (500, 500, 500)],
    )
    def test_no_flag_is_ever_left_out_nor_its_place(self, artifacts, flags, depends):
        told = markdown(big(artifacts, flags, 20, depends))
        assert len(told) <= LIMIT
        for name in ("introduced", "resolved"):
            listed = section(told, f"Flags {name}")
            assert len(set(re.findall(r"^- .*TP301 `[^`]*[pP]([0-9]+)", listed, re.MULTILINE))) == flags, listed[:500]

    def test_rows_go_before_a_flag_loses_its_place_and_only_as_many_as_must(self):
        told = markdown(big(artifacts=500, flags=800))
        changes = section(told, "What changed")
        assert 0 < len(re.findall(r"Journey .* \(2\)", changes)) < 500
        assert "rows under What changed" in told
        assert len(told) > LIMIT * 0.95, "the room is used"

    def test_the_mildest_lose_their_places_first(self):
        told = markdown(graded(errors=500, warnings=2_000, infos=100))
        assert len(told) <= LIMIT
        listed = section(told, "Flags introduced")
        assert len(re.findall(r"TP201 `", listed)) == 500
        assert "- warning TP301 profile-without-journey: 2,000\n" in listed
        assert "- info TP405 stub: 100\n" in listed
        assert "error TP201 dangling-reference: " not in listed
        assert "where the milder ones are" in told.partition("### Left out")[2]
        told = markdown(graded(errors=100, warnings=500, infos=600))
        assert len(re.findall(r"error TP201 `[^`]*`: It names nothing", told)) == 100, "errors still say what is wrong"
        assert len(re.findall(r"TP301 `", told)) == 500
        assert "- info TP405 stub: 600\n" not in told

    def test_where_there_are_no_flags_nothing_is_said_of_them(self):
        told = markdown(graded(errors=5_000))
        assert "Flags resolved" not in told

    def test_too_many_flags_are_told_by_code_and_where_to_see_all(self):
        told = markdown(big(artifacts=500, flags=20_000))
        assert len(told) <= LIMIT
        assert "- warning TP301 profile-without-journey: 20,000\n" in told
        assert f"`twinpage check --rev {'b' * 12} --base {'a' * 12}` lists all." in told
        assert rows(told, "Journey \\*Trip number") > 100

    def test_rows_that_are_left_out_are_counted(self):
        told = markdown(big(artifacts=5_000, depends=5_000))
        kept = rows(told, r"Journey .* \(2\)")
        assert f"- and {5_000 - kept:,} more.\n" in told
        assert re.search(r"[0-9,]+ of 5,001 rows under What changed\.", told)
        assert re.search(r"[0-9,]+ of 5,000 rows under What depends on it\.", told)
        assert len(told) > LIMIT * 0.9, "the room is used"

    @pytest.mark.parametrize("word", ["@x|" * 25_000, "`" * 50_000, "\u202e" * 50_000, "&<" * 30_000, "a" * 100_000])
    @pytest.mark.parametrize("of_each", [1, 40])
    def test_whatever_is_huge_is_cut_wherever_it_is_shown(self, word, of_each):
        review = huge(word, of_each)
        told = markdown(review)
        assert len(told) <= LIMIT
        assert section(told, "The model before and after").count("\n| ") >= 3
        rest = ("Flags introduced", "Flags resolved", "What depends on it", "What changed", "Sign-offs made void")
        for name in rest:
            assert section(told, name).count("\n- ") >= 1, name
        in_a_terminal = text(review)
        assert max(map(len, in_a_terminal.split("\n"))) < 40_000

    @settings(max_examples=12)
    @given(st.data())
    def test_the_limit_holds_for_anything(self, data):
        word = data.draw(st.text(min_size=1, max_size=4)) * data.draw(st.sampled_from([1, 30, 20_000]))
        assert len(markdown(huge(word, data.draw(st.sampled_from([1, 7, 30]))))) <= LIMIT

    def test_the_end_of_what_is_cut_is_shown_too(self):
        message = f"{'long ' * 1_000}name is wrong. Correct it."
        told = markdown(Review(BASE, HEAD, introduced=Introduced((flag(message=message),))))
        assert "name is wrong. Correct it.\n" in told
        assert len(told) < 2_000

    def test_the_terminal_has_all(self):
        assert len(text(big(artifacts=3_000, flags=500))) > 2 * LIMIT

    def test_it_says_the_same_every_time(self):
        assert markdown(big(700, 300, 20, 700)) == markdown(big(700, 300, 20, 700))


# ---------------------------------------------------------------------- hostile text

HOSTILE = (
    "a|b|c",
    "`code` ``more``",
    "@all @org/team",
    "#1 GH-1 org/repo#2",
    "<script>alert(1)</script><img src=x onerror=y>",
    "[[Link]] ![[Embed]] [x](javascript:y) ![i](http://x)",
    "\x1b[31mred\x1b[0m\x07\x08",
    "line\nbreak\r\n\n# heading\n- row",
    "\u202eevil\u2066\u200f",
    "*bold* _it_ ~~gone~~ **x**",
    "https://example.org www.example.org",
    "</details>\n\n---\n\n```\n",
    "\\",
    "&lt;b&gt; &#64;all",
    " ",
    "",
)


def of_a_vault_that_says(word):
    """A review in which everything that comes from a vault, or from git, is this."""
    who = Named("m", "journey", word)
    odd = Named("k", f"k{word}", word)
    differs = rewording(word, f"a b c {word}. d e", f"a b x {word}. d e")
    return Review(
        Moment(word, "a" * 40),
        HEAD,
        counts=(Count("journey", 1, 2), Count(f"k{word}", 1, 2), Count(f"l{word}", 1, 1)),
        coverage=(Covered(f"k{word}", f"p{word}", (0, 1), (1, 1)),),
        partners=(Partner(who, "journey", lost=True),),
        introduced=Introduced((flag(message=word, artifact=word),)),
        broken=(BrokenReference(who, odd),),
        impact=(Impact(who, "changed", (who, who, odd), (f"{word}.md",)),),
        changes=(
            changed(who, "renamed", differs, was=SEGMENT),
            changed(Named("n", "journey", word), "renamed", was=Named("old", "journey", word), place=(who, who)),
        ),
        void=(MadeVoid(who, (SignOff(word, "a@b", "2030-01-02T03:04:05Z", "0" * 32),)),),
    )


def huge(word, number):
    """A review with so many of everything, in which all that is not ours is this."""
    kinds = [f"{n}{word}" for n in range(number)]
    who = [Named(f"{word}{n}", kind, f"{n}{word}") for n, kind in enumerate(kinds)]
    severities = ("error", "warning", "info")
    flags = tuple(
        Flag("TP301", "stub", severities[n % 3], f"{n}{word}", 3, 1, f"{word}{n}", word, word, "Because.")
        for n in range(number)
    )
    differs = (rewording(word, f"a b c {word}. d e", f"a b x {word}. d e"), stage(word, word), written(word))
    return Review(
        Moment(word, "a" * 40),
        Moment(word, "b" * 40),
        counts=tuple(Count(kind, n, n + n % 2) for n, kind in enumerate(kinds)),
        coverage=tuple(Covered(kind, kind, (0, 1), (1, 1)) for kind in kinds),
        partners=tuple(Partner(one, one.kind, lost=True) for one in who),
        introduced=Introduced(flags, flags),
        resolved=Introduced(flags, flags),
        accepted=number,
        broken=tuple(BrokenReference(one, one) for one in who),
        impact=tuple(Impact(one, "removed", tuple(who[:9]), (f"{word}.md",) * 9) for one in who),
        not_asked=number,
        changes=tuple(changed(one, "renamed", *differs, was=one, place=(one, one, one)) for one in who),
        void=tuple(MadeVoid(one, (SignOff(word, word, "2030-01-02T03:04:05Z", "0" * 32),) * 5) for one in who),
    )


@pytest.mark.parametrize("word", HOSTILE)
def test_whatever_a_vault_says_stands_in_the_report_as_words(word):
    told = markdown(of_a_vault_that_says(word))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)
    harmless = markdown(of_a_vault_that_says("x"))
    assert shape(told) == shape(harmless)
    assert tags(told) == tags(harmless)
    seen = html.unescape(re.sub(r"<code>.*?</code>|<[^>]*>", "", rendered(told)))
    assert not re.search(r"[@#!$%~&^]\w|(?i:gh-[0-9])", seen), seen
    in_a_terminal = text(of_a_vault_that_says(word), colour=True)
    assert not re.search(r"\x1b(?!\[[0-9]+m)", in_a_terminal.replace("\x1b[31mred", "!"))
    assert in_a_terminal.count("\n") == text(of_a_vault_that_says("x")).count("\n")


def shape(told):
    """What each line begins with, which is all that our own words decide."""
    return [re.match(r"( *- |#+ |\||)", line)[1] for line in told.split("\n")]


def tags(told):
    """Every element of the page that it becomes."""
    return re.findall(r"</?[a-z0-9]+", rendered(told))


def rendered(told):
    return pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(told)
