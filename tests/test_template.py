"""What a new vault is made of: the shipped artifacts and the apps' settings."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from twinpage.config import KEYS, parse
from twinpage.core import artifact_text, lens
from twinpage.core.fields import references
from twinpage.core.logseq_settings import is_legacy, lines_to_add
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.model.names import canonical_metamodel_id, fold, is_artifact_id, slug_path
from twinpage.model.source import Source
from twinpage.workspace.settings import known_words

REGISTRY = Registry(shipped.schemas())
TOP = shipped.template()
CASES = {
    "space-x": "Space X",
    "vein-visualizer": "vein visualizer",
    "extinguished-animals-meat": "extinguished animals meat",
    "exotic-pet-rental": "Exotic Pet Rental",
    "underwater-restaurant": "Underwater restaurant",
}
MARKERS = {"weight", "completion", "uncertainty", "risk", "priority", "rating", "phase", "term", "phase-triplet"}


def _sources() -> dict[str, Source]:
    files = {path: data for path, data in shipped.template_files() if path.startswith("artifacts/")}
    return {path: artifact_text.read_bytes(path, data) for path, data in files.items()}


SOURCES = _sources()
VALUES: dict[str, dict[str, Any]] = {
    path.removeprefix("artifacts/").removesuffix(".json"): source.value or {} for path, source in SOURCES.items()
}


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {artifact: value for artifact, value in VALUES.items() if value.get("kind") == kind}


@pytest.mark.parametrize("path", SOURCES)
def test_an_artifact_file_is_valid_canonical_and_where_its_id_says(path: str) -> None:
    source = SOURCES[path]
    assert source.problems == ()
    value = source.value or {}
    kind = REGISTRY.kind(value["kind"])
    assert kind is not None
    jsonschema_rs.validator_for(dict(kind.schema)).validate(value)
    assert artifact_text.is_canonical(source, kind)
    assert path == f"artifacts/{value['id']}.json"
    assert is_artifact_id(value["id"])
    assert value["schema"] == kind.schema_name


@pytest.mark.parametrize("artifact", VALUES)
def test_references_resolve_to_the_kinds_that_they_may_name(artifact: str) -> None:
    value = VALUES[artifact]
    kind = REGISTRY.kind(value["kind"])
    assert kind is not None
    for pointer, field, target in references(kind.shape, value):
        assert target in VALUES, pointer
        assert not field.to or VALUES[target]["kind"] in field.to, pointer
    if "case" in value:
        assert artifact.startswith(f"{value['case']}/")


def test_the_number_of_artifacts_and_the_five_cases() -> None:
    assert 110 <= len(VALUES) <= 140
    assert {artifact: value["name"] for artifact, value in of_kind("case").items()} == CASES
    assert all(value["example"] is True for value in of_kind("case").values())
    assert {artifact.removeprefix("markers/") for artifact in of_kind("marker")} == MARKERS


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_rich(case: str) -> None:
    count = Counter(value["kind"] for value in VALUES.values() if value.get("case") == case)
    assert count["segment"] >= 2
    assert count["profile"] >= 3
    assert count["journey"] >= 2
    assert count["sales-strategy"] >= 2
    assert count["entry"] >= 2
    for journey in of_kind("journey").values():
        assert len(journey["stages"]) >= 6
        for stage in journey["stages"]:
            assert len(stage["description"]) > 60, (journey["id"], stage["id"])
            assert -2 <= stage["emotion"] <= 2
            assert stage["touchpoints"]
        assert any(stage.get("moment-of-truth") for stage in journey["stages"])
    for strategy in of_kind("sales-strategy").values():
        assert len(strategy["items"]) >= 3
        assert all(item["description"] for item in strategy["items"])


def test_one_profile_lacks_a_journey_and_another_a_sales_strategy() -> None:
    profiles = set(of_kind("profile"))
    without_journey = profiles - {value["profile"] for value in of_kind("journey").values()}
    without_strategy = profiles - {value["profile"] for value in of_kind("sales-strategy").values()}
    assert without_journey == {"exotic-pet-rental/profiles/museum-educator"}
    assert without_strategy == {"underwater-restaurant/profiles/corporate-host"}
    assert set(of_kind("segment")) == {value["segment"] for value in of_kind("profile").values()}


def test_no_text_of_a_case_names_another_case() -> None:
    names = {case: [case, VALUES[case]["name"], *VALUES[case].get("aliases", [])] for case in CASES}
    folded = {case: {fold(name).replace(" ", "").replace("-", "") for name in said} for case, said in names.items()}
    for artifact, value in VALUES.items():
        own = artifact.split("/")[0]
        text = fold(json.dumps(value, ensure_ascii=False)).replace(" ", "").replace("-", "")
        for case in set(CASES) - {own}:
            assert not any(name in text for name in folded[case]), (artifact, case)


def test_artifact_types_say_what_people_come_for_and_name_only_what_is_there() -> None:
    names = {value["name"] for value in VALUES.values()}
    types = of_kind("artifact-type")
    parts = {artifact.split("/")[1] for artifact in types}
    assert parts == {"segment-list", "segment-id", "profile-list", "profile-id"}
    for artifact, value in types.items():
        metamodel = value["metamodel-id"]
        assert canonical_metamodel_id(metamodel) == metamodel
        assert artifact == f"artifact-types/{slug_path(metamodel)}"
        assert value["definition"]
        assert len(value["description"]) > 150
        assert value["copilot"]["sentence"]
        assert len(value["copilot"]["questions"]) >= 2
        assert all(tool["use"] for tool in value["tools"])
        assert len(value["tools"]) >= 2
        named = {*value.get("item-classes", []), *value.get("relations", []), *value.get("topics", [])}
        assert named <= names, artifact
    for entry in of_kind("entry").values():
        assert all(item.get("class", "goal") in names for item in entry.get("items", []))


# ---------------------------------------------------------------------- as notes


class Titles:
    """Names of the artifacts as titles, the first in the order of ids taking the plain one."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        for artifact in sorted(VALUES):
            value = VALUES[artifact]
            title = value["name"] if fold(value["name"]) not in self.ids else f"{value['name']} ({value['kind']})"
            self.titles[artifact] = title
            self.ids[fold(title)] = artifact

    def id_of(self, target: str) -> str | None:
        return self.ids.get(fold(target))

    def link_to(self, artifact: str) -> str | None:
        return self.titles.get(artifact)


TITLES = Titles()


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
@pytest.mark.parametrize("artifact", VALUES)
def test_every_artifact_can_be_a_note_and_reads_back(artifact: str, dialect: str) -> None:
    value = VALUES[artifact]
    kind = REGISTRY.kind(value["kind"])
    assert kind is not None
    view = {name: held for name, held in value.items() if name not in ("kind", "id", "schema")}
    text = lens.compose(DIALECTS[dialect], kind, artifact, view, TITLES)
    page = DIALECTS[dialect].parse("Note.md", text)
    reading = lens.get(page, kind, TITLES, None)
    assert reading.value == view
    assert reading.problems == ()
    assert reading.held == ()


# ---------------------------------------------------------------------- settings of the apps


def test_the_settings_of_twinpage_are_right_also_with_every_comment_removed() -> None:
    text = (TOP / "common" / "twinpage.toml").read_text(encoding="utf-8")
    assert parse(text, known_words(REGISTRY))[1] == ()
    used = "\n".join(re.sub(r"^# (?=[\w-]+ = |\[)", "", line) for line in text.split("\n"))
    config, mistakes = parse(used, known_words(REGISTRY))
    assert mistakes == ()
    assert set(tomllib.loads(used)) == set(KEYS)
    assert config.dialect == "obsidian"


def test_logseq_shows_our_properties_neither_as_pages_nor_in_the_way() -> None:
    text = (TOP / "logseq" / "logseq" / "config.edn").read_text(encoding="utf-8")
    assert not is_legacy(text)
    assert lines_to_add(text, REGISTRY) == []
    assert ":meta/version 1" in text
    assert text.count("{") == text.count("}")


def test_obsidian_knows_the_type_of_every_property() -> None:
    types = json.loads((TOP / "obsidian" / ".obsidian" / "types.json").read_text(encoding="utf-8"))["types"]
    special = {"aliases": "aliases", "tags": "tags"}
    plain = {"integer": "number", "number": "number", "boolean": "checkbox", "lines": "multitext"}
    wanted = {"artifact-id": "text", "artifact-kind": "text", "flags-ignored": "multitext"}
    for kind in REGISTRY:
        for field in kind.shape.fields:
            if field.place == "property":
                by_format = "date" if field.format == "date" else "text"
                wanted[field.name] = special.get(field.name) or plain.get(field.type, by_format)
    assert types == wanted


def test_settings_in_json_can_be_read_and_every_kind_of_file_has_its_schema() -> None:
    for path in TOP.glob("*/.*/*.json"):
        assert isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    settings = json.loads((TOP / "common" / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    by_kind = {
        entry["url"].rpartition("/")[2].removesuffix(".schema.json"): entry["fileMatch"][0]
        for entry in settings["json.schemas"]
    }
    assert set(by_kind) == set(REGISTRY.names())
    for artifact, value in VALUES.items():
        path = Path(f"/artifacts/{artifact}.json")
        matching = {kind for kind, pattern in by_kind.items() if _matches(path.as_posix(), pattern)}
        assert value["kind"] in matching
        assert len(matching - {"case"}) <= 1


def _matches(path: str, pattern: str) -> bool:
    words = re.escape(pattern).replace(r"/\*\*/", "/(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(words, path) is not None


def test_git_ignores_what_belongs_to_one_machine() -> None:
    lines = (TOP / "common" / "gitignore").read_text(encoding="utf-8").split("\n")
    assert lines[1] == ".twinpage/"
    assert {".obsidian/workspace.json", "logseq/bak/"} <= set(lines)
