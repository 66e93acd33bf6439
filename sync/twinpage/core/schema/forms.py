"""What a field takes, in words that go into a sentence: ``it takes a whole number from -2 to 2``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twinpage.core.wording import listed, with_article, words

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false (in a note yes or no)",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}


def form(schema: Mapping[str, Any]) -> str:
    """The form of a value of a (resolved) schema: its ``x-form`` if it has one, else made from its keywords."""
    kinds = schema.get("x-ref")
    if isinstance(kinds, list):
        return f"the id of {_one_of_kinds(kinds)}"
    if isinstance(schema.get("x-form"), str):
        return str(schema["x-form"])
    if isinstance(schema.get("enum"), list):
        return listed([said(choice) for choice in schema["enum"]], "or")
    if "const" in schema:
        return said(schema["const"])
    declared = schema.get("type")
    name = _TYPES.get(declared, "something else") if isinstance(declared, str) else "something else"
    return name + reach(schema)


def example(schema: Mapping[str, Any]) -> Any:
    """A value that a (resolved) schema allows, None where it tells none."""
    for word in ("examples", "enum"):
        if isinstance(schema.get(word), list) and schema[word]:
            return schema[word][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "boolean":
        return True
    if schema.get("type") in ("integer", "number"):
        return max(1, schema.get("minimum", 1)) if schema.get("maximum", 1) >= 1 else schema["maximum"]
    return None


def reach(schema: Mapping[str, Any]) -> str:
    """`` from 1 to 5``, `` of at least 1``, or nothing."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    return "" if high is None else f" of at most {high}"


def said(value: object) -> str:
    """A choice as people write it."""
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)


def _one_of_kinds(kinds: Sequence[str]) -> str:
    if not kinds:
        return "an artifact"
    return listed([with_article(kinds[0]), *(words(kind) for kind in kinds[1:])], "or")
