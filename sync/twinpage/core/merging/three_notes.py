"""Three versions of a note: merged by what they say first, then the text of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from twinpage.core import lens, pointers
from twinpage.core.choosing import conflicts
from twinpage.core.choosing.conflicts import Open
from twinpage.core.merging.branch_notes import BranchNote
from twinpage.core.merging.branches import Joined, Versions, join
from twinpage.core.merging.markers import Sides, has_any, sides, whole
from twinpage.core.merging.merge_text import combine
from twinpage.core.merging.three_way import MergedText, Three, clauses, opened, renamed_to
from twinpage.core.schema.registry import Registry
from twinpage.errors import Unwritable
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Dialect, Page
from twinpage.model.regex import regex

_ID_LINE = regex(r'^([ \t]*(?:- )?artifact-id::?[ \t]*)"?[^"\s]+"?', re.MULTILINE)
"""The line of a note that says its id."""

_EMBED = regex(r"(?:- )?(?:!\[\[[^\[\]]+\]\]|\{\{embed \[\[[^\[\]]+\]\]\}\})")
"""A line that does nothing but embed a note: where both branches add one, both are right, in whatever order."""


def merge_notes(
    path: str,
    three: Three,
    by_lines: Callable[[], str],
    dialect: Dialect,
    registry: Registry,
    reference: Value | None,
    label: str,
    *,
    strict: bool = False,
) -> MergedText | None:
    """Notes: first what they say, then the text of their own; None where this is no note of an artifact.

    ``by_lines``: what git's merge of texts makes of them, asked only where it is needed.
    ``reference``: what the artifact file says, to know items by.
    ``strict``: where the two differ, nothing is shown in the note that only the file could keep.
    Own text that both branches changed at one place stays from both, ours first. Raises Unwritable.
    """
    pages = [dialect.parse(path, text) for text in (three.ours, three.theirs)]
    one, other = ((page.property("artifact-id"), page.property("artifact-kind")) for page in pages)
    kind = registry.kind(one[1]) if one[0] else None
    if kind is None:
        return None
    if one != other:
        three = _of_one_id(three, dialect.parse(path, three.base).property("artifact-id"), one, other)
        pages = [dialect.parse(path, text) for text in (three.ours, three.theirs)]
        one, other = ((page.property("artifact-id"), page.property("artifact-kind")) for page in pages)
        if one != other:
            raise Unwritable("The two versions are not notes of the same artifact.")
    merging = _Notes(path, three, dialect, kind, reference)
    joined = merging.joined(*pages)
    view, opens = opened(joined, label)
    if strict:
        _in_step(joined, opens, reference)
    text = merging.text(by_lines, joined, view)
    if opens:
        page = dialect.parse(path, text)
        text = conflicts.add(text, dialect.name, page.front.body, opens, kind, one[0])
    return MergedText(text, one[0], opens, clauses(opens, kind, view), merging.doubts())


def _of_one_id(three: Three, before: str, one: tuple[str, str], other: tuple[str, str]) -> Three:
    """The same with the id that one side alone gave it; raises Unwritable where the two are different artifacts."""
    artifact = renamed_to(before, one[0], other[0])
    if artifact is None or one[1] != other[1] or one[0] == other[0]:
        raise Unwritable("The two versions are not notes of the same artifact.")

    def named(text: str, said: str) -> str:
        return _ID_LINE.sub(lambda line: f"{line[1]}{artifact}", text, count=1) if said != artifact else text

    return Three(named(three.base, before), named(three.ours, one[0]), named(three.theirs, other[0]))


def _in_step(joined: Joined, opens: tuple[Open, ...], reference: Value | None) -> None:
    """What clashes can be shown in the note only where its artifact file keeps it, for there it is decided.

    A file that says something else than our note was not carried over, and git may find nothing to merge in it.
    """
    for left in opens if reference is not None else ():
        one, other = (pointers.look(side, left.pointer) for side in (joined.sides[0], reference))
        if isinstance(one, str | int | float) and one != other:
            raise Unwritable("The note was not carried over to its artifact file before the merge.")


class TargetNames:
    """Links compared by what they name: which notes there are is not known while git merges."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def id_of(self, target: str) -> str | None:
        self._seen.add(target)
        return target

    def link_to(self, artifact: str) -> str | None:
        return artifact if artifact in self._seen else None


class _Notes:
    """One note on its way: everything that is the same in each step."""

    def __init__(self, path: str, three: Three, dialect: Dialect, kind: Kind, reference: Value | None) -> None:
        self.path, self.three, self.dialect, self.kind, self.reference = path, three, dialect, kind, reference
        self.names = TargetNames()
        self.own: tuple[list[str], list[str], list[str]] = ([], [], [])

    def joined(self, ours: Page, theirs: Page) -> Joined:
        for page in (ours, theirs):
            for problem in page.problems:
                if problem.holds:
                    raise Unwritable(f"A version cannot be read: {problem.message}")
        base = self.dialect.parse(self.path, self.three.base) if self.three.base.strip() else None
        if base is not None and any(problem.holds for problem in base.problems):
            base = None
        before = self._view(base, self.reference) if base is not None else None
        # Where both made it anew, theirs was never renamed from anything of ours.
        likes = (before, before) if before is not None else (self.reference, None)
        views = [self._view(page, like) for page, like in zip((ours, theirs), likes, strict=True)]
        self.own = (
            self._own(base, before) if base is not None else [],
            self._own(ours, views[0]),
            self._own(theirs, views[1]),
        )
        return join(Versions(before, views[0], views[1]), self.kind)

    def text(self, by_lines: Callable[[], str], joined: Joined, view: Value) -> str:
        """The note that says ``view``: a merge of lines where that does, else ours with what theirs wrote besides."""
        three = self.three
        base, ours, theirs = (text.split("\n") for text in (three.base, three.ours, three.theirs))
        lines = combine(base, ours, theirs) if three.base else None
        if lines is not None and self._says("\n".join(lines), joined, view):
            return "\n".join(lines)
        plain = by_lines()
        tried: list[Sides] = []
        if not has_any(plain):
            if self._says(plain, joined, view):
                return plain
        else:
            found = sides(plain)
            tried += [found] if isinstance(found, Sides) else []
        tried.append(whole(three.base or None, three.ours, three.theirs))
        refused = Unwritable("Both versions cannot be put together.")
        for each in tried:
            made = BranchNote(self.path, self.dialect, self.kind, self.names, each, three.base, joined.sides)
            try:
                text = made.text(lambda page: view, "both")
                self._nothing_lost(text)
            except Unwritable as error:
                refused = error
            else:
                return text
        raise refused

    def _says(self, text: str, joined: Joined, view: Value) -> bool:
        page = self.dialect.parse(self.path, text)
        return not any(problem.holds for problem in page.problems) and self._view(page, joined.sides[0]) == view

    def doubts(self) -> tuple[str, ...]:
        before, ours, theirs = ([line for line in lines if not _EMBED.fullmatch(line)] for lines in self.own)
        if combine(before, ours, theirs) is not None:
            return ()
        return ("Both branches changed text of the note's own at one place; both are there now, ours first.",)

    def _nothing_lost(self, text: str) -> None:
        before, ours, theirs = ({_bare(line) for line in lines} for lines in self.own)
        there = {_bare(line) for line in text.split("\n")}
        if ((ours | theirs) - before) - there:
            raise Unwritable("Some text of the note's own has no place.")

    def _view(self, page: Page, reference: Value | None) -> Value:
        return lens.get(page, self.kind, self.names, reference).value

    def _own(self, page: Page, view: Value | None) -> list[str]:
        shown = conflicts.find(page.text, self.dialect.name)
        spans = lens.own_lines(page, self.kind, self.names, view)
        free = (span for span in spans if not any(box.start <= span[0] < box.end for box in shown))
        return [line for line in (page.text[a:b].strip() for a, b in free) if line]


def _bare(line: str) -> str:
    """A line without what a section *Kept* puts before it."""
    return line.strip().removeprefix("> ").removeprefix("- ").strip()
