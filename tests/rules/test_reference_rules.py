"""TP201 to TP205: references and claims."""

from __future__ import annotations

from msgspec.structs import replace

from twinpage.core.vault.vault import Subject
from twinpage.model.problem import Problem

PROFILE = "lantern-bikes/profiles/fleet-manager"
SEGMENT = "lantern-bikes/segments/city-couriers"


def test_an_id_that_nobody_has(bikes):
    bikes.add(PROFILE, "profile", "Fleet manager", case="lantern-bikes", segment="lantern-bikes/segments/city-curriers")
    (flag,) = bikes.flags(PROFILE, "TP201")
    assert flag.message == (
        'Fleet manager names the segment "lantern-bikes/segments/city-curriers", but there is no such artifact. '
        'Did you mean "lantern-bikes/segments/city-couriers"? Correct it, or bring the artifact back.'
    )
    assert (flag.pointer, flag.line, flag.severity) == ("/segment", 7, "error")


def test_a_link_that_resolves_to_nothing(bikes):
    bikes.add_note(SEGMENT, "City couriers.md")
    text = '---\nartifact-kind: profile\nsegment: "[[City curriers]]"\n---\n'
    problem = Problem("TP201", text.index("[["), "?", "/segment", True, ("City curriers", "[[City curriers]]"))
    bikes.add_note(PROFILE, "Fleet manager.md", text, held=("/segment",), problems=(problem,))
    bikes.files[PROFILE].value["segment"] = "lantern-bikes/segments/gone"
    (flag,) = bikes.flags(PROFILE, "TP201")
    assert flag.message == (
        'Fleet manager names the segment "City curriers", but there is no such note. Did you mean "City couriers"? '
        "Correct the link, or write the note."
    )
    assert (flag.path, flag.line, flag.column) == ("Fleet manager.md", 3, 11)


def test_references_inside_lists_of_references_have_their_position(bikes):
    bikes.add("lantern-bikes/entries/a", "entry", "A", case="lantern-bikes", about="nowhere", text="x")
    assert [flag.pointer for flag in bikes.flags("lantern-bikes/entries/a", "TP201")] == ["/about"]


def test_a_reference_to_another_kind(bikes):
    bikes.add(PROFILE, "profile", "Fleet manager", case="lantern-bikes", segment="lantern-bikes")
    (flag,) = bikes.flags(PROFILE, "TP203")
    assert flag.message == (
        "Fleet manager names Lantern Bikes as its segment, but that is a case. Link a segment instead."
    )
    assert bikes.told(PROFILE, "TP201") == []


def entry(world, slug, about):
    name = slug.replace("-", " ").capitalize()
    about = f"lantern-bikes/entries/{about}"
    return world.add(f"lantern-bikes/entries/{slug}", "entry", name, case="lantern-bikes", about=about, text="x")


def test_a_circle_is_told_once_at_its_smallest_id(bikes):
    for slug, about in (("discounts", "price-list"), ("price-list", "season"), ("season", "discounts")):
        entry(bikes, slug, about)
    told = {
        slug: bikes.told(f"lantern-bikes/entries/{slug}", "TP205") for slug in ("discounts", "price-list", "season")
    }
    assert told == {
        "discounts": [
            "Discounts belongs to Price list, which belongs to Season, which belongs to Discounts. "
            "Decide which of them stands on top, and change what it belongs to."
        ],
        "price-list": [],
        "season": [],
    }


def test_who_leads_into_a_circle_is_not_part_of_it(bikes):
    for slug, about in (("a", "b"), ("b", "c"), ("c", "b")):
        entry(bikes, slug, about)
    assert bikes.told("lantern-bikes/entries/a", "TP205") == []
    assert len(bikes.told("lantern-bikes/entries/b", "TP205")) == 1


def test_what_names_itself(bikes):
    (told,) = entry(bikes, "a", "a").told("lantern-bikes/entries/a", "TP205")
    assert told == "A names itself in `about`. Let it name something else, or nothing."


def copy_of(bikes, path: str) -> Subject:
    text = f"---\nartifact-id: {PROFILE}\nartifact-kind: profile\n---\n"
    bikes.index.put_claim(PROFILE, path)
    return Subject(None, None, {}, None, bikes.note("", path, text))


def test_the_copy_of_a_note_is_flagged_and_the_twin_is_not(bikes):
    bikes.add_note(PROFILE, "Fleet manager.md")
    (flag,) = bikes.flags(copy_of(bikes, "Fleet manager 2.md"), "TP202")
    assert flag.message == (
        f"Fleet manager.md is {PROFILE} already, and Fleet manager 2.md is a copy. "
        "It is left alone until it has an id of its own or none."
    )
    assert (flag.path, flag.line) == ("Fleet manager 2.md", 2)
    assert bikes.told(PROFILE, "TP202") == []


def test_conflict_copies_of_sync_services_are_called_by_name(bikes):
    bikes.add_note(PROFILE, "Fleet manager.md")
    for path in (
        "Fleet manager (conflicted copy 2026-03-01 120000).md",
        "Fleet manager.sync-conflict-20260301-120000-ABCDEFG.md",
        "Fleet manager (Conflicted copy laptop 202603011200).md",
    ):
        (told,) = bikes.told(copy_of(bikes, path), "TP202")
        assert told == (
            f"{path} is a conflict copy that a sync service left of Fleet manager.md. "
            "Take over what is new in it, then delete it."
        )


def test_two_notes_of_which_none_is_known(bikes):
    one, other = copy_of(bikes, "One.md"), copy_of(bikes, "Other.md")
    assert bikes.told(one, "TP202") == [
        f"One.md and Other.md both say that they are {PROFILE}. "
        "Neither is carried over until it has an id of its own or none."
    ]
    assert len(bikes.told(other, "TP202")) == 1
    assert bikes.told(one, "TP502") == []


def test_two_files_of_one_id(bikes):
    text = bikes.files[PROFILE].text
    bikes.add_file("copy", text, "artifacts/lantern-bikes/profiles/fleet-manager (1).json")
    bikes.add(PROFILE, "profile", "Fleet manager", case="lantern-bikes", segment=SEGMENT)
    loose = Subject(None, bikes.vault.kind("profile"), {}, bikes.files["copy"], None)
    (flag,) = bikes.flags(loose, "TP202")
    assert (flag.line, flag.pointer) == (3, "/id")
    assert bikes.told(loose, "TP002") == [], "said once only"
    assert bikes.told(PROFILE, "TP202") == []


def test_a_reading_without_an_id_claims_nothing(bikes):
    note = replace(bikes.note("", "New.md", "---\nartifact-kind: profile\n---\n"), artifact_id="")
    assert bikes.told(Subject(None, None, {}, None, note), "TP202") == []
