"""Where each key of a TOML text stands: tomllib tells values, not places."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from twinpage.model.regex import regex

Path = tuple[str | int, ...]
"""Keys from the top, with a number for each element of an array of tables."""

_KEY_PART = regex(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*(\.?)""")
_VALUE_TOKEN = regex(r"""\"{3}|'{3}|["'\[\]{}#\n]""")


def lines_of_keys(text: str) -> dict[Path, int]:
    """Line (from 1) of each key outside inline tables. The text must be valid TOML with LF line ends."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for position, line in _statements(text):
        is_header = text[position] == "["
        is_array = text.startswith("[[", position)
        key = _key(text, position + is_header + is_array)[0]
        if is_header:
            table = _placed(key, counts, is_array)
            _record(lines, table, line)
        else:
            _record(lines, table + key, line)
    return lines


def _record(lines: dict[Path, int], path: Path, line: int) -> None:
    for length in range(1, len(path) + 1):
        lines.setdefault(path[:length], line)


def _placed(key: Path, counts: dict[Path, int], is_array: bool) -> Path:
    """The path of a table header, with the number of each array element on the way."""
    path: Path = ()
    for depth, part in enumerate(key, 1):
        path = (*path, part)
        if is_array and depth == len(key):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """(position, line) of each table header and each key."""
    position, line = 0, 1
    while position < len(text):
        if text[position] in " \t":
            position += 1
            continue
        start = position
        if text[position] not in "#\n":
            yield position, line
            if text[position] != "[":
                position = _key(text, position)[1]
        position = _end_of_statement(text, position)
        line += text.count("\n", start, position)


def _key(text: str, position: int) -> tuple[Path, int]:
    parts: list[str] = []
    while found := _KEY_PART.match(text, position):
        basic, literal, bare, dot = found.groups()
        parts.append(tomllib.loads(f'k = "{basic}"')["k"] if basic is not None else literal or bare or "")
        position = found.end()
        if not dot:
            break
    return tuple(parts), position


def _end_of_statement(text: str, position: int) -> int:
    """The position after the line end that closes a statement."""
    depth = 0
    while found := _VALUE_TOKEN.search(text, position):
        token, position = found[0], found.end()
        if token == "\n":
            if depth <= 0:
                return position
        elif token == "#":
            position = _after(text, "\n", position) - 1
        elif token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        else:
            position = _end_of_string(text, token, position)
    return len(text)


def _end_of_string(text: str, quote: str, position: int) -> int:
    if quote[0] == "'":
        end = _after(text, quote, position)
    else:
        end = position
        while end < len(text) and not text.startswith(quote, end):
            end += 2 if text[end] == "\\" else 1
        end += len(quote)
    # Up to two quotes may stand right before the closing three.
    while len(quote) == 3 and text.startswith(quote[0], end):
        end += 1
    return end


def _after(text: str, mark: str, position: int) -> int:
    found = text.find(mark, position)
    return len(text) + 1 if found < 0 else found + len(mark)
