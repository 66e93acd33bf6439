"""What is compiled of the shipped kinds serves every vault; what a team adds is its own."""

from __future__ import annotations

import pytest

from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped

PATH = "schemas/crew.schema.json"


def crew(title: str) -> dict[str, object]:
    return {
        "$id": "https://example.org/crew/1.0",
        "title": title,
        "type": "object",
        "properties": {"kind": {"const": "crew"}, "size": {"type": "integer"}},
    }


@pytest.fixture
def base() -> Registry:
    return Registry(shipped.schemas())


def test_shipped_kinds_are_compiled_once_for_all(base: Registry) -> None:
    one, other = base.with_team({PATH: crew("Crew")}), base.with_team({})
    assert one.kind("topic") is other.kind("topic") is base.kind("topic")


def test_shipped_validators_are_made_once_for_all(base: Registry) -> None:
    topic = base.kind("topic")
    assert topic is not None
    wrong = {"kind": "topic", "id": "steam", "schema": topic.schema_name, "name": 7}
    one, other = base.with_team({}), base.with_team({PATH: crew("Crew")})
    assert one.validate(wrong, topic) == other.validate(wrong, topic) != ()
    assert one._compiled("topic").validators is other._compiled("topic").validators


def test_a_teams_kind_is_known_to_that_team_alone(base: Registry) -> None:
    one, other = base.with_team({PATH: crew("Crew")}), base.with_team({PATH: crew("Team")})
    assert [registry.kind("crew").title for registry in (one, other)] == ["Crew", "Team"]  # type: ignore[union-attr]
    assert base.kind("crew") is None
    assert one.with_team({}).kind("crew") is None, "it is the shipped kinds that are added to"


def test_what_is_wrong_with_a_teams_schema_is_told_to_that_team_alone(base: Registry) -> None:
    bad = base.with_team({PATH: {"type": "object"}})
    assert set(bad.problems) == {PATH}
    assert base.problems == base.with_team({}).problems == bad.with_team({}).problems == {}


def test_a_teams_validator_is_its_own(base: Registry) -> None:
    one, other = (
        base.with_team({PATH: {**crew("Crew"), "required": required}}) for required in (["kind"], ["kind", "size"])
    )
    value = {"kind": "crew", "id": "night", "schema": "crew/1.0", "name": "Night"}
    verdicts = []
    for registry in (one, other):
        kind = registry.kind("crew")
        assert kind is not None
        verdicts.append(bool(registry.validate(value, kind)))
    assert verdicts == [False, True]
