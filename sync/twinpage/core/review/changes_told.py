"""What changed, in words: by case, segment and profile; example cases last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from twinpage.core.model_diff import words
from twinpage.core.model_diff.report import reworded
from twinpage.core.review.fitting import Form, Section, until
from twinpage.core.review.markup import Markup
from twinpage.core.review.sections import capital, more_rows, titled
from twinpage.model.review import Changed, Named, Review

NAME = "What changed"
MOST_REWORDED = 200
"""Of more texts the words are not compared: nobody would read it, and it takes long."""
_GROUPS = ("case", "segment", "profile")
Row = Callable[[Changed, int], Iterator[str]]


def changes(review: Review, markup: Markup, room: int | None = None) -> Section:
    """Each difference, with the words of what was reworded; without them; and one row an artifact."""

    def form(row: Row, left_out: str = "", groups: int = 3, room: int | None = room) -> Form:
        if not review.changes:
            return Form()
        rows = until(_Grouped(review.changes, markup, row, groups).rows(), room)
        return Form(markup.heading(2, NAME), rows, markup.end, left_out, more_rows(markup))

    def with_words(change: Changed, level: int) -> Iterator[str]:
        yield markup.row(level, _sentence(change, markup))
        for difference in change.differences:
            told = reworded(difference, markup.look)
            if told:
                yield markup.row(level + 1, f"{capital(words(difference, markup.look))}: {told}")

    @cache
    def in_sentences() -> Form:
        return form(sentence, no_words)

    def sentence(change: Changed, level: int) -> Iterator[str]:
        yield markup.row(level, _sentence(change, markup))

    def one_row(change: Changed, level: int) -> Iterator[str]:
        how = f"({len(change.differences)})" if change.happened == "changed" else change.happened
        yield markup.row(level, f"{capital(titled(change.artifact, markup))} {how}")

    no_words = f"{NAME}: the words of what was reworded."
    too_many = _reworded(review) > MOST_REWORDED
    first = in_sentences if too_many else lambda: form(with_words)
    in_short = f"{NAME}: what is different in each artifact. In brackets stands in how many places."
    ways = (first, in_sentences, lambda: form(one_row, in_short, 1, None))
    return Section(NAME, ways, 0.6)


def _sentence(change: Changed, markup: Markup) -> str:
    told = "; ".join(words(difference, markup.look) for difference in change.differences)
    who = capital(titled(change.artifact, markup))
    if change.happened == "changed":
        return f"{who}: {told or 'written in another way'}."
    told = f": {told}" if told else ""
    if change.happened == "unread":
        return f"{who} could not be compared: its file cannot be read on one of both sides."
    if change.was is None:
        return f"{who} {markup.strong(change.happened)}{told}."
    before, now = markup.code(change.was.id), markup.code(change.artifact.id)
    if change.was.name == change.artifact.name:
        if change.happened == "moved":
            return f"{who} moved from {before} to {now}{told}."
        return f"{who} got another id, {now} instead of {before}{told}."
    moved = "" if change.was.id == change.artifact.id else f" (id {now} instead of {before})"
    return f"{capital(titled(change.was, markup))} is now {markup.name(change.artifact.name)}{moved}{told}."


def _reworded(review: Review) -> int:
    return sum(one.action == "reworded" for change in review.changes for one in change.differences)


class _Grouped:
    """Changes below the names of what they belong to. What belongs to nothing is the method's, and comes after."""

    def __init__(self, found: Sequence[Changed], markup: Markup, row: Row, groups: int) -> None:
        """``groups``: by how many of case, segment and profile."""
        self._found = found
        self._markup = markup
        self._row = row
        self._groups = groups
        self._changed = {change.artifact.id: change for change in found}
        self._done: set[str] = set()

    def rows(self) -> Iterator[str]:
        last: tuple[str, ...] = ()
        topic = ""
        for change in sorted(self._found, key=_order):
            if change.artifact.id in self._done:
                continue
            now = _topic(change)
            if now != topic:
                topic, last = now, ()
                if now != "own":
                    yield self._markup.row(0, self._markup.strong(now))
            base = int(topic != "own")
            place = tuple(one.id for one in change.place[: self._groups])
            for level, one in enumerate(change.place[: self._groups]):
                if last[: level + 1] != place[: level + 1]:
                    yield from self._group(one, base + level)
            last = place
            if change.artifact.kind in _GROUPS[: self._groups]:
                last = (*place, change.artifact.id)
            self._done.add(change.artifact.id)
            yield from self._row(change, base + len(place))

    def _group(self, one: Named, level: int) -> Iterator[str]:
        change = self._changed.get(one.id)
        if change is not None and one.id not in self._done:
            self._done.add(one.id)
            yield from self._row(change, level)
        else:
            yield self._markup.row(level, capital(titled(one, self._markup)))


def _topic(change: Changed) -> str:
    if change.artifact.example:
        return "Example cases"
    return "own" if change.place or change.artifact.kind == "case" else "Method"


def _order(change: Changed) -> tuple[int, tuple[str, ...], str]:
    topic = ("own", "Method", "Example cases").index(_topic(change))
    place = tuple(one.id for one in change.place)
    if change.artifact.kind in _GROUPS:
        return topic, (*place, change.artifact.id), ""
    return topic, place, change.artifact.id
