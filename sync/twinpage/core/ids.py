"""New ids for new artifacts, from the pattern of their kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from twinpage.model.kind import Kind, Value
from twinpage.model.names import RESERVED, canonical_metamodel_id, free_id, slug, slug_path, spoken


def missing_for_id(kind: Kind, value: Value) -> str:
    """The field that an id of this kind is made of and that the value lacks; empty when nothing is missing."""
    for mark, name in (("{case}", "case"), ("{type}", "artifact-type"), ("{metamodel}", "metamodel-id")):
        if mark in kind.ids and not value.get(name):
            return name
    return ""


def fits(kind: Kind, artifact: str) -> bool:
    """The id has the form of its kind's ids: so many parts, with the same words, and no reserved word for a case."""
    return _form(kind.ids).fullmatch(artifact) is not None and not (kind.ids == "{slug}" and artifact in RESERVED)


@lru_cache(64)
def _form(ids: str) -> re.Pattern[str]:
    part, parts = "[^/]+", "[^/]+(?:/[^/]+)*"
    marks = {"{case}": part, "{slug}": part, "{type}": parts, "{metamodel}": parts}
    return re.compile("".join(marks.get(piece) or re.escape(piece) for piece in re.split(r"(\{[a-z]+\})", ids)))


def new_id(kind: Kind, name: str, value: Value, taken: Callable[[str], bool]) -> str:
    """A free id for an artifact of this name; ``value`` has the fields that the pattern names."""
    metamodel = canonical_metamodel_id(str(value.get("metamodel-id", "")))
    wanted = (
        kind.ids.replace("{case}", str(value.get("case", "")))
        .replace("{type}", str(value.get("artifact-type", "")).removeprefix("artifact-types/"))
        .replace("{metamodel}", slug_path(metamodel) if metamodel else "")
        .replace("{slug}", slug(spoken(name)))
    )
    return free_id(f"case-{wanted}" if wanted in RESERVED else wanted, taken)
