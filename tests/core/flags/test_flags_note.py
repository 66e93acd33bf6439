"""The text of the Flags note in both dialects, and that nothing in it is anything but what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from twinpage.core.flags.flags_note import MOST_CASES, MOST_FLAGS, Facts, flags_note, is_generated, note_path
from twinpage.core.flags.note_words import can_be_linked, in_note
from twinpage.core.vault.cards import bare_card
from twinpage.core.vault.vault import Card
from twinpage.dialects import DIALECTS
from twinpage.model.check_outcome import Coverage
from twinpage.model.flag import Flag, Pass, Severity
from twinpage.model.page import Page
from twinpage.model.plain import plain_line

both = pytest.mark.parametrize("dialect", sorted(DIALECTS))

CASE, DEMO = "harbour", "demo"
SKIPPER, RUN, PIER = "harbour/profiles/skipper", "harbour/journeys/run", "harbour/segments/pier"


def card(artifact: str, kind: str, name: str, **fields: object) -> Card:
    made = bare_card(artifact, kind, f"artifacts/{artifact}.json")
    place = {"name": name, "title": name, "note_path": f"{kind}/{name}.md", "case": artifact.split("/")[0]}
    return replace(made, **{**place, **({"case": ""} if kind in ("case", "topic") else {}), **fields})


CARDS = {
    one.id: one
    for one in (
        card(CASE, "case", "Harbour"),
        card("quiet", "case", "Quiet"),
        card(DEMO, "case", "Demo", example=True),
        card(SKIPPER, "profile", "Skipper"),
        card(RUN, "journey", "Morning run", references=(("case", CASE), ("profile", SKIPPER))),
        card(PIER, "segment", "Pier"),
        card("topics/tide", "topic", "Tide"),
        card("demo/profiles/clerk", "profile", "Clerk"),
    )
}


def flag(code: str, severity: Severity, artifact: str, message: str, path: str = "", fixes: bool = False) -> Flag:
    return Flag(code, "", severity, path, 7, 3, artifact, "", message, "", Pass(artifact) if fixes else None)


def facts(*flags: Flag, cards: dict[str, Card] = CARDS, **more: object) -> Facts:
    titles = {(one.note_path, one.title): one.title for one in cards.values() if can_be_linked(one.title)}
    cases = [one for one in cards.values() if one.kind == "case"]
    given = {"flags": flags, "examples": (), "cases": cases, "coverage": (), "artifacts": 9, "card": cards.get}
    given["case"] = lambda artifact: cards[artifact].case if artifact in cards else ""
    return Facts(**{**given, "link": lambda path, title: titles.get((path, title), ""), **more})  # type: ignore[arg-type]


def parsed(text: str, dialect: str) -> Page:
    return DIALECTS[dialect].parse(note_path(DIALECTS[dialect], "Flags"), text)


def links(text: str, dialect: str) -> list[str]:
    page = parsed(text, dialect)
    assert page.problems == ()
    assert is_generated(page)
    assert not any(link.embed for link in page.links)
    return [link.target for link in page.links]


FULL = facts(
    flag("TP402", "info", RUN, 'The stage "Whistle" of Morning run has no touchpoint. Add one.'),
    flag("TP403", "warning", RUN, "Morning run has a stage twice."),
    flag(
        "TP302", "warning", SKIPPER, "Skipper has no sales strategy. Run `twinpage new sales-strategy NAME`.", "", True
    ),
    flag("TP305", "info", PIER, "Pier has no description."),
    flag("TP101", "error", "topics/tide", "Tide is no tide."),
    flag("TP002", "warning", "", "artifacts/x.txt is no artifact.", "artifacts/x.txt"),
    examples=(flag("TP301", "warning", "demo/profiles/clerk", "Clerk has no journey."),),
    coverage=(
        Coverage("segment", "profile", 1, 1, False, CASE),
        Coverage("profile", "journey", 1, 1, False, CASE),
        Coverage("profile", "sales-strategy", 0, 1, False, CASE),
        Coverage("profile", "journey", 0, 1, True, DEMO),
    ),
)
SAMPLES = Path(__file__).parent / "samples"


@both
def test_how_it_reads(dialect: str) -> None:
    """In Logseq in the form that the app saves."""
    sample = (SAMPLES / f"flags-note.{dialect}.md").read_bytes().decode("utf-8")
    assert flags_note(FULL, DIALECTS[dialect]) == sample
    assert sample.endswith("\n") == (dialect == "obsidian")


@both
def test_exactly_the_wanted_links_are_there(dialect: str) -> None:
    found = links(flags_note(FULL, DIALECTS[dialect]), dialect)
    table = ["Harbour", "Quiet"]
    assert found == [*table, "Harbour", "Pier", "Skipper", "Morning run", "Tide", "Demo", "Demo", "Clerk"]


@both
def test_nothing_to_tell(dialect: str) -> None:
    text = flags_note(facts(cards={}), DIALECTS[dialect])
    assert "**No flags** in 9 artifacts." in text
    assert "There is no case of your own yet" in text
    assert "Example cases" not in text
    assert links(text, dialect) == []


HOSTILE = (
    "[[Elsewhere]]",
    "![[Elsewhere]] and ![x](http://example.org/x.png)",
    "\\[[Elsewhere]] \\\\[[Elsewhere]]",
    "[x](Elsewhere.md) <a href=x> <!-- open",
    "{{embed [[Elsewhere]]}} {{{{query}}}} ((0123)) @@html: <b>@@",
    "a | b | c `code [[x]] ``` ~~~ %% $$x$$ \\) \\]",
    "x\n- y\nartifact-id:: harbour\n\nartifact-kind: case",
    "artifact-id:: harbour",
    "TODO #tag #[[tag]] ^block http://example.org logseq://graph/x",
    "<<<<<<< ours\n=======\n>>>>>>> theirs",
    "#+BEGIN_QUOTE\n:LOGBOOK:\n```js\n\u202eevil\u2028line \ud800",
    "`[[Elsewhere]]` `a`b`",
)


@both
@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_vault_is_nothing_but_text(text: str, dialect: str) -> None:
    """As a message, a name, a title and a path: no link, property, block or heading comes of it."""
    plain = _with("plain", dialect)
    odd = _with(text, dialect)
    assert links(odd, dialect) == [to for to in links(plain, dialect) if to != "plain"]
    page, other = parsed(odd, dialect), parsed(plain, dialect)
    assert list(page.front.properties) == list(other.front.properties) == ["generated-by"]
    assert odd.count("\n") == plain.count("\n")
    assert _skeleton(page) == _skeleton(other)
    assert page.hidden == ()


def _with(text: str, dialect: str) -> str:
    odd = {
        CASE: replace(CARDS[CASE], name=text, title=text),
        SKIPPER: replace(CARDS[SKIPPER], name=text, title=text),
        RUN: CARDS[RUN],
        PIER: replace(CARDS[PIER], name=text, title=text),
    }
    flags = [
        flag("TP001", "error", artifact, text, text)
        for artifact in (RUN, SKIPPER, CASE, PIER, "", "harbour/journeys/unknown")
    ]
    rows = (Coverage("profile", "journey", 1, 1, False, CASE), Coverage("profile", "journey", 1, 1, False, "unknown"))
    return flags_note(facts(*flags, cards=odd, coverage=rows), DIALECTS[dialect])


def _skeleton(page: Page) -> list[tuple[str, str]]:
    """Indentation and heading marks of every block, as the dialect's own scanner sees them."""
    markup = page.syntax.markup
    return [(found[1] or "", (found[2] or "") + (found[3] or "")) for found in markup.block.finditer(page.padded)]


@given(st.text(st.characters(codec="utf-16"), max_size=60) | st.text("[]{}()!`\\|:#<>%$^*_~=@ a/\n-", max_size=60))
def test_no_text_makes_a_link_or_ends_its_line(text: str) -> None:
    shown = in_note(text, 10_000)
    assert "\n" not in shown
    assert plain_line(shown) == shown
    for dialect in DIALECTS:
        page = parsed(f"- **info** {shown} [[End]]", dialect)
        assert [link.target for link in page.links] == ["End"]
        assert page.hidden == ()


@given(st.text(st.characters(codec="utf-16"), max_size=12) | st.text("[]{}()!`\\|:#<>%$^*~=@ a/.\n", max_size=12))
def test_what_can_be_linked_is_one_link_to_it(target: str) -> None:
    if not can_be_linked(target):
        return
    for dialect in DIALECTS:
        page = parsed(f"- [[{target}]] and `code`", dialect)
        assert [link.target for link in page.links] == [target]


def test_words_stay_readable() -> None:
    assert in_note("Costs 5 % (or 3) of snake_case: a/b, C# & co. Run `twinpage new x NAME --for a/b`.", 300) == (
        "Costs 5 % (or 3) of snake_case: a/b, C# & co. Run `twinpage new x NAME --for a/b`."
    )
    assert in_note("[[a]] *b*", 300) == "\\[\\[a]] \\*b\\*"
    assert in_note("ä" * 200, 21) == "ä" * 10 + " ..."


@both
def test_a_large_vault_has_a_note_that_opens_at_once(dialect: str) -> None:
    cards = {f"case-{n}": card(f"case-{n}", "case", f"Case {n} {'[' * 90}") for n in range(1_000)}
    told = [flag("TP402", "info", f"case-{n}", "[" * 2_000, "", True) for n in range(1_000) for _ in range(5)]
    told.append(flag("TP101", "error", "case-999", "This one counts."))
    rows = [Coverage("profile", "journey", n % 2, 1, False, f"case-{n}") for n in range(1_000)]
    text = flags_note(facts(*told, cards=cards, coverage=rows), DIALECTS[dialect])
    assert len(text.encode()) < 200_000
    assert "This one counts." in text
    assert "**1 error and 5000 info**" in text
    assert "`twinpage check` lists all." in text
    assert text.count("(TP402)") <= MOST_FLAGS
    assert text.count("0 of 1") + text.count("1 of 1") == MOST_CASES
    assert f"And {1_000 - MOST_CASES} more cases." in text
