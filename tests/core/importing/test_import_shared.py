"""The import on real documents beside the checkout, against their ground truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from twinpage.core.importing import ImportResult, import_documents
from twinpage.core.schema.registry import Registry
from twinpage.model.names import slug

Read = Callable[..., dict[str, bytes]]
Count = Callable[[Mapping[str, bytes], ImportResult], list[str]]

EXPECTED = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "EXPECTED.json"
GEN1 = "corpus/seed-gen1_plast-3d775ad0"
GEN2 = "corpus/seed-gen2_plast-e5a77c1c"
CASES = ("space-x", "vein-visualizer", "extinguished-animals-meat", "exotic-pet-rental", "underwater-restaurant")


def expected() -> dict[str, Any]:
    if not EXPECTED.exists():
        pytest.skip("../shared/corpus/EXPECTED.json is not there")
    truth: dict[str, Any] = json.loads(EXPECTED.read_text("utf-8"))
    return truth


def of_kind(result: ImportResult, kind: str) -> list[dict[str, Any]]:
    return [artifact for artifact in result.artifacts if artifact["kind"] == kind]


def of_case(result: ImportResult, kind: str, case: str) -> dict[str, Any]:
    (found,) = [artifact for artifact in of_kind(result, kind) if artifact["case"] == case]
    return found


def test_the_seeds(registry: Registry, shared: Read) -> None:
    result = import_documents(shared("seeds"), registry)
    assert len(result.repaired) == 3
    assert Counter(artifact["kind"] for artifact in result.artifacts) == {
        "artifact-type": 3,
        "case": 5,
        "segment": 4,
        "profile": 5,
        "journey": 5,
        "sales-strategy": 5,
        "topic": 2,
    }
    assert [len(of_case(result, "journey", case)["stages"]) for case in CASES] == [9, 9, 10, 9, 10]
    assert [len(of_case(result, "sales-strategy", case)["items"]) for case in CASES] == [7, 7, 7, 7, 5]
    assert {case["id"] for case in of_kind(result, "case") if case["example"]} == set(CASES)


def test_every_reference_of_the_seeds_resolves(registry: Registry, shared: Read) -> None:
    result = import_documents(shared("seeds"), registry)
    ids = {artifact["id"] for artifact in result.artifacts}
    for artifact in result.artifacts:
        assert {artifact[field] for field in ("case", "segment", "profile") if field in artifact} <= ids
    for case in CASES:
        assert of_case(result, "journey", case)["profile"] == of_case(result, "sales-strategy", case)["profile"]


@pytest.mark.parametrize(("folder", "truth"), [("seeds", "seeds"), (GEN2, "gen2")])
def test_sections_and_stages_agree_with_the_ground_truth(
    folder: str, truth: str, registry: Registry, shared: Read
) -> None:
    documents = shared(folder)
    for name, page in expected()[truth].items():
        path = next(path for path in documents if path.endswith(f"/{name}"))
        alone = import_documents({path: documents[path]}, registry)
        (made,) = of_kind(alone, "artifact-type")
        assert made["format"] == page["contentType"]
        # For one page that has tools the ground truth gives none.
        assert page["tools"] in ([], [tool["name"] for tool in made["tools"]])
        assert len(made.get("copilot", {}).get("questions", [])) == page["questionLines"]
        assert bool(made.get("keys")) == ("Keys" not in page["emptySections"])
        for case, example in page["examples"].items():
            stages = [a["stages"] for a in of_kind(alone, "journey") if a["case"] == slug(case)]
            assert [[stage["name"] for stage in found] for found in stages] == [example["stages"]] * bool(stages)
            assert bool(stages) == bool(example["stages"])
            header = example.get("header", {})
            for field, kind in (("Segment ID", "segment"), ("Profile ID", "profile")):
                if field in header:
                    assert of_case(alone, kind, slug(case))["name"] == header[field].replace("___", " / ")


def test_all_cases_of_the_later_layout(registry: Registry, shared: Read) -> None:
    result = import_documents(shared(GEN2), registry)
    assert not result.report
    assert [len(of_case(result, "journey", case)["stages"]) for case in CASES] == [9, 9, 10, 9, 10]
    assert [len(of_case(result, "sales-strategy", case)["items"]) for case in CASES] == [7, 7, 7, 7, 5]
    profile = next(a for a in result.artifacts if a["id"] == of_case(result, "journey", "space-x")["profile"])
    assert profile["segment"] == "space-x/segments/government-agencies"
    assert len(of_kind(result, "artifact-type")) == 26


def test_the_earlier_layout(registry: Registry, shared: Read) -> None:
    result = import_documents(shared(GEN1), registry)
    kinds = Counter(artifact["kind"] for artifact in result.artifacts)
    assert (kinds["artifact-type"], kinds["key"], kinds["case"]) == (27, 32, 5)
    assert sum("was passed over" in remark for remark in result.remarks) == 16
    assert {line.why for line in result.report} == {"it embeds a page that is not among the documents"}
    weights = {artifact["id"]: artifact.get("weight") for artifact in of_kind(result, "key")}
    assert weights["keys/profile-id/goals/pain-perception"] == 70


@pytest.mark.parametrize("folders", [("seeds",), (GEN1,), (GEN2,), ("seeds", GEN1, GEN2), ("corpus/logseq-graph",)])
def test_every_line_is_in_an_artifact_or_in_the_report(
    folders: tuple[str, ...], registry: Registry, shared: Read, unaccounted: Count
) -> None:
    documents = shared(*folders)
    result = import_documents(documents, registry)
    assert unaccounted(documents, result) == []
    made = {(line.path, line.number) for fields in result.sources.values() for ls in fields.values() for line in ls}
    lines = sum(bool(line.strip()) for data in documents.values() for line in data.decode("utf-8-sig").split("\n"))
    assert len(made | {(line.path, line.line) for line in result.report}) > 0.6 * lines
