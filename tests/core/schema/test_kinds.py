from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinpage.core.artifact_text import read, write
from twinpage.core.schema.kinds import COMMON, BadSchema, compile_kind, kind_name
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.kind import Embed, Field, Kind, Need, Shape
from twinpage.model.labels import fold_label

KINDS = Registry(shipped.schemas())
DRAFT = "https://json-schema.org/draft/2020-12/schema"

SUPPLIER: dict[str, Any] = {
    "$schema": DRAFT,
    "$id": "https://tea.example/schemas/supplier/1.2",
    "title": "Supplier",
    "description": "Who brings the leaves.",
    "x-folder": "Suppliers",
    "x-ids": "{case}/suppliers/{slug}",
    "x-needs": [{"kind": "supplier", "by": "succeeds", "code": "TP306"}],
    "allOf": [{"$ref": COMMON}],
    "type": "object",
    "properties": {
        "kind": {"const": "supplier"},
        "schema": {"const": "supplier/1.2"},
        "case": {"type": "string", "x-ref": ["case"]},
        "succeeds": {"$ref": "#/$defs/supplier-id"},
        "country": {"type": "string"},
        "deliveries": {
            "type": "array",
            "x-page": {"as": "headings", "icon": "📦"},
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string", "x-page": "title"},
                    "boxes": {"type": "integer", "minimum": 1},
                },
                "required": ["id", "name"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["case"],
    "unevaluatedProperties": False,
    "$defs": {"supplier-id": {"type": "string", "x-ref": ["supplier"]}},
}


def kind(name: str) -> Kind:
    found = KINDS.kind(name)
    assert found is not None
    return found


def field(kind_name: str, *path: str) -> Field:
    shape: Shape | None = kind(kind_name).shape
    found = None
    for name in path:
        assert shape is not None
        found = shape.by_name[name]
        shape = found.shape
    assert found is not None
    return found


def with_supplier(**changes: Any) -> Registry:
    return Registry(shipped.schemas(), {"schemas/supplier.schema.json": {**deepcopy(SUPPLIER), **changes}})


def test_the_twelve_kinds_are_there() -> None:
    method = {"artifact-type", "class", "tool", "topic", "key", "marker"}
    assert set(KINDS.names()) == method | {"case", "segment", "profile", "journey", "sales-strategy", "entry"}
    assert [k.name for k in KINDS] == list(KINDS.names()) == sorted(KINDS.names())
    assert KINDS.kind("common") is None
    assert KINDS.problems == {}


@pytest.mark.parametrize("name", KINDS.names())
def test_a_shipped_kind_is_complete(name: str) -> None:
    k = kind(name)
    assert k.schema["$schema"] == DRAFT
    assert k.schema["$id"] == f"https://twinpage.dev/schemas/{name}/1.0"
    assert k.schema_name == f"{name}/1.0" == k.schema["properties"]["schema"]["const"]
    assert k.schema["additionalProperties"] is False
    assert k.title
    assert k.description.endswith(".")
    assert k.folder
    assert k.ids.endswith(("{slug}", "{metamodel}"))
    assert k.origin == ""
    for f in every_field(k.shape):
        assert f.description.endswith("."), f.name
        assert f.form, f.name


def every_field(shape: Shape, seen: tuple[Shape, ...] = ()) -> list[Field]:
    found = list(shape.fields)
    for f in shape.fields:
        if f.shape and f.place != "hidden" and f.shape not in (*seen, shape):
            found += every_field(f.shape, (*seen, shape))
    return [f for f in found if f.place != "hidden"]


@pytest.mark.parametrize("name", KINDS.names())
def test_the_fields_of_every_artifact_are_the_same_in_all_kinds(name: str) -> None:
    common = shipped.schemas()["common.schema.json"]["properties"]
    for key, own in kind(name).schema["properties"].items():
        if key in common and key not in ("kind", "schema"):
            ignored = ("x-page", "x-expected", "description") if key in ("body", "aliases", "icon") else ()
            assert {k: v for k, v in own.items() if k not in ignored} == {
                k: v for k, v in common[key].items() if k not in ignored
            }
    assert set(common) <= set(kind(name).schema["properties"])
    definitions = shipped.schemas()["common.schema.json"]["$defs"]
    for key, own in kind(name).schema["$defs"].items():
        assert own == definitions.get(key, own)


def test_types_and_places_follow_from_the_schema() -> None:
    assert (field("journey", "goal").type, field("journey", "goal").place) == ("text", "section")
    assert (field("journey", "rank").type, field("journey", "rank").place) == ("integer", "property")
    assert (field("journey", "expectations").type, field("journey", "expectations").place) == ("lines", "bullets")
    assert (field("journey", "stages").type, field("journey", "stages").place) == ("items", "headings")
    assert (field("profile", "persona").type, field("profile", "persona").place) == ("record", "section")
    assert (field("profile", "segment").type, field("profile", "segment").to) == ("reference", ("segment",))
    assert field("entry", "about").to == ("segment", "profile", "entry")
    assert field("journey", "stages", "moment-of-truth").type == "boolean"
    assert field("journey", "stages", "channels").place == "property"
    assert field("journey", "stages", "touchpoints", "experience").form == "a whole number from -2 to 2"
    assert field("journey", "last-reviewed").format == "date"
    assert field("journey", "model").choices == ("planned", "actual")
    assert field("journey", "extras").place == "hidden"
    assert field("journey", "conflicts").place == "hidden"
    assert field("case", "tags").unordered
    assert not field("journey", "stages").unordered
    assert field("journey", "stages").required
    assert field("journey", "profile").expected
    assert field("artifact-type", "item-classes").link


def test_items_have_titles_bodies_and_ids() -> None:
    stage = field("journey", "stages").shape
    assert stage is not None
    assert stage.identified
    assert stage.title is stage.by_name["name"]
    assert stage.body is stage.by_name["description"]
    touchpoint = field("journey", "stages", "touchpoints").shape
    assert touchpoint is not None
    assert touchpoint.by_name["kind"].choices == ("communication", "action")
    assert not {"kind", "id", "schema"} & set(kind("journey").shape.by_name)
    objection = field("sales-strategy", "objections").shape
    assert objection is not None
    assert (objection.title, objection.body) == (objection.by_name["objection"], objection.by_name["response"])
    tool = field("artifact-type", "tools").shape
    assert tool is not None
    assert tool.title is not None
    assert tool.title.link


def test_labels_and_icons_are_those_of_the_notes() -> None:
    labels = {f.label: f.icon for f in kind("artifact-type").shape.fields if f.icon}
    assert labels == {
        "Definition": "🔍",
        "Keys": "🔑",
        "innCoPilot": "🤖",
        "Description": "📖",
        "Topics": "🗄️",
        "Tools": "🧰",
    }
    assert field("sales-strategy", "items").label == "Strategies"
    assert field("journey", "stages", "moment-of-truth").label == "Moment of truth"
    by_label = kind("sales-strategy").shape.by_label
    assert by_label[fold_label("**Strategies:**")] is by_label["items"] is field("sales-strategy", "items")
    assert "extras" not in by_label
    assert fold_label("description") not in (field("journey", "stages").shape or Shape()).by_label


def test_a_shape_may_contain_itself() -> None:
    element = field("entry", "items").shape
    assert element is not None
    assert element.by_name["items"].shape is element


def test_needs_types_and_embeds() -> None:
    assert kind("profile").needs == (Need("journey", "profile", "TP301"), Need("sales-strategy", "profile", "TP302"))
    assert kind("segment").needs == (Need("profile", "segment", "TP303"),)
    assert kind("profile").embeds == (
        Embed("Journey", "", "journey", "profile"),
        Embed("Sales strategy", "", "sales-strategy", "profile"),
    )
    assert kind("artifact-type").embeds == (Embed("Examples", "👉"),)
    bound = {k.bound_type: k.name for k in KINDS if k.bound_type}
    assert bound == {
        "segment-(id)": "segment",
        "profile-(id)": "profile",
        "profile-(id)/journey": "journey",
        "profile-(id)/sales-strategy": "sales-strategy",
    }
    for canonical_id, name in bound.items():
        assert KINDS.kind_of_metamodel(canonical_id) is kind(name)
    assert KINDS.kind_of_metamodel("profile-(id)/goals") is None
    assert KINDS.kind_of_metamodel("") is None


def test_a_kind_of_the_teams_own_needs_no_python() -> None:
    kinds = with_supplier()
    assert kinds.problems == {}
    supplier = kinds.kind("supplier")
    assert supplier is not None
    assert kinds.names()[-1] == "supplier"
    assert supplier.origin == "schemas/supplier.schema.json"
    assert supplier.schema_name == "supplier/1.2"
    names = [f.name for f in supplier.shape.fields]
    assert names[:6] == ["name", "case", "succeeds", "country", "deliveries", "aliases"]
    assert names[-5:] == ["body", "extras", "layout", "ignore", "conflicts"]
    assert supplier.shape.by_name["succeeds"].to == ("supplier",)
    assert supplier.shape.by_name["deliveries"].icon == "📦"
    value = {
        "kind": "supplier",
        "id": "tea-house/suppliers/hill",
        "schema": "supplier/1.2",
        "name": "Hill",
        "case": "tea-house",
        "country": "Nepal",
        "deliveries": [{"id": "spring", "name": "Spring", "boxes": 3}],
        "tags": ["green"],
    }
    assert kinds.validate(value, supplier) == ()
    assert read("x", write(value, supplier)).value == value
    wrong = {**value, "county": "Nepal", "deliveries": [{"id": "spring", "name": "Spring", "boxes": 0}]}
    assert [(p.code, p.pointer, p.message) for p in kinds.validate(wrong, supplier)] == [
        (
            "TP101",
            "/deliveries/spring/boxes",
            "Boxes of delivery Spring is 0, which is out of range. Write a whole number of at least 1.",
        ),
        (
            "TP101",
            "/county",
            "The supplier has no field county. If you meant country, write that; if not, move it to extras.",
        ),
    ]


def test_a_small_schema_is_enough() -> None:
    tiny = {"$id": "/note/1.0", "properties": {"kind": {"const": "note"}, "name": {"type": "string"}}}
    kinds = Registry(shipped.schemas(), {"schemas/note.json": tiny})
    assert kinds.problems == {}
    note = kinds.kind("note")
    assert note is not None
    assert (note.title, note.folder, note.ids, note.version) == ("Note", "Note", "notes/{slug}", "1.0")


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"x": schema}}
    return schema


def prop(schema: object, name: str = "extra-field") -> dict[str, Any]:
    return {"properties": {**SUPPLIER["properties"], name: schema}}


@pytest.mark.parametrize(
    ("changes", "pointer", "says"),
    [
        ({"$id": "https://tea.example/supplier.json"}, "/$id", "must end with the kind and its version"),
        ({"$id": "https://tea.example/vendor/1.0"}, "/$id", ".../supplier/1.0"),
        ({"$id": "https://tea.example/supplier/1"}, "/$id", "must end with the kind and its version"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "/$schema", "2020-12"),
        ({"properties": {}}, "/properties/kind", "names no kind"),
        ({"properties": {"kind": {"const": "journey"}}}, "/properties/kind/const", "There is a kind journey already"),
        ({"properties": {"kind": {"const": "Big Kind"}}}, "/properties/kind/const", "cannot name a kind"),
        ({"type": "objekt"}, "/type", 'type cannot be "objekt". Write one of string, integer'),
        (prop({"maxLength": -1}), "/properties/extra-field/maxLength", "maxLength cannot be -1. Look up"),
        (prop({"enum": "a" * 99}), "/properties/extra-field/enum", f'enum cannot be "{"a" * 59}.... Look up'),
        ({"required": [1]}, "/required/0", "no valid JSON Schema: required cannot be 1."),
        ({"x-ids": "../{slug}"}, "/x-ids", "pattern of ids"),
        ({"x-ids": "topics/{slug}"}, "/x-ids", "Another kind has the ids"),
        ({"x-folder": "../outside"}, "/x-folder", "inside the vault"),
        ({"x-folder": "/etc"}, "/x-folder", "inside the vault"),
        ({"x-folder": 3}, "/x-folder", "inside the vault"),
        ({"x-needs": [{"kind": "journey"}]}, "/x-needs/0", "kind and by"),
        ({"x-embeds": ["Examples"]}, "/x-embeds/0", "section"),
        ({"x-type": []}, "/x-type", "metamodel id"),
        (prop({"$ref": "http://127.0.0.1:9/steal"}), "/properties/extra-field/$ref", "Nothing is fetched"),
        (prop({"$ref": "file:///etc/passwd"}), "/properties/extra-field/$ref", "Nothing is fetched"),
        (prop({"$ref": "#/$defs/none"}), "/properties/extra-field/$ref", "points to nothing"),
        (prop({"$ref": "#/properties/extra-field"}), "/properties/extra-field/$ref", "back to itself"),
        (prop({"allOf": [{"$ref": "#/properties/extra-field"}]}), "/properties/extra-field/allOf/0/$ref", "itself"),
        (prop({"$ref": COMMON, "$dynamicRef": "#x"}), "/properties/extra-field/$dynamicRef", "not for kinds"),
        (prop({"type": "object", "patternProperties": {}}), "/properties/extra-field/patternProperties", "not for"),
        (prop({"$id": "https://x.example/y"}), "/properties/extra-field/$id", "one $id"),
        (prop({"type": "string", "pattern": "a" * 301}), "/properties/extra-field/pattern", "simpler"),
        (prop({"type": "string", "pattern": r"(a)\1"}), "/properties/extra-field/pattern", "simpler"),
        (prop({"type": "string", "pattern": "(?=a)a"}), "/properties/extra-field/pattern", "simpler"),
        (prop({"type": "string", "pattern": "(((a{99}){99}){99}){99}"}), "/properties/extra-field/pattern", "simpler"),
        (prop({"type": "string"}, "template"), "/properties/template", "cannot name a field"),
        (prop({"type": "string"}, "Extra"), "/properties/Extra", "cannot name a field"),
        (prop({"type": "string", "x-page": "heading"}), "/properties/extra-field/x-page", "x-page is one of"),
        (prop({"type": "string", "x-page": {"colour": "red"}}), "/properties/extra-field/x-page", "x-page is one of"),
        (prop({"type": "string", "x-ref": "case"}), "/properties/extra-field/x-ref", "list of kinds"),
        (prop({"type": "string", "x-page": {"label": "Country"}}), "", "would both be called Country"),
        (prop(deep(60)), "", "40 deep"),
        (prop({"enum": [{} for _ in range(6_000)]}), "", "5,000 parts"),
    ],
)
def test_a_bad_schema_is_no_kind_and_says_why(changes: dict[str, Any], pointer: str, says: str) -> None:
    kinds = with_supplier(**changes)
    (problems,) = kinds.problems.values()
    assert kinds.kind("supplier") is None
    assert kinds.kind("journey") is not None
    assert any(says in p.message for p in problems)
    assert {p.code for p in problems} == {"TP121"}
    assert all(p.message.endswith(".") for p in problems)
    assert any(p.pointer.startswith(pointer) if pointer == "" else p.pointer == pointer for p in problems)


def test_a_schema_that_is_no_object_is_no_kind() -> None:
    kinds = Registry(shipped.schemas(), {"schemas/a.json": ["x"], "schemas/b.json": True})  # type: ignore[dict-item]
    assert set(kinds.problems) == {"schemas/a.json", "schemas/b.json"}


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, part in steps for place in places(part, (*path, key)))]


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, -1.5, "", "x", "#", "#/$defs/x", [], ["x"], [3], {}, {"x": {}}, {"type": 3}]
)
WORDS = ["$ref", "type", "items", "allOf", "properties", "required", "enum", "const", "x-page", "x-ref", "x-form"]


@given(st.sampled_from(places(SUPPLIER)), st.sampled_from(["", *WORDS]), ODD)
def test_no_schema_stops_the_others(place: tuple[Any, ...], word: str, odd: Any) -> None:
    schema: Any = {"top": deepcopy(SUPPLIER)}
    node, last = schema, "top"
    for step in place:
        node, last = node[last], step
    if word and isinstance(node[last], dict):
        node[last][word] = odd
    else:
        node[last] = odd
    kinds = Registry(shipped.schemas(), {"schemas/odd.json": schema["top"]})
    assert kinds.kind("journey") is not None
    for own in kinds:
        if own.origin:
            kinds.validate({"kind": own.name, "schema": own.schema_name, "deliveries": [{"id": 3}]}, own)
        else:
            assert own.shape.fields


def test_patterns_that_would_explode_elsewhere_are_matched_in_linear_time() -> None:
    kinds = with_supplier(**prop({"type": "string", "pattern": "^(a+)+$"}))
    supplier = kinds.kind("supplier")
    assert supplier is not None
    value = {"kind": "supplier", "id": "x", "schema": "supplier/1.2", "name": "X", "case": "x"}
    problems = kinds.validate({**value, "extra-field": "a" * 50_000 + "!"}, supplier)
    assert [p.pointer for p in problems] == ["/extra-field"]
    assert kinds.validate({**value, "extra-field": "a" * 50_000}, supplier) == ()


def test_a_recursive_schema_of_a_team_is_fine() -> None:
    part = {"type": "object", "properties": {"id": {"type": "string"}, "parts": {"$ref": "#/properties/parts"}}}
    kinds = with_supplier(**prop({"type": "array", "items": part}, "parts"))
    supplier = kinds.kind("supplier")
    assert supplier is not None
    inner = supplier.shape.by_name["parts"].shape
    assert inner is not None
    assert inner.by_name["parts"].shape is inner


def test_compile_kind_alone_refuses_what_is_no_kind() -> None:
    with pytest.raises(BadSchema, match="names no kind"):
        compile_kind({"$id": "x", "properties": {}})
    assert kind_name({"properties": {"kind": {"const": 3}}}) == ""
    assert kind_name(json.loads("{}")) == ""
