"""A review as a report: the verdict first, what was left out last."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from twinpage.core.review.changes_told import NAME as CHANGES
from twinpage.core.review.changes_told import changes
from twinpage.core.review.fitting import Form, Section, fitted
from twinpage.core.review.markup import Markup
from twinpage.core.review.sections import IMPACT, LADDER, flags, impact, model, more_rows, signoffs
from twinpage.core.review.verdict import verdict
from twinpage.model.review import Review

LIMIT = 60_000
"""Characters of a report for a pull request: GitHub takes 65,536 in a comment, and others may add to it."""
_ENDLESS = 1 << 62
_END = 1_500
"""Characters for what was left out."""
INTRODUCED, RESOLVED = "Flags introduced", "Flags resolved"
STEPS = (CHANGES, CHANGES, IMPACT, *((RESOLVED, INTRODUCED) * (len(LADDER) - 1)))
"""What becomes shorter first: the words of what was reworded, then each change to one row, then what flags say."""
BEFORE_ROWS = 5
"""After so many of these steps, when flags no longer tell what to do about them, rows go before flags shrink."""


def report(review: Review, markup: Markup, limit: int | None = None) -> str:
    """All of it, or what fits into so many characters; flags are never left out."""
    room = None if limit is None else limit - _END
    done = fitted(sections(review, markup, room), STEPS, BEFORE_ROWS, _ENDLESS if room is None else room)
    return (done.text + _left_out(done.left_out, markup)).rstrip() + "\n"


def sections(review: Review, markup: Markup, room: int | None = None) -> Sequence[Section]:
    """In the order in which they are told. ``room``: characters for all of them; what is longer need not be whole as
    long as there is a shorter form."""
    see_all = f"{markup.code(f'twinpage check{_revisions(review)}')} lists all."
    resolved = f"{markup.code(f'twinpage review{_range(review)} --output-format json')} lists all."
    return (
        Section("Verdict", (partial(_verdict, review, markup),), 1),
        model(review, markup),
        flags(INTRODUCED, review.introduced, see_all, markup),
        flags(RESOLVED, review.resolved, resolved, markup, advise=False),
        impact(review, markup, room),
        changes(review, markup, room),
        signoffs(review, markup),
    )


def _revisions(review: Review) -> str:
    rev = f" --rev {review.head.commit[:12]}" if review.head.commit else ""
    return f"{rev} --base {review.base.commit[:12]}"


def _range(review: Review) -> str:
    return f" {review.base.commit[:12]}{f'..{review.head.commit[:12]}' if review.head.commit else ''}"


def _verdict(review: Review, markup: Markup) -> Form:
    title = f"Review of the model: {markup.code(review.base.label)} to {markup.code(review.head.label)}"
    first, *others = verdict(review, markup)
    head = markup.heading(1, title) + markup.paragraph(first)
    return Form(head, [markup.row(0, line) for line in others], markup.end if others else "", "", more_rows(markup))


def _left_out(sentences: Sequence[str], markup: Markup) -> str:
    if not sentences:
        return ""
    rows = "".join(markup.row(0, sentence) for sentence in sentences)
    return markup.heading(2, "Left out") + rows
