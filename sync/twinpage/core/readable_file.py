"""An artifact file as lines that people read in ``git diff``: names instead of braces, texts as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from twinpage.model.plain import plain
from twinpage.model.regex import regex

_INDENT = "  "
_LIKE_JSON = regex(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?|true|false|null|[\[{\"].*|\s.*|.*\s|", re.DOTALL)
"""Texts that would look like something else, or like nothing, without quotes."""


class _Twice(ValueError):
    pass


def readable(data: bytes) -> bytes:
    """The file as lines; whatever is no JSON object, such as a note or a broken file, as it is.

    Depends on the content only. Files with different values have different lines.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return data
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_fields)
        return "".join(f"{plain(line)}\n" for line in _object(value, "")).encode("utf-8")
    except (ValueError, RecursionError):
        return data


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _Twice
    return fields


def _object(value: dict[str, Any], indent: str, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for name, part in value.items():
        if name not in skip:
            yield from _member(name, part, indent)


def _member(name: str, part: Any, indent: str) -> Iterator[str]:
    key = _shown(name)
    if isinstance(part, dict) and part:
        yield f"{indent}{key}:"
        yield from _object(part, indent + _INDENT)
    elif isinstance(part, list) and part:
        yield f"{indent}{key}:"
        for element in part:
            yield from _element(element, indent + _INDENT)
    elif isinstance(part, str) and "\n" in part and part == part.strip():
        yield f"{indent}{key}:"
        for line in part.split("\n"):
            yield f"{indent}{_INDENT}| {line}"
    else:
        yield f"{indent}{key}: {_shown(part)}"


def _element(element: Any, indent: str) -> Iterator[str]:
    if isinstance(element, dict) and element:
        names = [name for name in ("name", "id") if isinstance(element.get(name), str)]
        head = "  ".join(
            f"{name}: {_shown(element[name])}" if name == "id" else _shown(element[name]) for name in names
        )
        yield f"{indent}- {head}".rstrip()
        yield from _object(element, indent + 2 * _INDENT, tuple(names))
    elif isinstance(element, list) and element:
        yield f"{indent}-"
        for inner in element:
            yield from _element(inner, indent + _INDENT)
    else:
        yield f"{indent}- {_shown(element)}"


def _shown(part: Any) -> str:
    if isinstance(part, str) and "\n" not in part and not _LIKE_JSON.fullmatch(part):
        return part
    return json.dumps(part, ensure_ascii=False)
