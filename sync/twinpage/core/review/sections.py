"""The sections of a report, each in forms from the longest to the shortest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from twinpage.core.review.fitting import Form, Section
from twinpage.core.review.markup import Markup
from twinpage.core.review.verdict import HAPPENED, number_of, plural, some_names
from twinpage.core.signoffs import who
from twinpage.core.wording import counted, listed, words
from twinpage.model.flag import SEVERITIES, Flag
from twinpage.model.review import Covered, Happened, Impact, Introduced, MadeVoid, Named, Review

_BRIEF = 140
"""Characters of what a flag says in its brief form."""
_NAMES = 3
"""So many of a kind are named; more are counted."""
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
                told = f"{plural(words(count.kind))}{_where(example)}"
                if count.before == count.after:
                    still.append(number_of(count.after, count.kind))
                else:
                    rows.append((told, f"{count.before:,}", markup.strong(f"{count.after:,}")))
            if still:
                same.append(f"{'in example cases ' if example else ''}{listed(still)}")
        parts = [markup.heading(2, "The model before and after")]
        if rows:
            parts.append(markup.table(("", "before", "after"), rows))
        if same:
            parts.append(markup.paragraph(f"As many as before: {'; '.join(same)}."))
        return Form("".join(parts) if rows or same else "")

    return Section("The model before and after", (whole,))


def _covered(row: Covered, markup: Markup) -> tuple[str, str, str]:
    before, after = (f"{have:,} of {of:,}" for have, of in (row.before, row.after))
    what = f"{plural(words(row.kind))} with {plural(words(row.partner)) if row.kind == 'stage' else words(row.partner)}"
    return f"{what}{_where(row.example)}", before, after if before == after else markup.strong(after)


def _where(example: bool) -> str:
    return " (example cases)" if example else ""


# ---------------------------------------------------------------------- flags


def flags(name: str, found: Introduced, see_all: str, markup: Markup, advise: bool = True) -> Section:
    """All of them in every form: with what to do, in brief, by place alone, and by code with their number.

    ``advise`` False: nothing is to be done about them.
    """

    def form(row: Callable[[Flag, Markup], str], left_out: str = "") -> Form:
        if not found.all:
            return Form()
        rows = [markup.row(0, row(flag, markup)) for flag in _gravest_first(found.own)]
        if found.examples:
            rows.append(markup.row(0, "In example cases:"))
            rows += [markup.row(1, row(flag, markup)) for flag in _gravest_first(found.examples)]
        return Form(_titled(f"{name} ({len(found.all):,})", markup), rows, markup.end, left_out)

    def by_code() -> Form:
        codes = Counter((SEVERITIES.index(flag.severity), flag.code, flag.name) for flag in found.all)
        rows = [
            markup.row(0, f"{markup.severity(SEVERITIES[severity])} {code} {title}: {number:,}")
            for (severity, code, title), number in sorted(codes.items())
        ]
        told = f"{name}: where they are. {see_all}"
        return Form(_titled(f"{name} ({len(found.all):,})", markup), rows, markup.end, told)

    brief = f"{name}: what to do about them. {see_all}" if advise else ""
    shortest = f"{name}: what they say. {see_all}"
    first = _whole_flag if advise else _brief_flag
    forms = (partial(form, first), partial(form, _brief_flag, brief), partial(form, _place, shortest), by_code)
    return Section(name, forms)


def _titled(title: str, markup: Markup) -> str:
    return markup.heading(2, title)


def _gravest_first(found: Iterable[Flag]) -> list[Flag]:
    return sorted(found, key=lambda flag: (SEVERITIES.index(flag.severity), flag.code))


def _whole_flag(flag: Flag, markup: Markup) -> str:
    place = markup.code(f"{flag.path}:{flag.line}")
    return f"{markup.severity(flag.severity)} {flag.code} {place}: {markup.text(flag.message)}"


def _brief_flag(flag: Flag, markup: Markup) -> str:
    said = flag.message.partition(". ")[0].rstrip(".")
    said = said if len(said) <= _BRIEF else f"{said[: _BRIEF - 1]}…"
    return f"{markup.severity(flag.severity)} {flag.code} {markup.text(said)}"


def _place(flag: Flag, markup: Markup) -> str:
    return f"{flag.code} {markup.code((flag.artifact or flag.path)[:_BRIEF])}"


# ---------------------------------------------------------------------- what depends on it


IMPACT = "What depends on it"


def impact(review: Review, markup: Markup) -> Section:
    """References that lead to what is gone, then who refers to what changed and which notes embed it.

    In its shorter form only of what is gone or was renamed: of what has other words, the others show them anyway.
    """

    def form(wanted: tuple[Happened, ...], left_out: str = "") -> Form:
        rows = [markup.row(0, _broken(one.artifact, one.target, markup)) for one in review.broken]
        for example in (False, True):
            found = [one for one in review.impact if one.artifact.example is example and one.happened in wanted]
            if found and example:
                rows.append(markup.row(0, "In example cases:"))
            rows += [markup.row(int(example), _depends(one, markup)) for one in found]
        if review.not_asked:
            told = (
                f"{counted(review.not_asked, 'more changed artifact')}: too many to look for the notes that embed them."
            )
            rows.append(markup.row(0, told))
        if not rows:
            return Form(left_out=left_out)
        return Form(_titled(IMPACT, markup), rows, markup.end, left_out, _more(markup))

    few = f"{IMPACT}: who depends on the artifacts that have other words only."
    forms = partial(form, HAPPENED), partial(form, ("removed", "renamed", "moved"), few if review.impact else "")
    return Section(IMPACT, forms, 0.3)


def _broken(artifact: Named, target: Named, markup: Markup) -> str:
    return f"{capital(titled(artifact, markup))} names {titled(target, markup)}, which is gone."


def capital(text: str) -> str:
    """The same at the beginning of a row."""
    return text[:1].upper() + text[1:]


def titled(artifact: Named, markup: Markup) -> str:
    """``journey *Morning run*``; where the name begins with the kind, once."""
    kind, name = words(artifact.kind) or "artifact", markup.name(artifact.name)
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
    word = plural(words(kind) or "artifact")
    if len(some) > _NAMES:
        return f"{len(some):,} {word}"
    return f"{word} {some_names(some, markup)}"


# ---------------------------------------------------------------------- sign-offs


def signoffs(review: Review, markup: Markup) -> Section:
    """Whose word no longer holds."""
    name = "Sign-offs made void"

    def whole() -> Form:
        rows = [markup.row(0, _void(made, markup)) for made in review.void]
        return Form(_titled(name, markup), rows, markup.end, "", _more(markup)) if rows else Form()

    return Section(name, (whole,), 0.2)


def _void(made: MadeVoid, markup: Markup) -> str:
    people = listed([f"{markup.name(who(signoff))} on {signoff.day}" for signoff in made.signoffs])
    gone = ", which is gone" if made.gone else ""
    return f"{capital(titled(made.artifact, markup))}{gone}: signed off by {people}."


def _more(markup: Markup) -> Callable[[int], str]:
    return lambda number: markup.row(0, f"and {number:,} more.")
