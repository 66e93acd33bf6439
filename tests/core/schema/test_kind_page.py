from __future__ import annotations

import pytest

from twinpage.core.lens import get
from twinpage.core.schema.kind_page import describe, example_note, example_view
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.model.kind import Kind, Shape
from twinpage.model.page import Dialect

KINDS = Registry(shipped.schemas())
BOTH = [DIALECTS["obsidian"], DIALECTS["logseq"]]


class Slugs:
    """Names of a vault in which every note has the id that its title suggests."""

    def id_of(self, target: str) -> str | None:
        return target.lower().replace(" ", "-")

    def link_to(self, artifact: str) -> str | None:
        return None


def kind(name: str) -> Kind:
    found = KINDS.kind(name)
    assert found is not None
    return found


@pytest.mark.parametrize("dialect", BOTH, ids=lambda d: d.name)
@pytest.mark.parametrize("name", KINDS.names())
def test_the_example_of_every_kind_is_a_note_that_its_schema_allows(name: str, dialect: Dialect) -> None:
    text = example_note(kind(name), dialect)
    assert "artifact-id" not in text
    page = dialect.parse("Example.md", text)
    assert page.problems == ()
    assert page.property("artifact-kind") == name
    reading = get(page, kind(name), Slugs())
    assert reading.problems == ()
    assert set(reading.value) == set(example_view(kind(name)))
    artifact = {"kind": name, "id": "x", "schema": f"{name}/1.0", "name": "Example", **reading.value}
    assert KINDS.validate(artifact, kind(name)) == ()


@pytest.mark.parametrize("name", KINDS.names())
def test_every_field_stands_on_the_page(name: str) -> None:
    page = describe(kind(name), BOTH)
    lines = page.split("\n")

    def look(shape: Shape, seen: tuple[Shape, ...]) -> None:
        for f in shape.fields:
            assert any(line.startswith(f"- **{f.name}**") and f.description in line for line in lines), f.name
            if f.shape and f.place != "hidden" and f.shape not in seen:
                look(f.shape, (*seen, f.shape))

    look(kind(name).shape, ())
    assert "## In Obsidian" in page
    assert "## In Logseq" in page
    assert page.endswith("```\n")
    assert "  " not in "".join(line for line in lines if line.startswith("- **"))


def test_the_page_says_where_what_and_whether() -> None:
    lines = describe(kind("journey"), BOTH).split("\n")
    assert lines[0] == "# Journey (`journey/1.0`)"
    assert "- artifact file: `artifacts/{case}/journeys/{slug}.json`" in lines
    assert "- **profile**, expected: a link to a profile; property `profile`. Whose journey it is." in lines
    assert (
        "- **stages**, required: a list, each a stage of its own; section `Stages`, one heading each. "
        "Its steps, in order." in lines
    )
    assert "- **emotion**: a whole number from -2 to 2; labelled `Emotion`. How it feels." in lines
    assert "- **moment-of-truth**: yes or no; labelled `Moment of truth`. " in "\n".join(lines)
    assert "### Each touchpoint of each stage" in lines
    assert "### Each KPI and each KPI of each stage" in lines


def test_the_page_tells_needs_embeds_and_bound_types() -> None:
    page = describe(kind("profile"), BOTH)
    assert "- should have: a sales strategy whose `profile` names it, else TP302" in page
    assert "- section `Journey`: embeds of its journey, never read as a value" in page
    assert "- content of the artifact type: `profile-(id)`" in page
    assert "- section `👉 Examples`: embeds of its examples" in describe(kind("artifact-type"), BOTH)


def test_a_recursive_kind_is_told_once() -> None:
    page = describe(kind("entry"), [DIALECTS["logseq"]])
    assert page.count("### Each item") == 1
    assert "In Obsidian" not in page


def test_a_teams_kind_has_a_page_of_its_own() -> None:
    schema = {
        "$id": "/supplier/1.0",
        "properties": {"kind": {"const": "supplier"}, "notes": {"type": "array", "items": {"type": "string"}}},
    }
    kinds = Registry(shipped.schemas(), {"schemas/supplier.schema.json": schema})
    supplier = kinds.kind("supplier")
    assert supplier is not None
    page = describe(supplier, BOTH)
    assert "- the team's own, from: `schemas/supplier.schema.json`" in page
    assert "- **notes**: a list, each a text; section `Notes`, one bullet each." in page
    assert "## Notes\n- A note\n" in page
