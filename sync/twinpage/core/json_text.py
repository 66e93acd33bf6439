"""JSON as strictly as artifact files are read: nothing that another reader would take differently."""

from __future__ import annotations

import json
from typing import Any

from twinpage.model.kind import Value

MAX_SIZE = 8_000_000
"""Characters of the longest file that is read."""
MAX_DEPTH = 64
MAX_INTEGER = 2**53


class Refused(ValueError):
    """JSON that Python would take, but that other readers take differently. The message is for people."""

    def __init__(self, message: str, token: str = "") -> None:
        super().__init__(message)
        self.token = token


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Refused("")
    return fields


def _constant(token: str) -> Any:
    raise Refused(f"{token} is no JSON. Write a number, or remove the field.", token)


def _float(token: str) -> float:
    number = float(token)
    if number in (float("inf"), float("-inf")):
        raise Refused(f"{short(token)} is too big a number. Write a smaller one, or put it in quotes.", token)
    return number


def _integer(token: str) -> int:
    if len(token) > 15 and (len(token) > 17 or abs(int(token)) > MAX_INTEGER):
        raise Refused(f"{short(token)} has too many digits to be exact. Put it in quotes.", token)
    return int(token)


def short(token: str) -> str:
    """As much of it as a sentence can hold."""
    return token if len(token) <= 24 else f"{token[:20]}..."


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_doubles, parse_constant=_constant, parse_float=_float, parse_int=_integer
)


def read_value(data: bytes) -> Value | None:
    """What an artifact file says; None for one that ``artifact_text.read_bytes`` tells a problem of."""
    try:
        return parse(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def parse(text: str) -> Value:
    """The object in a text. Raises Refused, JSONDecodeError, RecursionError."""
    if len(text) > MAX_SIZE:
        raise Refused(f"This file is bigger than {MAX_SIZE // 1_000_000} MB. Split what is in it.")
    start = 1 if text.startswith("\ufeff") else 0
    value = _DECODER.decode(text[start:] if start else text)
    if not isinstance(value, dict):
        raise Refused("This file has to be one object. Put its content between { and }.")
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise Refused(TOO_DEEP)
    if "\\u" in text and _has_surrogates(value):
        raise Refused("This file has half of a character (\\ud800 to \\udfff). Write the character itself.", "\\ud")
    return value


TOO_DEEP = f"This file is nested more than {MAX_DEPTH} deep. Flatten it."


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return depth


def _has_surrogates(value: Value) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
