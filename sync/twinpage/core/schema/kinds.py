"""Kinds made from JSON Schemas: how a field is written in a note follows from its type and from ``x-page``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from msgspec import Struct
from msgspec.structs import force_setattr

from twinpage.core.schema.forms import example, form
from twinpage.core.schema.names import read_schema_name
from twinpage.errors import TwinpageError
from twinpage.model.kind import Embed, Field, FieldType, Kind, Need, Place, Shape
from twinpage.model.labels import fold_label
from twinpage.model.problem import Problem

Schema = Mapping[str, Any]

COMMON = "https://twinpage.dev/schemas/common/1.0"
"""``$id`` of the schema that holds the fields of every artifact, for kinds of a team's own."""

IDENTITY = ("kind", "id", "schema")
"""Keys that are in no shape: they stand first, in this order."""

_HEAD = ("kind", "id", "schema", "name", "case")
_TAIL = ("body", "extras", "layout", "ignore", "conflicts")
_MAX_REFS = 16
_PLACES = frozenset({"title", "body", "property", "section", "bullets", "headings", "hidden"})
_SCALARS: dict[str, Literal["integer", "number", "boolean", "line"]] = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "string": "line",
}
_OWN_PLACE: dict[FieldType, Place] = {
    "text": "section",
    "record": "section",
    "lines": "bullets",
    "items": "bullets",
    "opaque": "hidden",
}


class BadSchema(TwinpageError):
    """A schema that cannot be a kind. ``problems`` say where and why, with index pointers into the schema."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = problems


class _Node(Struct, frozen=True):
    """A subschema with the document that its local references mean."""

    schema: Schema
    root: Schema


def bad(pointer: str, message: str) -> BadSchema:
    return BadSchema((Problem("TP121", 0, message, pointer),))


def kind_name(schema: Schema) -> str:
    """The kind that a schema describes, ``""`` when it is no schema of a kind (one of our outputs, say)."""
    properties = schema.get("properties")
    kind = properties.get("kind") if isinstance(properties, Mapping) else None
    name = kind.get("const") if isinstance(kind, Mapping) else None
    return name if isinstance(name, str) else ""


def follow(reference: object, root: Schema, library: Mapping[str, Schema]) -> tuple[Schema, Schema]:
    """The subschema that a ``$ref`` means, and its document. Local or in the offline library; raises BadSchema."""
    if not isinstance(reference, str):
        raise bad("", "A $ref is not a text. Write the address of a definition, such as #/$defs/line.")
    document, _, pointer = reference.partition("#")
    found: Any = library.get(document) if document else root
    if found is None:
        raise bad(
            "",
            f"$ref {reference} is neither in this schema nor one of twinpage's own. "
            "Nothing is fetched from the network: copy the definition into $defs.",
        )
    root = cast(Schema, found)
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or (pointer and not pointer.startswith("/")):
        raise bad("", f"$ref {reference} points to nothing. Define it under $defs or mend the spelling.")
    return found, root


class _Compiler:
    """One compilation: the library, and the shapes already begun (a shape may contain itself)."""

    def __init__(self, library: Mapping[str, Schema]) -> None:
        self.library = library
        self.begun: dict[int, Shape] = {}

    def resolved(self, node: _Node) -> tuple[_Node, int]:
        """The node with its ``$ref`` laid under its own keys; and the identity of what it refers to."""
        schema, root, identity = node.schema, node.root, id(node.schema)
        for _ in range(_MAX_REFS):
            if "$ref" not in schema:
                return _Node(schema, root), identity
            target, root = follow(schema["$ref"], root, self.library)
            identity = id(target)
            schema = {**target, **{k: v for k, v in schema.items() if k != "$ref"}}
        raise bad("", f"$ref {node.schema.get('$ref')} goes round in circles. Let it end at a definition.")

    def properties(self, node: _Node) -> tuple[dict[str, _Node], set[str]]:
        """Properties in the order of the note, those taken over by ``allOf`` around the own ones; required names."""
        own, required = _own_properties(node)
        taken: dict[str, _Node] = {}
        for part in _listed(node.schema.get("allOf")):
            inner, _ = self.resolved(_Node(_schema(part), node.root))
            theirs, also = self.properties(inner)
            taken.update(theirs)
            required |= also
        if not taken:
            return own, required
        everything = {**taken, **own}
        head = [n for n in everything if n in taken and n in _HEAD]
        tail = [n for n in everything if n in taken and n in _TAIL]
        middle = [n for n in own if n not in head and n not in tail]
        rest = [n for n in taken if n not in own and n not in head and n not in tail]
        return {n: everything[n] for n in (*head, *middle, *rest, *tail)}, required

    def shape(self, node: _Node, identity: int, apart: tuple[str, ...] = ("id",)) -> Shape:
        """``apart``: the keys that are no fields of such an object."""
        if identity in self.begun:
            return self.begun[identity]
        shape = self.begun[identity] = Shape()
        properties, required = self.properties(node)
        fields = [self.field(name, sub, name in required) for name, sub in properties.items() if name not in apart]
        by_label: dict[str, Field] = {}
        for f in fields:
            for label in (f.name, f.label) if f.place not in ("title", "body", "hidden") else ():
                other = by_label.setdefault(fold_label(label), f)
                if other is not f:
                    raise bad("", f"{other.name} and {f.name} would both be called {label} in a note. Rename one.")
        filled = {
            "fields": tuple(fields),
            "title": next((f for f in fields if f.place == "title"), None),
            "body": next((f for f in fields if f.place == "body"), None),
            "identified": "id" in properties,
            "by_label": by_label,
            "by_name": {f.name: f for f in fields},
        }
        for name, content in filled.items():  # a shape that contains itself must exist before its fields do
            force_setattr(shape, name, content)
        return shape

    def field(self, name: str, raw: _Node, required: bool) -> Field:
        node, identity = self.resolved(raw)
        schema = node.schema
        page = _page(schema.get("x-page"))
        to = schema.get("x-ref")
        shape: Shape | None = None
        takes, instance = form(schema), example(schema)
        item: Literal["line", "integer", "number", "reference"] = "line"
        value_type = _field_type(schema)
        if value_type == "items":
            element, element_identity = self.resolved(_Node(_schema(schema.get("items")), node.root))
            inner = _field_type(element.schema)
            takes, instance = form(element.schema), example(element.schema)
            to = element.schema.get("x-ref", to)
            if inner == "record":
                shape = self.shape(element, element_identity)
            elif inner in ("line", "integer", "number", "reference"):
                value_type, item = "lines", "reference" if to is not None else inner
            else:
                value_type = "opaque"
        elif value_type == "record":
            shape = self.shape(node, identity)
        return Field(
            name=name,
            label=page.get("label") or _label(name),
            type=value_type,
            place=page.get("as") or _OWN_PLACE.get(value_type, "property"),
            icon=page.get("icon", ""),
            link=page.get("link", False),
            to=tuple(to or ()),
            item=item,
            choices=tuple(c for c in _listed(schema.get("enum")) if isinstance(c, str)),
            format=str(schema.get("format", "")),
            unordered=bool(schema.get("x-set", False)),
            required=required,
            expected=bool(schema.get("x-expected", False)),
            shape=shape,
            form=takes,
            example=instance,
            description=str(schema.get("description", "")),
        )


def _own_properties(node: _Node) -> tuple[dict[str, _Node], set[str]]:
    own = node.schema.get("properties", {})
    nodes = {name: _Node(_schema(sub), node.root) for name, sub in own.items()}
    return nodes, set(_listed(node.schema.get("required")))


def _schema(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}  # true and false are schemas, too


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _page(value: object) -> dict[str, Any]:
    page = {"as": value} if isinstance(value, str) else dict(value) if isinstance(value, Mapping) else {}
    if page.get("as", "hidden") not in _PLACES:
        raise bad("", f"x-page says {page['as']}. Choose one of {', '.join(sorted(_PLACES))}.")
    return page


def _label(name: str) -> str:
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def _field_type(schema: Schema) -> FieldType:
    """``items`` stands for every array; the caller looks at its elements."""
    declared = schema.get("type")
    if declared == "array":
        return "items"
    if declared == "object":
        return "record" if schema.get("properties") else "opaque"
    if schema.get("contentMediaType") == "text/markdown":
        return "text"
    if schema.get("x-ref") is not None:
        return "reference"
    if isinstance(schema.get("const"), str):
        return "line"
    return _SCALARS.get(declared, "opaque") if isinstance(declared, str) else "opaque"


def compile_kind(schema: Schema, origin: str = "", library: Mapping[str, Schema] | None = None) -> Kind:
    """The kind that a schema describes. ``origin``: vault path of a team's file; ``library``: schemas by ``$id``.

    Raises BadSchema when it is no kind; it does not look for malice (``schema_faults`` does).
    """
    name = kind_name(schema)
    if not name:
        raise bad("/properties/kind", 'The schema names no kind. Add "kind": {"const": "my-kind"} to its properties.')
    address, _, version = str(schema.get("$id", "")).rpartition("/")
    if address.rpartition("/")[2] != name or read_schema_name(f"{name}/{version}") is None:
        raise bad("/$id", f"$id must end with the kind and its version. Write, for example, .../{name}/1.0.")
    compiler = _Compiler(library or {})
    shape = compiler.shape(_Node(schema, schema), id(schema), IDENTITY)
    title = str(schema.get("title") or _label(name))
    return Kind(
        name=name,
        title=title,
        version=version,
        description=str(schema.get("description", "")),
        schema=schema,
        shape=shape,
        folder=str(schema.get("x-folder", title)),
        ids=str(schema.get("x-ids") or ("{case}/" if "case" in shape.by_name else "") + f"{name}s/{{slug}}"),
        needs=tuple(Need(n["kind"], n["by"], n.get("code", "TP306")) for n in _listed(schema.get("x-needs"))),
        bound_type=str(schema.get("x-type", "")),
        embeds=tuple(
            Embed(e["section"], e.get("icon", ""), e.get("kind", ""), e.get("by", ""))
            for e in _listed(schema.get("x-embeds"))
        ),
        origin=origin,
    )
