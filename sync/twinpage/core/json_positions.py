"""Where each value of a JSON text stands. Made only for a text that has something to be pointed at."""

from __future__ import annotations

import re
from typing import Any

from twinpage.core.pointers import join, parts
from twinpage.model.regex import regex

_TOKEN = regex(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


class Positions:
    """Offsets by pointer into a text that parses as ``value``; the text is scanned at the first question.

    Called with a pointer whose parts are names, item ids or indices, it gives the offset of that member's key or of
    that element, ``0`` or where the value begins for ``""``, and None when nothing stands there.
    """

    __slots__ = ("_found", "_text", "_value")

    def __init__(self, text: str, value: Any) -> None:
        self._text = text
        self._value = value
        self._found: dict[str, int] | None = None

    def __call__(self, pointer: str) -> int | None:
        if self._found is None:
            self._found = scan(self._text)[0]
        return self._found.get(self._by_index(pointer))

    def _by_index(self, pointer: str) -> str:
        value, plain = self._value, ""
        for part in parts(pointer):
            step: str | int = part
            if isinstance(value, list):
                step = _index(value, part)
                value = value[step] if 0 <= step < len(value) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
            plain = join(plain, step)
        return plain


def _index(items: list[Any], part: str) -> int:
    for index, item in enumerate(items):
        if isinstance(item, dict) and item.get("id") == part:
            return index
    return int(part) if part.isdecimal() and part.isascii() and len(part) < 10 else -1


def scan(text: str) -> tuple[dict[str, int], str | None, int]:
    """Offsets by index pointer; and the first key that stands twice in one object, with the second one's offset.

    Linear and not recursive; a text that is not JSON gives whatever was found.
    """
    found: dict[str, int] = {}
    twice: str | None = None
    twice_at = 0
    open_: list[tuple[str, bool]] = []
    pointer, index, is_list = "", 0, False
    expects_key = False
    indices: list[int] = []
    here = ""
    for match in _TOKEN.finditer(text):
        token, offset = match.group(), match.start()
        if token in ("}", "]"):
            if not open_:
                break
            pointer, is_list = open_.pop()
            index = indices.pop()
            expects_key = False
        elif token == ",":
            index += is_list
            expects_key = not is_list
        elif token == ":":
            expects_key = False
        elif expects_key and token[0] == '"':
            key = _plain(token)
            here = join(pointer, key)
            if here in found and twice is None:
                twice, twice_at = key, offset
            found.setdefault(here, offset)
        else:
            if is_list:
                here = f"{pointer}/{index}"
            found.setdefault(here, offset)
            if token in ("{", "["):
                open_.append((pointer, is_list))
                indices.append(index)
                pointer, is_list, index = here, token == "[", 0
                expects_key = not is_list
    return found, twice, twice_at


def _plain(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    from json import loads

    try:
        return str(loads(token, strict=False))
    except ValueError:
        return token[1:-1]
