"""TP401 to TP405: what journeys, strategies and texts look like."""

from __future__ import annotations

import pytest

JOURNEY = "lantern-bikes/journeys/fleet-manager"
PROFILE = "lantern-bikes/profiles/fleet-manager"
STRATEGY = "lantern-bikes/sales-strategies/fleet-manager"


def journey(world, stages, **more):
    return world.add(
        JOURNEY, "journey", "The week", **{"case": "lantern-bikes", "profile": PROFILE, "stages": stages, **more}
    )


def test_three_stages_are_enough_unless_the_settings_want_more(bikes, stages, make_world):
    assert journey(bikes, stages).flags(JOURNEY, "TP401") == ()
    (flag,) = journey(bikes, stages[:2]).flags(JOURNEY, "TP401")
    assert flag.message == (
        "The week has 2 stages; a journey tells little with fewer than 3. Add what comes before, between or after."
    )
    assert flag.pointer == "/stages"
    strict = make_world(settings="[rules.TP401]\nmin-stages = 4\n")
    strict.add("lantern-bikes", "case", "Lantern Bikes")
    assert "has 3 stages; a journey tells little with fewer than 4" in journey(strict, stages).told(JOURNEY, "TP401")[0]


def test_a_stage_without_touchpoint(bikes, stages):
    del stages[2]["touchpoints"]
    (flag,) = journey(bikes, stages).flags(JOURNEY, "TP402")
    assert flag.pointer == "/stages/signs"
    assert flag.message == 'The stage "Signs" of The week has no touchpoint. Say where the two meet.'


def test_a_journey_without_any_touchpoint_is_told_so_once(bikes, stages):
    bare = [{key: part for key, part in stage.items() if key != "touchpoints"} for stage in stages]
    (flag,) = journey(bikes, bare).flags(JOURNEY, "TP402")
    assert flag.pointer == "/stages"
    assert flag.message == "None of the 3 stages of The week has a touchpoint. Say where the two meet."


def test_stages_of_one_name(bikes, stages):
    stages[2] = {**stages[2], "name": "hears OF us"}
    (flag,) = journey(bikes, stages).flags(JOURNEY, "TP403")
    assert flag.pointer == "/stages/signs"
    assert '"hears OF us"' in flag.message


def test_a_list_of_bare_titles(bikes):
    titles = ("Free week", "Fleet price", "Word of mouth", "Depot day", "Spare bike")
    items = [{"id": title.lower().replace(" ", "-"), "name": title} for title in titles]
    strategy = {"case": "lantern-bikes", "profile": PROFILE}
    bikes.add(STRATEGY, "sales-strategy", "Winning them", items=items, **strategy)
    (flag,) = bikes.flags(STRATEGY, "TP405")
    assert flag.pointer == "/items"
    assert flag.message == (
        "Winning them has 5 bare titles under strategies: Free week, Fleet price, Word of mouth and 2 more. "
        "Say something about them."
    )
    items[3]["description"] = "Show the depot on a Friday."
    bikes.add(STRATEGY, "sales-strategy", "Winning them", items=items, **strategy)
    assert bikes.told(STRATEGY, "TP405") == []


def test_two_bare_titles_and_lists_of_names_are_no_stubs(bikes):
    pains = [{"id": name, "name": name} for name in ("rain", "theft", "punctures", "hills")]
    bikes.add(PROFILE, "profile", "Fleet manager", case="lantern-bikes", pains=pains)
    assert bikes.told(PROFILE, "TP405") == []
    items = [{"id": name, "name": name} for name in ("one", "two")]
    bikes.add(STRATEGY, "sales-strategy", "Winning them", case="lantern-bikes", items=items)
    assert bikes.told(STRATEGY, "TP405") == []


@pytest.fixture
def two_cases(bikes):
    return bikes.add("harbor-loaves", "case", "Harbor Loaves", aliases=["The Loaf", "HL"])


def strategy(world, summary, **more):
    return world.add(STRATEGY, "sales-strategy", "Winning them", case="lantern-bikes", summary=summary, **more)


@pytest.mark.parametrize(
    "summary",
    [
        "Offer Harbor Loaves to canteens.",
        "Offer HARBORLOAVES to canteens.",
        "Offer harbor-loaves' bread to canteens.",
        "Everybody wants the loaf.",
        "[[Harbor Loaves]]",
    ],
)
def test_text_of_another_case(two_cases, summary):
    (flag,) = strategy(two_cases, summary).flags(STRATEGY, "TP404")
    assert flag.message == (
        "Winning them belongs to Lantern Bikes but names Harbor Loaves once, and Lantern Bikes never. "
        "Rewrite it, or give it the other case."
    )
    assert flag.line == 7, "the line of the summary"


@pytest.mark.parametrize(
    "summary",
    [
        "Offer Lantern Bikes to canteens, as Harbor Loaves did.",
        "What a lantern is to Harbor Loaves.",
        "Loaves for the harbor.",
        "Harborloavesque prose.",
        "HL is an alias of two letters.",
    ],
)
def test_own_names_and_lookalikes(two_cases, summary):
    assert strategy(two_cases, summary).told(STRATEGY, "TP404") == []


def test_an_alias_of_two_cases_counts_for_none(two_cases):
    two_cases.add("quay-toast", "case", "Quay Toast", aliases=["The loaf", "Lantern"])
    assert strategy(two_cases, "Everybody wants the loaf.").told(STRATEGY, "TP404") == []
    assert len(strategy(two_cases, "The lantern of Harbor Loaves.").told(STRATEGY, "TP404")) == 1


def test_the_place_is_the_first_mention_in_the_note(two_cases):
    strategy(two_cases, "Offer bread.\n\nAsk Harbor Loaves twice, Harbor Loaves!")
    head = "---\nartifact-kind: sales-strategy\n---\n## Summary\n"
    text = f"{head}Offer bread.\n\nAsk Harbor Loaves twice, Harbor Loaves!\n"
    two_cases.add_note(STRATEGY, "Winning them.md", text, offsets={"/summary": text.index("Offer")})
    (flag,) = two_cases.flags(STRATEGY, "TP404")
    assert (flag.path, flag.line, flag.column) == ("Winning them.md", 7, 5)
    assert "names Harbor Loaves twice" in flag.message
    assert flag.pointer == ""


def test_a_reference_is_no_mention(two_cases):
    strategy(two_cases, "Offer Harbor Loaves.", profile="lantern-bikes/profiles/fleet-manager")
    assert len(two_cases.told(STRATEGY, "TP404")) == 1
