"""What a reader noticed in a text: the raw material of flags about form."""

from __future__ import annotations

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One finding of a reader (JSON, front matter, lens) in one text.

    ``code`` is the rule that will show it, ``offset`` a character offset into the text, ``pointer`` the field
    concerned (by ids, such as ``/stages/awareness/emotion``; empty for the whole), ``message`` a plain sentence for a
    person that ends with what to do. ``holds``: this side's value of the field (or of the whole artifact, with an empty
    pointer) must not be carried over until it is mended.
    """

    code: str
    offset: int
    message: str
    pointer: str = ""
    holds: bool = False
    facts: tuple[str, ...] = ()
    """What the rule needs to word a suggestion, such as the name that did not resolve."""


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character offset, both from 1."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1
