"""TP301 to TP306: partners, places and expected fields."""

from __future__ import annotations

from twinpage.model.flag import Scaffold

PROFILE = "lantern-bikes/profiles/fleet-manager"
SEGMENT = "lantern-bikes/segments/city-couriers"


def journey(world, stages, **more):
    return world.add(
        "lantern-bikes/journeys/fleet-manager",
        "journey",
        "Fleet manager's journey",
        **{"case": "lantern-bikes", "profile": PROFILE, "stages": stages, **more},
    )


def test_a_profile_without_journey_is_told_what_to_run(bikes):
    (flag,) = bikes.flags(PROFILE, "TP301")
    assert flag.message == (
        "Fleet manager has no journey. "
        "Write one, or run `twinpage new journey NAME --for lantern-bikes/profiles/fleet-manager`."
    )
    assert flag.severity == "warning"
    assert flag.fix == Scaffold("journey", "profile", PROFILE)


def test_a_profile_with_a_journey_only_is_told_so(bikes, stages):
    journey(bikes, stages)
    assert bikes.told(PROFILE, "TP301") == []
    (told,) = bikes.told(PROFILE, "TP302")
    assert told.startswith("Fleet manager has a journey but no sales strategy. ")


def test_archived_partners_do_not_count(bikes, stages):
    journey(bikes, stages, status="archived")
    assert len(bikes.told(PROFILE, "TP301")) == 1


def test_archived_artifacts_and_parts_of_archived_cases_are_left_alone(bikes):
    bikes.add(PROFILE, "profile", "Fleet manager", case="lantern-bikes", status="inactive")
    assert [flag.code for flag in bikes.flags(PROFILE)] == ["TP503"]
    bikes.add("lantern-bikes", "case", "Lantern Bikes", status="archived")
    assert [flag.code for flag in bikes.flags(SEGMENT)] == ["TP503"]


def test_an_inactive_profile_does_not_serve_its_segment(bikes):
    assert bikes.told(SEGMENT, "TP303") == []
    bikes.add(PROFILE, "profile", "Fleet manager", case="lantern-bikes", segment=SEGMENT, status="inactive")
    (told,) = bikes.told(SEGMENT, "TP303")
    assert told.startswith("City couriers has no profile. ")


def test_an_orphan_is_told_the_property_in_the_words_of_the_app(make_world, stages):
    for dialect, line in (("obsidian", '`profile: "[[...]]"`'), ("logseq", "`profile:: [[...]]`")):
        world = make_world(dialect)
        world.add("lantern-bikes", "case", "Lantern Bikes")
        world.add("lantern-bikes/journeys/lost", "journey", "Lost journey", case="lantern-bikes", stages=stages)
        assert world.told("lantern-bikes/journeys/lost", "TP304") == [
            f"Lost journey names no profile, so it belongs to nobody. Add {line}."
        ]
        assert world.told("lantern-bikes/journeys/lost", "TP305") == []


def test_an_entry_needs_a_subject_only_where_its_type_speaks_of_one(bikes):
    bikes.add("artifact-types/pitch", "artifact-type", "Pitch", metamodel_id="pitch", format="text")
    bikes.add("artifact-types/persona", "artifact-type", "Persona", metamodel_id="profile-(id)/persona", format="text")
    for name in ("pitch", "persona"):
        entry = {"case": "lantern-bikes", "artifact_type": f"artifact-types/{name}", "text": "Ours."}
        bikes.add(f"lantern-bikes/entries/{name}", "entry", name.title(), **entry)
    assert bikes.told("lantern-bikes/entries/pitch", "TP304") == []
    assert bikes.told("lantern-bikes/entries/persona", "TP304") == [
        'Persona does not say whom it is about, so it belongs to nobody. Add `about: "[[...]]"`.'
    ]


def test_expected_fields_of_artifact_and_items(bikes, stages):
    del stages[1]["description"]
    journey(bikes, stages)
    (flag,) = bikes.flags("lantern-bikes/journeys/fleet-manager", "TP305")
    assert flag.message == '"Trial week" in Fleet manager\'s journey has no description yet. Fill it in.'
    assert flag.pointer == "/stages/trial-week/description"
    assert flag.line > 1
    bikes.add("lantern-bikes/segments/others", "segment", "Others", case="lantern-bikes")
    assert bikes.told("lantern-bikes/segments/others", "TP305") == ["Others has no description yet. Fill it in."]


def test_a_stub_is_not_told_about_item_by_item(bikes):
    journey(bikes, [{"id": f"s{n}", "name": f"Stage {n}"} for n in range(3)])
    assert bikes.told("lantern-bikes/journeys/fleet-manager", "TP305") == []
    assert len(bikes.told("lantern-bikes/journeys/fleet-manager", "TP405")) == 1


def test_needs_of_the_settings(make_world):
    settings = '[needs]\nsegment = [{ kind = "entry", by = "about" }, { kind = "profile", by = "segment" }]\n'
    world = make_world(settings=settings)
    world.add("lantern-bikes", "case", "Lantern Bikes")
    world.add(SEGMENT, "segment", "City couriers", case="lantern-bikes", description="Fast.")
    assert [flag.code for flag in world.flags(SEGMENT)] == ["TP303", "TP306", "TP503"]
    (flag,) = world.flags(SEGMENT, "TP306")
    assert flag.message == (
        "City couriers has no entry. Your settings want an entry for every segment. "
        "Write one, or run `twinpage new entry NAME --for lantern-bikes/segments/city-couriers`."
    )
    world.add("lantern-bikes/entries/rivals", "entry", "Rivals", case="lantern-bikes", about=SEGMENT)
    assert world.told(SEGMENT, "TP306") == []
