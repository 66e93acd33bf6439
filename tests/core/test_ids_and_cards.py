"""Ids for new artifacts, cards of values, and what a new artifact starts with."""

from __future__ import annotations

import pytest

from twinpage.core.ids import fits, missing_for_id, new_id
from twinpage.core.schema.registry import Registry
from twinpage.core.template import lacking, template
from twinpage.core.vault.cards import at_note, bare_card, card_of
from twinpage.edge import shipped
from twinpage.errors import Usage
from twinpage.model.kind import Kind, Shape
from twinpage.model.names import is_artifact_id

REGISTRY = Registry(shipped.schemas())


def kind(name: str) -> Kind:
    found = REGISTRY.kind(name)
    assert found is not None
    return found


PROFILE = card_of("quay/profiles/skipper", {"kind": "profile", "name": "Skipper", "case": "quay"}, kind("profile"), "")


class TestIds:
    @pytest.mark.parametrize(
        ("name", "wanted", "value", "expected"),
        [
            ("case", "Quay & Sons", {}, "quay-sons"),
            ("journey", "Ä Morning/Run", {"case": "quay"}, "quay/journeys/ä-morning-run"),
            ("topic", "../../etc/passwd", {}, "topics/etc-passwd"),
            ("artifact-type", "Journey", {"metamodel-id": "profile-(id)/journey"}, "artifact-types/profile-id/journey"),
            ("key", "Tone", {"artifact-type": "artifact-types/poem"}, "keys/poem/tone"),
        ],
    )
    def test_by_the_pattern_of_the_kind(self, name: str, wanted: str, value: dict[str, str], expected: str) -> None:
        found = new_id(kind(name), wanted, value, lambda artifact: False)
        assert found == expected
        assert is_artifact_id(found)

    def test_what_is_taken_counts_on(self) -> None:
        taken = {"topics/rye", "topics/rye-2"}
        assert new_id(kind("topic"), "Rye", {}, taken.__contains__) == "topics/rye-3"

    @pytest.mark.parametrize("name", ["", "!!!", "   ", "..", "名前", "x" * 500])
    def test_any_name_gives_an_id(self, name: str) -> None:
        assert is_artifact_id(new_id(kind("topic"), name, {}, lambda artifact: False))

    def test_a_case_does_not_take_a_reserved_word(self) -> None:
        found = new_id(kind("case"), "Topics", {}, lambda artifact: False)
        assert found != "topics"

    def test_what_an_id_needs(self) -> None:
        assert missing_for_id(kind("journey"), {}) == "case"
        assert missing_for_id(kind("journey"), {"case": "quay"}) == ""
        assert missing_for_id(kind("key"), {}) == "artifact-type"
        assert missing_for_id(kind("artifact-type"), {}) == "metamodel-id"
        assert missing_for_id(kind("topic"), {}) == ""


class TestCards:
    def test_what_others_want_to_know(self) -> None:
        value = {
            "kind": "journey",
            "name": "Run",
            "case": "quay",
            "profile": "quay/profiles/skipper",
            "aliases": ["Round", 5],
            "status": "archived",
            "example": True,
        }
        card = card_of("quay/journeys/run", value, kind("journey"), "artifacts/quay/journeys/run.json")
        assert (card.name, card.case, card.aliases, card.example) == ("Run", "quay", ("Round",), True)
        assert card.references == (("case", "quay"), ("profile", "quay/profiles/skipper"))
        assert card.resting

    @pytest.mark.parametrize(
        "value",
        [
            {},
            {"kind": 5, "name": [], "case": {}, "aliases": "x", "status": None, "example": "yes", "profile": 7},
            {"stages": [{"id": 5}, 7, None, {"touchpoints": "x"}], "relations": {}},
        ],
    )
    def test_a_value_of_any_form_gives_a_card(self, value: dict[str, object]) -> None:
        card = card_of("quay/journeys/run", value, kind("journey"), "x.json")
        assert (card.kind, card.name) == ("journey", "run")
        assert (card.aliases, card.references, card.example) == ((), (), False)

    def test_of_an_unknown_kind(self) -> None:
        card = card_of("odd", {"kind": "riddle", "profile": "x"}, None, "artifacts/odd.json", title="Odd")
        assert (card.kind, card.name, card.references) == ("riddle", "Odd", ())
        assert bare_card("a/b", "", "x").name == "b"

    def test_its_note(self) -> None:
        card = at_note(PROFILE, "Profiles/S.md", "S")
        assert (card.note_path, card.title, card.name) == ("Profiles/S.md", "S", "Skipper")
        assert at_note(card, "Profiles/S.md", "S") is card


class TestTemplate:
    @pytest.mark.parametrize("name", REGISTRY.names())
    def test_every_kind_starts_with_something_that_its_schema_takes(self, name: str) -> None:
        found = kind(name)
        value = template(found, "A new one", "quay", None)
        for field in iter(lambda: lacking(found, value), ""):
            value[field] = "quay/some/thing"
        artifact = new_id(found, "A new one", value, lambda artifact: False)
        whole = {"kind": name, "id": artifact, "schema": found.schema_name, **value}
        assert REGISTRY.validate(whole, found) == ()

    def test_what_it_is_for(self) -> None:
        value = template(kind("journey"), "Run", "", PROFILE)
        assert (value["profile"], value["case"]) == (PROFILE.id, "quay")
        assert lacking(kind("journey"), value) == ""
        case = card_of("quay", {"kind": "case", "name": "Quay"}, kind("case"), "")
        assert template(kind("segment"), "Boats", "", case)["case"] == "quay"

    def test_what_it_cannot_be_for(self) -> None:
        with pytest.raises(Usage, match="not for a profile"):
            template(kind("topic"), "Rye", "", PROFILE)

    def test_what_it_lacks(self) -> None:
        assert lacking(kind("journey"), template(kind("journey"), "Run", "", None)) == "case"


@pytest.mark.parametrize(
    ("ids", "artifact", "right"),
    [
        ("{case}/journeys/{slug}", "harbour/journeys/launch", True),
        ("{case}/journeys/{slug}", "harbour/journeys/launch/deep", False),
        ("{case}/journeys/{slug}", "harbour/profiles/launch", False),
        ("topics/{slug}", "topics/tides", True),
        ("topics/{slug}", "topics", False),
        ("topics/{slug}", "harbour/journeys/launch", False),
        ("{slug}", "harbour", True),
        ("{slug}", "topics", False),
        ("artifact-types/{metamodel}", "artifact-types/profile-id/journey", True),
        ("keys/{type}/{slug}", "keys/profile-id/journey/few-stages", True),
    ],
)
def test_an_id_has_the_form_of_its_kind(ids: str, artifact: str, right: bool) -> None:
    kind = Kind("any", "Any", "1.0", "", {}, Shape(), "", ids)
    assert fits(kind, artifact) is right
