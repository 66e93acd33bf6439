"""The text of a note that git left with markers, without them: fields as decided, and what both branches wrote besides.

What is in no field and clashes is kept from both, ours first, in its place where it can stand there and else in the
section *Kept*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from twinpage.core import lens
from twinpage.core.choosing import conflicts
from twinpage.core.merging.markers import Hunk, Sides
from twinpage.errors import Unwritable
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Dialect, Page

Keep = Literal["both", "ours", "theirs"]
_BULLETS = tuple("-*+>|#0123456789")


class BranchNote(Struct, frozen=True):
    """A note on two branches. ``views``: what each says, with everything in it that merged, to match items with."""

    path: str
    dialect: Dialect
    kind: Kind
    names: lens.Names
    sides: Sides
    before: str
    """What both branches started from; empty when nobody knows."""
    views: tuple[Value, Value]

    def text(self, wanted: Callable[[Page], Value], keep: Keep) -> str:
        """The note's text that says ``wanted``. ``keep``: whose own text stays where both wrote some in one place.

        Raises Unwritable.
        """
        sides = self.sides
        if keep == "theirs":
            page = self._page(sides.theirs)
            return lens.put(page, self.kind, wanted(page), self.names, self.views[1])
        page = self._page(sides.ours)
        lost: list[str] = []
        if keep == "both":
            page, lost = self._with_both(page)
        text = lens.put(page, self.kind, wanted(page), self.names, self.views[0])
        if not lost:
            return text
        page = self._page(text)
        return lens.keep_lines(page, self.kind, self.names, wanted(page), lost)

    def _page(self, text: str) -> Page:
        page = self.dialect.parse(self.path, conflicts.remove(text, self.dialect.name))
        for problem in page.problems:
            if problem.holds:
                raise Unwritable(f"{self.path} cannot be put together: {problem.message}")
        return page

    def _with_both(self, page: Page) -> tuple[Page, list[str]]:
        """Ours with what theirs wrote of its own, and what of that finds no place."""
        theirs = self.dialect.parse(self.path, self.sides.theirs)
        own = lens.own_lines(theirs, self.kind, self.names, self.views[1])
        boxes = conflicts.find(theirs.text, self.dialect.name)
        own = [span for span in own if not any(box.start <= span[0] < box.end for box in boxes)]
        known = {line.strip() for line in self.before.split("\n")}
        lost: list[str] = []
        # From the end: what is put in does not move the places before it. Boxes that went from ours may: then it is
        # looked for from the hunk's own text.
        for hunk in reversed(self.sides.hunks):
            body = theirs.front.body
            for in_front in (False, True):
                part = [(a, b) for a, b in own if (a < body) == in_front]
                lines = self._lines_of(theirs.text, part, hunk, known)
                if not lines:
                    continue
                at = _end_of(page.text, self.sides.ours, hunk)
                if in_front and (at is None or at > page.front.insert):
                    at = page.front.insert
                after = self._put_in(page, at, lines, in_front) if at is not None else None
                page, lost = (after, lost) if after is not None else (page, [*lines, *lost])
        return page, [line for line in lost if line.strip()]

    def _lines_of(self, text: str, own: Iterable[tuple[int, int]], hunk: Hunk, known: set[str]) -> list[str]:
        """Which of these lines theirs alone wrote here, with the blank lines in between."""
        start, end = hunk.theirs
        ours = {line.strip() for line in self.sides.ours[slice(*hunk.ours)].split("\n")}
        skip = ours | known | ({line.strip() for line in hunk.base.split("\n")} if hunk.base else set()) | {"---"}
        found: list[str] = []
        last = start
        for a, b in own:
            line = text[a:b].rstrip("\r")
            if start <= a < end and line.strip() not in skip:
                blank = found and text[last:a].strip() == "" and text[last:a].count("\n") > 1
                found += ["", line] if blank else [line]
                last = b
        return found

    def _put_in(self, page: Page, at: int, lines: list[str], in_front: bool) -> Page | None:
        """The note with these lines at an offset; None when they would be read as something there."""
        text = page.text
        newline = "\r\n" if "\r\n" in text else "\n"
        before = text[:at] if not at or text[at - 1] == "\n" else text[:at] + newline
        apart = not in_front and not self.dialect.markup.outline and not lines[0].strip().startswith(_BULLETS)
        if apart and before.rstrip(" \t")[-len(newline) * 2 :] != newline * 2:
            before += newline
        after = self.dialect.parse(self.path, before + "".join(line + newline for line in lines) + text[at:])
        if len(after.problems) > len(page.problems) or not self._says_the_same(page, after):
            return None
        if in_front:
            comments = all(line.lstrip().startswith("#") for line in lines if line.strip())
            return after if _keeps_properties(page, after) and (comments or _has_more(page, after)) else None
        own = lens.own_lines(after, self.kind, self.names, self.views[0])
        there = {after.text[a:b].strip() for a, b in own}
        return after if all(line.strip() in there for line in lines if line.strip()) else None

    def _says_the_same(self, page: Page, after: Page) -> bool:
        one, other = (lens.get(each, self.kind, self.names, self.views[0]).value for each in (page, after))
        return one == other


def _end_of(text: str, ours: str, hunk: Hunk) -> int | None:
    """Where a hunk of ours ends in a text from which boxes may have gone."""
    if text.startswith(ours[: hunk.ours[1]]):
        return hunk.ours[1]
    behind = len(ours) - hunk.ours[1]
    at = len(text) - behind
    return at if at >= 0 and text[at:] == ours[hunk.ours[1] :] else None


def _keeps_properties(page: Page, after: Page) -> bool:
    now = {key: found.value for key, found in after.properties.items()}
    return all(now.get(key) == found.value for key, found in page.properties.items())


def _has_more(page: Page, after: Page) -> bool:
    return len(after.properties) > len(page.properties)
