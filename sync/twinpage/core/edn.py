"""Just enough of EDN to look a key up in Logseq's config.edn. It is never written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from twinpage.model.regex import regex

# Commas are blanks in EDN. Each alternative begins with a character of its own, so the scan is linear.
_TOKEN = regex(r';[^\n]*|"(?:[^"\\]|\\.)*"?|#_|#?[{(\[]|[})\]]|[^\s,;"{}()\[\]#]+|#', re.DOTALL)
_OPENING = frozenset(("{", "(", "[", "#{", "#(", "#["))
_CLOSING = frozenset(("}", ")", "]"))


def setting(text: str, key: str) -> tuple[str, ...] | None:
    """The tokens of a top-level key's value: ``(":triple-lowbar",)``, or what a set or list holds; None when absent."""
    forms = _forms(list(_tokens(text)))
    for name, value in zip(forms, forms, strict=False):
        if name == [key]:
            return tuple(token for token in value if token not in _OPENING and token not in _CLOSING)
    return None


def _tokens(text: str) -> Iterator[str]:
    return (found[0] for found in _TOKEN.finditer(text) if not found[0].startswith(";"))


def _forms(tokens: list[str]) -> Iterator[list[str]]:
    """The forms inside the outermost map, flat; ``#_`` drops the form after it."""
    position, dropped = 1, 0
    while position < len(tokens) and tokens[position] not in _CLOSING:
        if tokens[position] == "#_":
            dropped += 1
            position += 1
            continue
        end = _end_of_form(tokens, position)
        if dropped:
            dropped -= 1
        else:
            yield tokens[position:end]
        position = end


def _end_of_form(tokens: list[str], position: int) -> int:
    depth = 0
    while position < len(tokens):
        token = tokens[position]
        depth += (token in _OPENING) - (token in _CLOSING)
        position += 1
        if depth <= 0:
            break
    return position
