"""Artifact files as text: read strictly, written in one canonical form."""

from __future__ import annotations

from json import JSONDecodeError
from json.encoder import encode_basestring
from typing import Any

from twinpage.core.canonical import canonical as canonical
from twinpage.core.canonical import ordered
from twinpage.core.json_positions import Positions, scan
from twinpage.core.json_text import MAX_SIZE, TOO_DEEP, Refused, parse, short
from twinpage.model.edit import digest as digest_of
from twinpage.model.kind import Kind, Value
from twinpage.model.problem import Problem
from twinpage.model.source import Source

_MARKERS = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")


def read(path: str, text: str, digest: str = "") -> Source:
    """A text as an artifact file, strictly: the value as it stands, or None and one problem TP001 that says why not.

    Never raises. ``digest``: of the file's bytes, if known. A byte order mark at the start is read over.
    """
    digest = digest or digest_of(text.encode("utf-8", "surrogatepass"))
    try:
        value = parse(text)
    except Refused as error:
        return _unreadable(path, text, digest, *_place_of_refused(text, error))
    except JSONDecodeError as error:
        return _unreadable(path, text, digest, *_place_of_error(path, text, error))
    except RecursionError:
        return _unreadable(path, text, digest, 0, TOO_DEEP)
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


def _unreadable(path: str, text: str, digest: str, offset: int, message: str) -> Source:
    problem = Problem("TP001", offset, message, holds=True)
    return Source(path, text, digest, None, (problem,), Positions("", None))


def _place_of_refused(text: str, error: Refused) -> tuple[int, str]:
    if str(error):
        found = text.lower().find(error.token) if error.token == "\\ud" else text.find(error.token)
        return max(found, 0), str(error)
    _, key, offset = scan(text)
    return offset, f"{short(str(key))} stands twice in one object, so nobody knows which counts. Remove one of them."


def _place_of_error(path: str, text: str, error: JSONDecodeError) -> tuple[int, str]:
    """Where and, in our words, why a text is no JSON."""
    marker = _conflict_marker(text)
    if marker is not None:
        from twinpage.core.merging.markers import Broken, left_by_git, sides  # hardly ever

        found = sides(text)
        if isinstance(found, Broken):  # no command could end it
            return found.offset, found.message
        artifact = path.removeprefix("artifacts/").removesuffix(".json")
        return marker, left_by_git(artifact, "file")
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
