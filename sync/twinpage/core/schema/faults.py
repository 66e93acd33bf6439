"""What keeps a team's schema from being a kind. A vault is somebody else's: its schemas are read with suspicion."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from twinpage.core.schema.kinds import BadSchema, Schema, follow, kind_name
from twinpage.model.problem import Problem
from twinpage.model.regex import regex

MAX_NODES = 5_000
MAX_DEPTH = 40
MAX_PATTERN = 300

_WORD = regex(r"[a-z][a-z0-9-]{0,59}")
_IDS = regex(r"(?:[a-z0-9-]+/|\{case\}/|\{type\}/){0,4}\{slug\}")
_REFUSED = ("$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "patternProperties", "propertyNames")
_IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_LOGSEQ = frozenset(
    {"id", "title", "template", "alias", "collapsed", "heading", "filters", "public", "created-at", "updated-at"}
    | {"todo", "doing", "now", "later", "done", "item-id", "artifact-id", "artifact-kind", "flags-ignored"}
)
"""Property keys that mean something to Logseq or to twinpage itself."""


def faults(schema: object, library: Mapping[str, Schema], known: Mapping[str, Schema]) -> tuple[Problem, ...]:
    """Everything wrong with a team's schema, with index pointers into it; empty: it can be compiled and used.

    ``library``: the schemas that a ``$ref`` may name by ``$id``; ``known``: the kinds that exist already, by name.
    """
    if not isinstance(schema, Mapping):
        return (_problem("", "A schema is a JSON object. Start from one of the shipped kinds."),)
    for check in (_size, _keywords):  # a schema too big or too odd is not looked at any further
        found = tuple(check(schema))
        if found:
            return found
    found = tuple(_metaschema(schema))
    return found or (*_references(schema, library), *_identity(schema, known), *_extensions(schema), *_names(schema))


def _problem(pointer: str, message: str) -> Problem:
    return Problem("TP121", 0, message, pointer)


def _children(node: object) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield str(key).replace("~", "~0").replace("/", "~1"), value
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield str(index), value


def _nodes(schema: Schema) -> Iterator[tuple[str, int, Any]]:
    """(pointer, depth, node) of every object and array. Never recursive: a hostile schema is deep."""
    todo: list[tuple[str, int, Any]] = [("", 0, schema)]
    while todo:
        pointer, depth, node = todo.pop()
        yield pointer, depth, node
        todo += [(f"{pointer}/{k}", depth + 1, v) for k, v in _children(node) if isinstance(v, Mapping | list)]


def _size(schema: Schema) -> Iterator[Problem]:
    for count, (pointer, depth, _) in enumerate(_nodes(schema)):
        if depth > MAX_DEPTH:
            yield _problem(pointer, f"The schema is nested more than {MAX_DEPTH} deep. Use $defs to flatten it.")
            return
        if count > MAX_NODES:
            yield _problem("", f"The schema has more than {MAX_NODES:,} parts. Split it into several kinds.")
            return


def _keywords(schema: Schema) -> Iterator[Problem]:
    for pointer, _, node in _nodes(schema):
        if not isinstance(node, Mapping) or pointer.endswith("/properties"):
            continue
        for word in _REFUSED:
            if word in node:
                yield _problem(f"{pointer}/{word}", f"{word} is not for kinds. Name each field under properties.")
        if pointer and "$id" in node:
            yield _problem(f"{pointer}/$id", "A schema has one $id, at its top. Remove this one.")
        pattern = node.get("pattern")
        if isinstance(pattern, str) and not linear(pattern):
            yield _problem(
                f"{pointer}/pattern",
                f"This pattern is longer than {MAX_PATTERN} characters or uses look-around or back-references, which "
                "can take for ever. Write a simpler one.",
            )


def linear(pattern: str) -> bool:
    """Whether a pattern is matched in linear time: the fast validator's engine without backtracking takes it."""
    from jsonschema_rs import Draft202012Validator, RegexOptions

    if len(pattern) > MAX_PATTERN:
        return False
    try:
        Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions(size_limit=1_000_000))
    except ValueError:
        return False
    return True


def _metaschema(schema: Schema) -> Iterator[Problem]:
    from jsonschema_rs import meta

    if str(schema.get("$schema", _DRAFT)).rstrip("#") != _DRAFT:
        yield _problem("/$schema", f"Schemas of kinds are JSON Schema 2020-12. Write {_DRAFT}.")
        return
    try:
        meta.validate({**schema, "$schema": _DRAFT})
    except ValueError as error:
        where = "".join(f"/{part}" for part in getattr(error, "instance_path", ()))
        yield _problem(where, _no_json_schema(error))


def _no_json_schema(error: ValueError) -> str:
    word = next((part for part in reversed(getattr(error, "instance_path", ())) if isinstance(part, str)), "it")
    told = json.dumps(getattr(error, "instance", None), ensure_ascii=False)
    there = told if len(told) <= _MOST_SHOWN else f"{told[:_MOST_SHOWN]}..."
    mend = f"Write one of {', '.join(_TYPES)}." if word == "type" else "Look up what JSON Schema takes there."
    return f"This is no valid JSON Schema: {word} cannot be {there}. {mend}"


_MOST_SHOWN = 60
_TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _references(schema: Schema, library: Mapping[str, Schema]) -> Iterator[Problem]:
    bad = False
    for pointer, _, node in _nodes(schema):
        if isinstance(node, Mapping) and "$ref" in node and not pointer.endswith("/properties"):
            try:
                follow(node["$ref"], schema, library)
            except BadSchema as error:
                bad = True
                yield _problem(f"{pointer}/$ref", error.problems[0].message)
    if not bad:
        yield from _circles(schema, library)


def _circles(schema: Schema, library: Mapping[str, Schema]) -> Iterator[Problem]:
    """A schema that applies itself to the same value would never come to an end."""
    done: set[int] = set()
    for pointer, _, node in _nodes(schema):
        if isinstance(node, Mapping) and "$ref" in node and _returns(node, schema, library, done):
            yield _problem(f"{pointer}/$ref", "This $ref leads back to itself. Let it end at a definition.")
            return


def _returns(start: Schema, root: Schema, library: Mapping[str, Schema], done: set[int]) -> bool:
    path: set[int] = set()
    todo: list[tuple[Schema, Schema, bool]] = [(start, root, False)]
    while todo:
        node, document, leaving = todo.pop()
        if leaving:
            path.discard(id(node))
            done.add(id(node))
            continue
        if id(node) in path:
            return True
        if id(node) in done:
            continue
        path.add(id(node))
        todo.append((node, document, True))
        if isinstance(node.get("$ref"), str):
            todo.append((*follow(node["$ref"], document, library), False))
        for word in _IN_PLACE:
            inner = node.get(word)
            inners = inner if isinstance(inner, list) else [inner]
            todo += [(i, document, False) for i in inners if isinstance(i, Mapping)]
    return False


def _identity(schema: Schema, known: Mapping[str, Schema]) -> Iterator[Problem]:
    name = kind_name(schema)
    if not name:
        yield _problem(
            "/properties/kind", 'The schema names no kind. Add "kind": {"const": "my-kind"} to its properties.'
        )
    elif not _WORD.fullmatch(name):
        yield _problem("/properties/kind/const", f"{name} cannot name a kind. Use small letters, digits and hyphens.")
    elif name in known:
        yield _problem("/properties/kind/const", f"There is a kind {name} already. Choose another name.")
    ids = schema.get("x-ids")
    if ids is None:
        return
    if not isinstance(ids, str) or not _IDS.fullmatch(ids):
        yield _problem(
            "/x-ids", "x-ids is a pattern of ids. Write one such as suppliers/{slug} or {case}/suppliers/{slug}."
        )
    elif any(ids == other.get("x-ids") for other in known.values()):
        yield _problem("/x-ids", f"Another kind has the ids {ids} already. Choose another first word.")


def _extensions(schema: Schema) -> Iterator[Problem]:
    folder = schema.get("x-folder", "")
    if (
        not isinstance(folder, str)
        or folder.startswith(("/", ".", "~"))
        or ".." in folder
        or set(folder) & set('\\:*?"<>|')
    ):
        yield _problem("/x-folder", "x-folder is a folder inside the vault. Write one such as Suppliers.")
    if not isinstance(schema.get("x-type", ""), str):
        yield _problem("/x-type", "x-type is the metamodel id of one artifact type. Write it as a text.")
    for word, keys in (("x-needs", ("kind", "by")), ("x-embeds", ("section",))):
        for index, entry in enumerate(_as_list(schema.get(word, []))):
            texts = isinstance(entry, Mapping) and all(isinstance(v, str) for v in entry.values())
            if not texts or not all(key in entry for key in keys):
                yield _problem(f"/{word}/{index}", f"Each of {word} is an object of texts with {' and '.join(keys)}.")


def _names(schema: Schema) -> Iterator[Problem]:
    for pointer, _, node in _nodes(schema):
        if not isinstance(node, Mapping):
            continue
        if pointer.endswith("/properties"):
            yield from (_problem(f"{pointer}/{name}", _NOT_A_FIELD.format(name)) for name in node if not _is_name(name))
            continue
        if "x-page" in node and not _is_page(node["x-page"]):
            yield _problem(
                f"{pointer}/x-page",
                "x-page is one of property, section, bullets, headings, title, body and hidden, or an object with as, "
                "label, icon and link. Write one of these.",
            )
        kinds = node.get("x-ref", [])
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            yield _problem(f"{pointer}/x-ref", 'x-ref is a list of kinds. Write, for example, ["profile"].')


_NOT_A_FIELD = (
    "{} cannot name a field. Use small letters, digits and hyphens, and no word that an app keeps for itself, such as "
    "title or alias."
)


def _is_name(name: str) -> bool:
    kept = name in _LOGSEQ or name.startswith(("query-", "logseq"))
    return name == "id" or (bool(_WORD.fullmatch(name)) and not kept)


def _is_page(page: object) -> bool:
    places = ("title", "body", "property", "section", "bullets", "headings", "hidden")
    if isinstance(page, str):
        return page in places
    if not isinstance(page, Mapping) or set(page) - {"as", "label", "icon", "link"}:
        return False
    texts = all(isinstance(page.get(k, ""), str) and "\n" not in page.get(k, "") for k in ("as", "label", "icon"))
    return texts and page.get("as", "hidden") in places and isinstance(page.get("link", False), bool)


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
