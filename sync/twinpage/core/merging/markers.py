"""The conflict markers that git leaves in a text, and the two versions that they stand between."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from twinpage.model.plain import plain_line
from twinpage.model.regex import regex

if TYPE_CHECKING:
    from twinpage.model.page import Dialect, Span  # who merges files needs no notes

_MARK = regex(r'^[ \t]*(?:- )?artifact-(id|kind)::?[ \t]*"?([^"\r\n]+?)"?[ \t]*\r?$', re.MULTILINE)
_PARAGRAPH = regex(r"\n[ \t]*\r?\n")
_OURS, _BASE, _MIDDLE, _THEIRS = "<<<<<<<", "|||||||", "=======", ">>>>>>>"


class Hunk(Struct, frozen=True):
    """One conflict: where its lines stand in each version, and what stood there before where git tells it."""

    ours: Span
    theirs: Span
    base: str | None


class Sides(Struct, frozen=True):
    """A text with markers as two texts without any. Outside the hunks both are what git merged."""

    ours: str
    theirs: str
    base: str | None
    """What stood there before, where every hunk tells it (git's styles diff3 and zdiff3)."""
    hunks: tuple[Hunk, ...]
    label: str
    """What git calls the other side, such as the name of a branch."""


class Broken(Struct, frozen=True):
    """Markers that do not belong together: offset, and a sentence that ends with what to do."""

    offset: int
    message: str


def sides(text: str) -> Sides | Broken | None:
    """Both versions of a text; None for one without a marker line."""
    reader = _Reader()
    for offset, line in _lines(text):
        broken = reader.take(offset, line)
        if broken is not None:
            return broken
    if reader.part:
        return Broken(reader.opened, f"This opens a conflict that no {_THEIRS} line closes. {_MEND}")
    return reader.result() if reader.hunks else None


def whole(base: str | None, ours: str, theirs: str) -> Sides:
    """Both versions as one single hunk: for a note that git's lines put together badly."""
    return Sides(ours, theirs, base, (Hunk((0, len(ours)), (0, len(theirs)), base),), "")


def kind_of_line(line: str) -> str:
    """The marker that a line is; empty for any other. Apps indent lines, so blanks before it do not count."""
    bare = line.strip()
    if bare == _MIDDLE:
        return _MIDDLE
    return next((mark for mark in (_OURS, _BASE, _THEIRS) if bare == mark or bare.startswith(mark + " ")), "")


def git_markers(text: str) -> int | None:
    """Where a conflict begins that git left in a text; None when there is none.

    Two of its three marker lines are enough: who removed one of them by hand is not done yet.
    """
    if not any(f"{mark} " in text for mark in (_OURS, _THEIRS)):
        return None
    marks = [(offset, mark) for offset, line in _lines(text) if (mark := kind_of_line(line))]
    last = {mark: offset for offset, mark in marks}
    for offset, mark in marks:
        if mark in (_OURS, _MIDDLE) and last.get(_THEIRS, -1) > offset:
            return offset
        if mark == _OURS and last.get(_MIDDLE, -1) > offset:
            return offset
    return None


def has_any(text: str) -> bool:
    """Some line opens or closes a conflict."""
    return any(mark in text for mark in (_OURS, _THEIRS)) and any(
        kind_of_line(line) in (_OURS, _THEIRS) for _, line in _lines(text)
    )


def identity(dialect: Dialect, text: str) -> tuple[str, str]:
    """The artifact-id and artifact-kind of a note that holds everything; empty where it has none.

    Where markers hide its properties, those of either side; where they cannot be read, what stands at its head.
    """
    found = sides(text)
    if isinstance(found, Sides):
        for side in (found.ours, found.theirs):
            page = dialect.parse("", side)
            if page.property("artifact-id"):
                return page.property("artifact-id"), page.property("artifact-kind")
    head = dict(_MARK.findall(_PARAGRAPH.split(text.lstrip("\ufeff\r\n"), maxsplit=1)[0]))
    return head.get("id", ""), head.get("kind", "")


def left_by_git(artifact: str, what: str) -> str:
    """What to say where a merge of git is not ended: by its markers, or because one side removed the file."""
    shown = artifact if artifact == "ID" else shlex.quote(plain_line(artifact))
    return (
        f"A merge of git is not ended in this {what}. `twinpage conflicts` shows both versions field by field, and "
        f"`twinpage resolve {shown} --take ours` (or theirs) ends it; or put both together by hand and `git add` it."
    )


_MEND = "Mend the markers, or bring back what git left with `git checkout --merge -- FILE`."


class _Version(Struct):
    """One version as it grows."""

    lines: list[str] = field(default_factory=list)
    length: int = 0
    start: int = 0
    """Where its part of the present hunk starts."""
    first: int = 0

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.length += len(line)

    def open(self) -> None:
        self.start, self.first = self.length, len(self.lines)


class _Reader:
    """Goes through the lines once, and lays each where it belongs."""

    def __init__(self) -> None:
        self.versions = {_OURS: _Version(), _THEIRS: _Version(), _BASE: _Version()}
        self.part = ""
        self.opened = 0
        self.told_base = False
        self.hunks: list[Hunk] = []
        self.label = ""

    def take(self, offset: int, line: str) -> Broken | None:
        match self.part, kind_of_line(line):
            case "", "<<<<<<<":
                self.part, self.opened, self.told_base = _OURS, offset, False
                for version in self.versions.values():
                    version.open()
            case "", ">>>>>>>":
                return Broken(offset, f"This closes a conflict that no {_OURS} line opens. {_MEND}")
            case "", _:
                for version in self.versions.values():
                    version.add(line)
            case "<<<<<<<", "|||||||":
                self.part, self.told_base = _BASE, True
            case (("<<<<<<<" | "|||||||"), "======="):
                self.part = _THEIRS
            case ">>>>>>>", ">>>>>>>":
                self._close(line)
            case _, "":
                self.versions[self.part].add(line)
            case _:
                return Broken(offset, f"This marker stands inside another conflict where it does not belong. {_MEND}")
        return None

    def _close(self, line: str) -> None:
        ours, theirs, base = (self.versions[mark] for mark in (_OURS, _THEIRS, _BASE))
        before = "".join(base.lines[base.first :]) if self.told_base else None
        self.hunks.append(Hunk((ours.start, ours.length), (theirs.start, theirs.length), before))
        self.label = self.label or line.strip()[len(_THEIRS) :].strip()
        self.part = ""

    def result(self) -> Sides:
        ours, theirs, base = ("".join(self.versions[mark].lines) for mark in (_OURS, _THEIRS, _BASE))
        known = all(hunk.base is not None for hunk in self.hunks)
        return Sides(ours, theirs, base if known else None, tuple(self.hunks), self.label)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end + 1
        yield at, text[at:end]
        at = end
