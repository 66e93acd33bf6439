"""Page properties as Logseq's lines at the top, and what git left in a note of any app."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from twinpage.core.merging.markers import git_markers, left_by_git
from twinpage.model.page import Front, Property, property_key
from twinpage.model.problem import Problem
from twinpage.model.regex import regex
from twinpage.model.text import canonical

_ID_LINE = regex(r"^artifact-id::?[ \t]+([^\s\"']+)[ \t\r]*$", re.MULTILINE)


def with_git_conflict(front: Front, text: str) -> Front:
    """The same with a problem where git left a conflict in the note."""
    at = git_markers(text)
    if at is None:
        return front
    found = front.properties.get("artifact-id")
    artifact = found.value if found is not None and isinstance(found.value, str) else ""
    if not artifact and (inside := _ID_LINE.search(text)):  # markers stand around the properties
        artifact = inside[1]
    message = left_by_git(artifact or "ID", "note")
    return replace(front, problems=(Problem("TP001", at, message, holds=True), *front.problems))


PROPERTY_LINE = regex(r"[ \t]*([^\s:]+)::(?:[ \t]+([^\n]*?))?[ \t\r]*\Z")
_PAGE_PROPERTY = regex(r"([^\s:]+)::(?=[ \t\r\n]|\Z)[ \t]*([^\n]*)")


def property_lines(first_block: Callable[[str], int], text: str) -> Front:
    """Properties of a Logseq page: the lines ``key:: value`` before its first block."""
    start = 1 if text.startswith("\ufeff") else 0
    end = first_block(text)
    properties: dict[str, Property] = {}
    again: list[Property] = []
    insert, at = start, start
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        found = _PAGE_PROPERTY.match(text, at, line_end)
        if found:
            value = found[2].rstrip()
            begin = found.start(2)
            made = Property(found[1], canonical(value), at, begin + len(value), begin, begin + len(value))
            first = properties.setdefault(property_key(found[1]), made)
            if first.value != made.value:
                again.append(made)
            insert = min(line_end + 1, len(text))
        at = line_end + 1
    return Front(properties, end, insert, present=bool(properties), again=tuple(again))
