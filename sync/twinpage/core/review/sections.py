"""The sections of a report, each in forms from the longest to the shortest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from twinpage.core.review.fitting import Form, Section, until
from twinpage.core.review.markup import Markup
from twinpage.core.review.verdict import HAPPENED, kind_in_words, number_of, plural, some_names
from twinpage.core.signoffs import who
from twinpage.core.wording import counted, in_short, listed
from twinpage.model.flag import SEVERITIES, Flag, Severity
from twinpage.model.review import Covered, Happened, Impact, Introduced, MadeVoid, Named, Review

_BRIEF = 140
"""Characters of what a flag says in its brief form."""
_NAMES = 3
"""So many of a kind are named; more are counted."""
_KINDS = 25
"""So many are told of by number: a team's own are few, and whatever stands as a kind in a file counts as one."""
_NOTES = 3
"""So many notes that embed something are named."""

# ---------------------------------------------------------------------- numbers


def model(review: Review, markup: Markup) -> Section:
    """Counts by kind and coverage, before and after; example cases last."""

    own = any(not row.example for row in review.coverage)

    def tells(row: Covered) -> bool:
        """Of example cases only what is another, where there are other cases."""
        return not row.example or not own or row.before != row.after

    def whole() -> Form:
        rows: list[tuple[str, str, str]] = []
        same: list[str] = []
        for example in (False, True):
            still: list[str] = []
            rows += [_covered(row, markup) for row in review.coverage if row.example is example and tells(row)]
            for count in (count for count in review.counts if count.example is example):
                told = f"{plural(kind_in_words(count.kind, markup))}{_where(example)}"
                if count.before == count.after:
                    still.append(number_of(count.after, count.kind, markup))
                else:
                    rows.append((told, f"{count.before:,}", markup.strong(f"{count.after:,}")))
            if still:
                same.append(f"{'in example cases ' if example else ''}{listed(_few(still, 'more kinds'))}")
        parts = [markup.heading(2, "The model before and after")]
        if rows:
            parts.append(markup.table(("", "before", "after"), rows[:_KINDS]))
        if len(rows) > _KINDS:
            parts.append(markup.paragraph(f"And {len(rows) - _KINDS:,} more numbers that are others."))
        if same:
            parts.append(markup.paragraph(f"As many as before: {'; '.join(same)}."))
        return Form("".join(parts) if rows or same else "")

    return Section("The model before and after", (whole,))


def _few(told: Sequence[str], more: str) -> Sequence[str]:
    return told if len(told) <= _KINDS else [*told[:_KINDS], f"{len(told) - _KINDS:,} {more}"]


def _covered(row: Covered, markup: Markup) -> tuple[str, str, str]:
    before, after = (f"{have:,} of {of:,}" for have, of in (row.before, row.after))
    kind, partner = kind_in_words(row.kind, markup), kind_in_words(row.partner, markup)
    what = f"{plural(kind)} with {plural(partner) if row.kind == 'stage' else partner}"
    return f"{what}{_where(row.example)}", before, after if before == after else markup.strong(after)


def _where(example: bool) -> str:
    return " (example cases)" if example else ""


# ---------------------------------------------------------------------- flags


WHOLE, BRIEF, PLACE, NUMBER = range(4)
"""How a flag is told: with what to do about it, without, by its place alone, and as one of so many of its code."""
LADDER = ((0, 0, 0), (1, 1, 1), (1, 1, 2), (1, 2, 2), (2, 2, 2), (2, 2, 3), (2, 3, 3), (3, 3, 3))
"""How errors, warnings and infos are told in each form, the longest first: the mildest lose their places first."""


def flags(name: str, found: Introduced, see_all: str, markup: Markup, advise: bool = True) -> Section:
    """All of them in every form. ``advise`` False: nothing is to be done about them."""
    told = (_said_flag if advise else _brief_flag, _brief_flag, _place)

    @cache
    def rows(example: bool, severity: Severity, how: int) -> list[str]:
        some = (flag for flag in (found.examples if example else found.own) if flag.severity == severity)
        return [markup.row(int(example), told[how](flag, markup)) for flag in sorted(some, key=lambda flag: flag.code)]

    def form(hows: tuple[int, int, int]) -> Form:
        if not found.all:
            return Form()
        listed_ = [(severity, how) for severity, how in zip(SEVERITIES, hows, strict=True) if how != NUMBER]
        own, examples = ([row for one in listed_ for row in rows(example, *one)] for example in (False, True))
        numbers = _by_code([flag for flag in found.all if hows[SEVERITIES.index(flag.severity)] == NUMBER], markup)
        every = [*own, *([markup.row(0, "In example cases:")] if examples else []), *examples, *numbers]
        there = {how for severity, how in zip(SEVERITIES, hows, strict=True) if found.count(severity)}
        lacks = _lacks(there, advise)
        title = _titled(f"{name} ({len(found.all):,})", markup)
        return Form(title, every, markup.end, f"{name}: {lacks}. {see_all}" if lacks else "")

    return Section(name, tuple(partial(form, hows) for hows in LADDER))


def _lacks(there: set[int], advise: bool) -> str:
    """What is not told of flags any more that are told in these ways."""
    if NUMBER in there:
        return "where they are" if there == {NUMBER} else "what they say, and where the milder ones are"
    if PLACE in there:
        return "what they say" if there == {PLACE} else "what the milder ones say"
    return "what to do about them" if advise and BRIEF in there else ""


def _by_code(found: Sequence[Flag], markup: Markup) -> list[str]:
    codes = Counter((SEVERITIES.index(flag.severity), flag.code, flag.name) for flag in found)
    return [
        markup.row(0, f"{markup.severity(SEVERITIES[severity])} {code} {title}: {number:,}")
        for (severity, code, title), number in sorted(codes.items())
    ]


def _titled(title: str, markup: Markup) -> str:
    return markup.heading(2, title)


def _said_flag(flag: Flag, markup: Markup, most: int = 0) -> str:
    """``most``: so many characters of what it says are shown, without what to do about it. 0: all."""
    said = flag.message
    if most:
        said = in_short(said.partition(". ")[0].rstrip("."), most)
    place = markup.code(f"{in_short(flag.path, _BRIEF)}:{flag.line}")
    return f"{markup.severity(flag.severity)} {flag.code} {place}: {markup.text(said)}"


def _brief_flag(flag: Flag, markup: Markup) -> str:
    return _said_flag(flag, markup, _BRIEF)


def _place(flag: Flag, markup: Markup) -> str:
    return f"{flag.code} {markup.code(in_short(flag.artifact or flag.path, _BRIEF))}"


# ---------------------------------------------------------------------- what depends on it


IMPACT = "What depends on it"


def impact(review: Review, markup: Markup, room: int | None = None) -> Section:
    """References that lead to what is gone, then who refers to what changed and which notes embed it.

    In its shorter form only of what is gone or was renamed: of what has other words, the others show them anyway.
    """

    def rows(wanted: tuple[Happened, ...]) -> Iterator[str]:
        for one in review.broken:
            yield markup.row(0, _broken(one.artifact, one.target, markup))
        for example in (False, True):
            found = [one for one in review.impact if one.artifact.example is example and one.happened in wanted]
            if found and example:
                yield markup.row(0, "In example cases:")
            for depending in found:
                yield markup.row(int(example), _depends(depending, markup))
        if review.not_asked:
            more = counted(review.not_asked, "more changed artifact")
            yield markup.row(0, f"{more}: too many to look for the notes that embed them.")

    def form(wanted: tuple[Happened, ...], left_out: str = "", room: int | None = None) -> Form:
        taken = until(rows(wanted), room)
        if not taken:
            return Form(left_out=left_out)
        return Form(_titled(IMPACT, markup), taken, markup.end, left_out, more_rows(markup))

    few = f"{IMPACT}: who depends on the artifacts that have other words only."
    forms = (
        partial(form, HAPPENED, "", room),
        partial(form, ("removed", "renamed", "moved"), few if review.impact else ""),
    )
    return Section(IMPACT, forms, 0.3)


def _broken(artifact: Named, target: Named, markup: Markup) -> str:
    return f"{capital(titled(artifact, markup))} names {titled(target, markup)}, which is gone."


def capital(text: str) -> str:
    """The same at the beginning of a row."""
    return text[:1].upper() + text[1:]


def titled(artifact: Named, markup: Markup) -> str:
    """``journey *Morning run*``; where the name begins with the kind, once."""
    kind, name = kind_in_words(artifact.kind, markup), markup.name(artifact.name)
    return name if artifact.name.casefold().startswith(f"{kind} ") else f"{kind} {name}"


def _depends(one: Impact, markup: Markup) -> str:
    told = []
    if one.referrers:
        by_kind: dict[str, list[Named]] = {}
        for artifact in one.referrers:
            by_kind.setdefault(artifact.kind, []).append(artifact)
        told.append(f"named by {listed([_several(kind, some, markup) for kind, some in sorted(by_kind.items())])}")
    if one.notes:
        paths = [markup.code(path) for path in one.notes[:_NOTES]]
        more = len(one.notes) - len(paths)
        verb = "was embedded in" if one.happened == "removed" else "embedded in"
        told.append(f"{verb} {listed([*paths, f'{more:,} more notes'] if more else paths)}")
    return f"{capital(titled(one.artifact, markup))}, {one.happened}: {'; '.join(told)}."


def _several(kind: str, some: Sequence[Named], markup: Markup) -> str:
    if len(some) == 1:
        return titled(some[0], markup)
    word = plural(kind_in_words(kind, markup))
    if len(some) > _NAMES:
        return f"{len(some):,} {word}"
    return f"{word} {some_names(some, markup)}"


# ---------------------------------------------------------------------- sign-offs


def signoffs(review: Review, markup: Markup) -> Section:
    """Whose word no longer holds."""
    name = "Sign-offs made void"

    def whole() -> Form:
        rows = [markup.row(0, _void(made, markup)) for made in review.void]
        return Form(_titled(name, markup), rows, markup.end, "", more_rows(markup)) if rows else Form()

    return Section(name, (whole,), 0.2)


def _void(made: MadeVoid, markup: Markup) -> str:
    people = listed([f"{markup.name(who(signoff))} on {signoff.day}" for signoff in made.signoffs])
    gone = ", which is gone" if made.gone else ""
    return f"{capital(titled(made.artifact, markup))}{gone}: signed off by {people}."


def more_rows(markup: Markup) -> Callable[[int], str]:
    """The row in place of others."""
    return lambda number: markup.row(0, f"and {number:,} more.")
