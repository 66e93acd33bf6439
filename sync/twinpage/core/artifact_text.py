"""Artifact files as text: read strictly, written in one canonical form."""

from __future__ import annotations

from json import JSONDecodeError, JSONDecoder
from json.encoder import encode_basestring
from typing import Any

from twinpage.core.canonical import canonical as canonical
from twinpage.core.canonical import ordered
from twinpage.core.json_positions import Positions, scan
from twinpage.model.edit import digest as digest_of
from twinpage.model.kind import Kind, Value
from twinpage.model.problem import Problem
from twinpage.model.source import Source

MAX_SIZE = 8_000_000
"""Characters of the longest file that is read."""
MAX_DEPTH = 64
MAX_INTEGER = 2**53

_MARKERS = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")


class _Refused(ValueError):
    """JSON that Python would take, but that other readers take differently. The message is for people."""

    def __init__(self, message: str, token: str = "") -> None:
        super().__init__(message)
        self.token = token


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _Refused("")
    return fields


def _constant(token: str) -> Any:
    raise _Refused(f"{token} is no JSON. Write a number, or remove the field.", token)


def _float(token: str) -> float:
    number = float(token)
    if number in (float("inf"), float("-inf")):
        raise _Refused(f"{_short(token)} is too big a number. Write a smaller one, or put it in quotes.", token)
    return number


def _integer(token: str) -> int:
    if len(token) > 15 and (len(token) > 17 or abs(int(token)) > MAX_INTEGER):
        raise _Refused(f"{_short(token)} has too many digits to be exact. Put it in quotes.", token)
    return int(token)


def _short(token: str) -> str:
    return token if len(token) <= 24 else f"{token[:20]}..."


_DECODER = JSONDecoder(
    object_pairs_hook=_without_doubles, parse_constant=_constant, parse_float=_float, parse_int=_integer
)


def read(path: str, text: str, digest: str = "") -> Source:
    """A text as an artifact file, strictly: the value as it stands, or None and one problem TP001 that says why not.

    Never raises. ``digest``: of the file's bytes, if known. A byte order mark at the start is read over.
    """
    digest = digest or digest_of(text.encode("utf-8", "surrogatepass"))
    try:
        value = _parsed(text)
    except _Refused as error:
        return _unreadable(path, text, digest, *_place_of_refused(text, error))
    except JSONDecodeError as error:
        return _unreadable(path, text, digest, *_place_of_error(path, text, error))
    except RecursionError:
        return _unreadable(path, text, digest, 0, _TOO_DEEP)
    return Source(path, text, digest, value, (), Positions(text, value))


def read_bytes(path: str, data: bytes) -> Source:
    """The same for a file's bytes; what is not UTF-8 gives a TP001 with the line of the first wrong byte."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data[: MAX_SIZE + 1].decode("utf-8", "replace")
        offset = len(data[: error.start].decode("utf-8"))
        line = data.count(b"\n", 0, error.start) + 1
        message = f"This file is not UTF-8: line {line} has the byte {data[error.start]:02X}. Save it as UTF-8."
        return _unreadable(path, text, digest_of(data), min(offset, len(text)), message)
    return read(path, text, digest_of(data))


def _parsed(text: str) -> Value:
    if len(text) > MAX_SIZE:
        raise _Refused(f"This file is bigger than {MAX_SIZE // 1_000_000} MB. Split what is in it.")
    start = 1 if text.startswith("\ufeff") else 0
    value = _DECODER.decode(text[start:] if start else text)
    if not isinstance(value, dict):
        raise _Refused("An artifact file holds one object. Put its content between { and }.")
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _Refused(_TOO_DEEP)
    if "\\u" in text and _has_surrogates(value):
        raise _Refused("This file has half of a character (\\ud800 to \\udfff). Write the character itself.", "\\ud")
    return value


_TOO_DEEP = f"This file is nested more than {MAX_DEPTH} deep. Flatten it."


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
        _written(value, "\n").encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _unreadable(path: str, text: str, digest: str, offset: int, message: str) -> Source:
    problem = Problem("TP001", offset, message, holds=True)
    return Source(path, text, digest, None, (problem,), Positions("", None))


def _place_of_refused(text: str, error: _Refused) -> tuple[int, str]:
    if str(error):
        found = text.lower().find(error.token) if error.token == "\\ud" else text.find(error.token)
        return max(found, 0), str(error)
    _, key, offset = scan(text)
    return offset, f"{_short(str(key))} stands twice in one object, so nobody knows which counts. Remove one of them."


def _place_of_error(path: str, text: str, error: JSONDecodeError) -> tuple[int, str]:
    """Where and, in our words, why a text is no JSON."""
    marker = _conflict_marker(text)
    if marker is not None:
        from twinpage.core.merging.markers import left_by_git  # hardly ever

        artifact = path.removeprefix("artifacts/").removesuffix(".json")
        return marker, left_by_git("This file still has git's conflict markers", artifact)
    if not text.strip("\ufeff \t\r\n"):
        return 0, "This file is empty. Bring its content back, or remove the file."
    offset = min(error.pos + text.startswith("\ufeff"), len(text))
    before = text[:offset].rstrip()
    rest = text[offset : offset + 20].split("\n")[0].strip()
    if before.endswith(",") and rest[:1] in ("}", "]"):
        return len(before) - 1, f"There is a comma before {rest[:1]}. Remove it."
    if not rest and error.pos >= len(text.rstrip()):
        return max(len(before) - 1, 0), "The file ends too early. Close what is still open, such as } or ]."
    for start, sentence in _REASONS:
        if error.msg.startswith(start):
            return offset, sentence.format(f"near {rest}" if rest else "here")
    return offset, f"This is no JSON {f'near {rest}' if rest else 'here'}. Mend it there."


_REASONS = (
    ("Expecting ',' delimiter", "A comma or a closing bracket is missing {}. Add it."),
    ("Expecting ':' delimiter", 'A colon is missing {}. Write a field as "name": value.'),
    ("Expecting property name", 'A field\'s name is missing or not in double quotes {}. Write it as "name": value.'),
    (
        "Expecting value",
        "A value is missing or not in double quotes {}. Write a text in quotes, a number, true or false.",
    ),
    ("Extra data", "Something stands after the end {}. Remove it."),
    ("Unterminated string", "A text has no closing quote {}. Add it."),
    ("Invalid control character", "A text goes over the end of a line {}. Write \\n where the line ends."),
    ("Invalid \\", "A backslash stands alone {}. Write two of them."),
)


def _conflict_marker(text: str) -> int | None:
    offset = 0
    while offset < len(text):
        if text.startswith(_MARKERS, offset):
            return offset
        next_line = text.find("\n", offset)
        if next_line < 0:
            return None
        offset = next_line + 1
    return None


def write(value: Value, kind: Kind) -> str:
    """The text of an artifact file: keys in the schema's order at every level, unknown ones after them as they come.

    Two-space indent, one element a line, non-ASCII as itself, one final newline. What is written depends on the value
    only.
    """
    return _written(ordered(value, kind), "\n") + "\n"


def is_canonical(source: Source, kind: Kind) -> bool:
    """Whether a file is written exactly as twinpage would write it; True for one that cannot be read (see TP001)."""
    return source.value is None or source.text == _written(canonical(source.value, kind), "\n") + "\n"


def _written(value: Any, newline: str) -> str:
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    inner = newline + "  "
    if kind is dict:
        lines = [
            f"{encode_basestring(k)}: {encode_basestring(v) if type(v) is str else _written(v, inner)}"
            for k, v in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(lines)}{newline}}}" if lines else "{}"
    if kind is list or kind is tuple:
        return f"[{inner}{f',{inner}'.join([_written(v, inner) for v in value])}{newline}]" if value else "[]"
    if kind is bool:
        return "true" if value else "false"
    return "null" if value is None else str(value)
