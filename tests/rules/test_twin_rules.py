"""TP501 to TP512 and TP901: the two twins, embeds, conflicts."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from twinpage.core.vault.cards import at_note
from twinpage.core.vault.vault import Subject
from twinpage.model.flag import Pass

CASE = "lantern-bikes"
PROFILE = "lantern-bikes/profiles/fleet-manager"
JOURNEY = "lantern-bikes/journeys/fleet-manager"


def test_twins_that_differ(bikes):
    text = "---\n---\n## Summary\nRents bikes by the day.\n"
    value = {"name": "Lantern Bikes", "summary": "Rents bikes by the day.", "aliases": ["Lantern"]}
    bikes.add_note(CASE, "Lantern Bikes.md", text, value, {"/summary": text.index("Rents")})
    (flag,) = bikes.flags(CASE, "TP501")
    assert flag.message == (
        "Lantern Bikes says something else in its note than in its artifact file: summary. Run `twinpage sync`."
    )
    assert (flag.path, flag.line, flag.severity, flag.fix) == ("Lantern Bikes.md", 4, "error", Pass(CASE))


def test_what_the_note_never_expressed_is_no_difference(bikes):
    bikes.add_note(CASE, "Lantern Bikes.md", "", {"aliases": ["Lantern"]})
    assert bikes.told(CASE, "TP501") == []


def test_the_title_is_the_name_where_no_property_says_another(bikes):
    bikes.add_note(CASE, "Lantern Rentals.md", "", {})
    (told,) = bikes.told(CASE, "TP501")
    assert "artifact file: name." in told


def test_items_are_compared_by_id_and_field(bikes, stages):
    bikes.add(JOURNEY, "journey", "The week", case=CASE, profile=PROFILE, stages=stages)
    same = [{"id": stage["id"], "name": stage["name"]} for stage in stages]
    bikes.add_note(JOURNEY, "The week.md", "", {"stages": same})
    assert bikes.told(JOURNEY, "TP501") == []
    bikes.add_note(JOURNEY, "The week.md", "", {"stages": [same[1], same[0], same[2]]})
    assert len(bikes.told(JOURNEY, "TP501")) == 1
    bikes.add_note(JOURNEY, "The week.md", "", {"stages": [*same[:2], {**same[2], "name": "Signs it"}]})
    assert len(bikes.told(JOURNEY, "TP501")) == 1


def test_held_fields_and_open_conflicts_are_no_differences(bikes):
    bikes.add_note(CASE, "Lantern Bikes.md", "", {"summary": "Other."}, held=("/summary",))
    assert bikes.told(CASE, "TP501") == []
    conflict = {"pointer": "/summary", "other": "Other.", "from": "note"}
    bikes.add(CASE, "case", "Lantern Bikes", summary="Ours.", conflicts=[conflict])
    bikes.add_note(CASE, "Lantern Bikes.md", "", {"summary": "Other."})
    assert bikes.told(CASE, "TP501") == []
    (flag,) = bikes.flags(CASE, "TP901")
    assert flag.message == (
        "Both twins of Lantern Bikes changed summary, each in its own way. "
        "Run `twinpage resolve lantern-bikes --take note` or `--take file`."
    )
    assert (flag.path, flag.pointer, flag.severity) == ("artifacts/lantern-bikes.json", "/summary", "error")
    assert flag.line == bikes.files[CASE].text[: bikes.files[CASE].text.index('"pointer"')].count("\n")


def test_what_a_merge_left_names_its_own_sides(bikes):
    conflict = {"pointer": "/summary", "other": "Other.", "from": "theirs feature"}
    bikes.add(CASE, "case", "Lantern Bikes", summary="Ours.", conflicts=[conflict])
    (flag,) = bikes.flags(CASE, "TP901")
    assert flag.message.startswith("Both branches of Lantern Bikes changed summary")
    assert "--take ours` or `--take theirs`" in flag.message


def test_an_item_in_conflict_is_named(bikes, stages):
    conflict = {"pointer": f"/stages/{stages[0]['id']}/emotion", "base": 0, "other": 2, "from": "note"}
    stages = [{**stages[0], "emotion": 1}, *stages[1:]]
    bikes.add(JOURNEY, "journey", "The week", case=CASE, profile=PROFILE, stages=stages, conflicts=[conflict])
    (told,) = bikes.told(JOURNEY, "TP901")
    assert told.startswith(
        f"Both twins of The week changed emotion of stage {stages[0]['name']}, each in its own way. "
    )


@pytest.mark.parametrize(("mine", "other"), [(None, 2), (1, None)])
def test_what_one_side_removed_is_told_as_removed(bikes, stages, mine, other):
    conflict = {"pointer": f"/stages/{stages[0]['id']}/emotion", "base": 0, "other": other, "from": "theirs topic"}
    stages = [{**stages[0], **({} if mine is None else {"emotion": mine})}, *stages[1:]]
    bikes.add(JOURNEY, "journey", "The week", case=CASE, profile=PROFILE, stages=stages, conflicts=[conflict])
    (told,) = bikes.told(JOURNEY, "TP901")
    what = f"emotion of stage {stages[0]['name']}"
    assert told.startswith(f"One of the two branches of The week removed {what}, and the other changed it. Run ")


def test_sets_and_spaces_make_no_difference(bikes):
    value = {**bikes.files[CASE].value, "aliases": ["B", "A"], "summary": "Rents cargo bikes by the week.  \n"}
    bikes.add_file(CASE, json.dumps(value))
    bikes.add_note(CASE, "Lantern Bikes.md", "", {"aliases": ["A", "B"], "summary": "Rents cargo bikes by the week."})
    assert bikes.told(CASE, "TP501") == []


def test_a_removal_that_was_met_by_a_change(bikes):
    conflict = {"pointer": "", "other": None, "from": "note"}
    bikes.add(CASE, "case", "Lantern Bikes", conflicts=[conflict])
    (told,) = bikes.told(CASE, "TP901")
    assert told.startswith("Lantern Bikes was removed on one side and changed on the other. ")
    assert bikes.told(CASE, "TP503") == []  # a sync would not write the note
    bikes.add(CASE, "case", "Lantern Bikes", conflicts=[{"pointer": "/summary", "other": "A.", "from": "theirs x"}])
    assert len(bikes.told(CASE, "TP503")) == 1


def test_twins_that_stand_alone(bikes):
    assert bikes.told(CASE, "TP503") == ["Lantern Bikes has no note yet. Run `twinpage sync` to write it."]
    note = bikes.note("", "Night dispatcher.md", "---\nartifact-kind: profile\n---\n")
    alone = Subject(None, bikes.vault.kind("profile"), {}, None, note)
    (flag,) = bikes.flags(alone, "TP502")
    assert flag.message == (
        "Night dispatcher has no artifact file yet. Add the property case, then run `twinpage sync` to make it."
    )
    assert flag.line == 2
    (flag,) = bikes.flags(replace(alone, value={"case": CASE}), "TP502")
    assert flag.message == "Night dispatcher has no artifact file yet. Run `twinpage sync` to make it."
    bikes.add_note(CASE, "Lantern Bikes.md", "", {})
    assert bikes.flags(CASE) == ()


@pytest.fixture
def shown(bikes, stages):
    """The profile has a journey, and both have notes."""
    bikes.add(JOURNEY, "journey", "The week", case=CASE, profile=PROFILE, stages=stages)
    return bikes.add_note(JOURNEY, "Journeys/The week.md")


def test_a_profile_shows_its_journey(shown):
    shown.add_note(PROFILE, "Fleet manager.md", "## Journey\n")
    (flag,) = shown.flags(PROFILE, "TP510")
    assert flag.message == (
        "The note of Fleet manager does not show The week. Run `twinpage check --fix`, or write `![[The week]]`."
    )
    assert flag.fix == Pass(PROFILE)
    for text in ("![[The week]]", "Far below:\n\n![[Journeys/The week#Stages|so]]\n"):
        shown.add_note(PROFILE, "Fleet manager.md", text)
        assert shown.told(PROFILE, "TP510") == [], text
    shown.add_note(PROFILE, "Fleet manager.md", "[[The week]] %%![[The week]]%%")
    assert len(shown.told(PROFILE, "TP510")) == 1, "a link is no embed, and a comment shows nothing"


def test_a_note_that_lies_outside_has_no_title_to_embed_it_by(shown):
    shown.add_note(PROFILE, "Fleet manager.md", "## Journey\n")
    (journey,) = [card for card in shown.index.names(("journey",)) if card.title == "The week"]
    shown.vault.put(at_note(journey, "Outside.md", ""))
    assert shown.told(PROFILE, "TP510") == []


def test_an_artifact_type_shows_examples_of_example_cases_only(make_world, stages):
    world = make_world("logseq")
    kind = {"metamodel_id": "profile-(id)/journey", "format": "list", "definition": "Steps."}
    world.add("artifact-types/profile-id/journey", "artifact-type", "Journey", **kind)
    world.add_note("artifact-types/profile-id/journey", "pages/Journey.md")
    for case, example in (("lantern-bikes", True), ("harbor-loaves", False)):
        world.add(case, "case", case, example=example)
        world.add(f"{case}/journeys/j", "journey", f"J of {case}", case=case, stages=stages)
        world.add_note(f"{case}/journeys/j", f"pages/J of {case}.md")
    (told,) = world.told("artifact-types/profile-id/journey", "TP510")
    assert "does not show J of lantern-bikes. Run" in told
    assert told.endswith(" or write `{{embed [[J of lantern-bikes]]}}`.")
    world.add("lantern-bikes/journeys/j", "journey", "J of lantern-bikes", case="lantern-bikes", status="archived")
    world.add_note("lantern-bikes/journeys/j", "pages/J of lantern-bikes.md")
    assert world.told("artifact-types/profile-id/journey", "TP510") == []


def test_embeds_of_nothing(shown):
    text = "![[The weak]]\n![[photo.png]]\n[[Somewhere]]\n`![[code]]`\n![[Journeys/The week]]\n"
    shown.add_note(PROFILE, "Fleet manager.md", text)
    (flag,) = shown.flags(PROFILE, "TP511")
    assert flag.message == (
        'This embed shows "The weak", but there is no such page. Did you mean "The week"? '
        "Correct the name, or remove the embed."
    )
    assert (flag.line, flag.column) == (1, 1)


def test_an_embed_of_what_has_no_note_names_no_id(shown):
    shown.add("lantern-bikes/journeys/the-weekend", "journey", "The weekend", case=CASE, profile=PROFILE)
    shown.add_note(PROFILE, "Fleet manager.md", "![[lantern-bikes/journeys/the-weekends]]\n![[The weekend]]\n")
    told = shown.told(PROFILE, "TP511")
    assert len(told) == 2
    assert not [sentence for sentence in told if '/journeys/the-weekend"?' in sentence or '"The weekend"?' in sentence]
    shown.add_note("lantern-bikes/journeys/the-weekend", "Two days.md")
    (first, _) = shown.told(PROFILE, "TP511")
    assert 'Did you mean "Two days" or "The week"?' in first


@pytest.mark.parametrize(
    ("dialect", "text", "mended"),
    [
        ("obsidian", '---\nrelations:\n  - "[[]]"\n---\n', '---\nrelations:\n  - ""\n---\n'),
        ("logseq", "relations:: [[Depot]], [[]]\n", "relations:: [[Depot]]\n"),
        ("logseq", "relations:: [[]], [[Depot]]\n", "relations:: [[Depot]]\n"),
        ("logseq", "relations:: [[A]], [[]], [[Depot]]\n", "relations:: [[A]], [[Depot]]\n"),
        ("logseq", "- {{embed [[]]}}\n- [[ ]] x", "- \n-  x"),
        ("obsidian", "See ![[]] and [[]].\r\n", "See  and .\r\n"),
    ],
)
def test_empty_links_are_taken_out(make_world, dialect, text, mended):
    world = make_world(dialect)
    world.add(CASE, "case", "Lantern Bikes").add_note(CASE, "Lantern Bikes.md", text)
    flags = world.flags(CASE, "TP512")
    assert len(flags) == text.count("[[]]") + text.count("[[ ]]")
    assert {flag.fix.text for flag in flags} == {mended}
    assert text.split("\n")[flags[0].line - 1][flags[0].column - 1 :].lstrip("!{embd ").startswith("[[")
