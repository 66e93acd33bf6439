"""What a review comes to: first whether anything stands against it, then what it does to the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from twinpage.core.review.markup import Markup
from twinpage.core.wording import counted, in_short, listed, words
from twinpage.model.flag import SEVERITIES
from twinpage.model.review import Happened, Introduced, Named, Partner, Review

_NAMED = 5
"""So many artifacts are named in a sentence; the sections below tell of the others."""
_KIND = 40
"""Characters of a kind."""
HAPPENED: tuple[Happened, ...] = ("added", "removed", "renamed", "moved", "changed")


def verdict(review: Review, markup: Markup) -> list[str]:
    """Paragraphs; the first is the verdict itself."""
    lines = [_standing(review, markup)]
    changed = _changed(review)
    lines += [changed] if changed else []
    unread = sum(one.happened == "unread" for one in review.changes)
    if unread:
        lines.append(f"{counted(unread, 'artifact file')} could not be compared.")
    for lost in (True, False):
        lines += _partners([one for one in review.partners if one.lost is lost], markup)
    if review.broken:
        verb = "names" if len(review.broken) == 1 else "name"
        lines.append(f"{counted(len(review.broken), 'reference')} {verb} what is gone.")
    void = sum(len(made.signoffs) for made in review.void)
    if void:
        lines.append(f"{counted(void, 'sign-off')} made void.")
    return lines


def _standing(review: Review, markup: Markup) -> str:
    introduced = numbers(review.introduced)
    resolved = f" {counted(len(review.resolved.all), 'flag')} resolved." if review.resolved.all else ""
    accepted = f"{counted(review.accepted, 'flag')} introduced and accepted in {markup.code('twinpage.baseline')}"
    if review.accepted and introduced:
        resolved += f" {accepted.replace(' ', ' more ', 1)}."
    if review.fails:
        told = f"This does not pass: {introduced} introduced."
    elif introduced:
        told = f"This passes, with {introduced} introduced."
    elif review.accepted:
        told = f"This passes: {accepted}, no other."
    elif review.changes or review.resolved.all:
        told = "This passes: no flag introduced."
    else:
        told = "The model is the same."
    return markup.strong(told) + resolved


def numbers(flags: Introduced) -> str:
    """``1 error and 2 warnings``; empty for none."""
    number = ((severity, flags.count(severity)) for severity in SEVERITIES)
    return listed([f"{n} info" if severity == "info" else counted(n, severity) for severity, n in number if n])


def _changed(review: Review) -> str:
    how = Counter(change.happened for change in review.changes)
    parts = [f"{how[one]:,} {one}" for one in HAPPENED if how[one]]
    if not parts:
        return ""
    number = len(review.changes) - how["unread"]
    many = f"{number:,} artifact{'' if number == 1 else 's'}"
    return f"{many}: {listed(parts)}." if len(parts) > 1 else f"{many} {parts[0].partition(' ')[2]}."


def _partners(found: Sequence[Partner], markup: Markup) -> Iterator[str]:
    """``1 profile lost its journey: Planning partner.`` for each kind and partner, example cases apart."""
    groups: dict[tuple[str, str, bool], list[Named]] = {}
    for one in found:
        groups.setdefault((one.artifact.kind, one.partner, one.artifact.example), []).append(one.artifact)
    for (kind, partner, example), artifacts in sorted(groups.items(), key=lambda group: (group[0][2], group[0])):
        whose = "its" if len(artifacts) == 1 else "their"
        verb = f"lost {whose}" if found[0].lost else "got a"
        where = " of example cases" if example else ""
        many, what = number_of(len(artifacts), kind, markup), kind_in_words(partner, markup)
        yield f"{many}{where} {verb} {what}: {some_names(artifacts, markup)}."


def some_names(artifacts: Iterable[Named], markup: Markup) -> str:
    """The names of a few, and how many more there are."""
    names = [markup.name(artifact.name) for artifact in artifacts]
    if len(names) > _NAMED + 1:
        return listed([*names[:_NAMED], f"{len(names) - _NAMED:,} more"])
    return listed(names)


def kind_in_words(kind: str, markup: Markup) -> str:
    """``sales strategy``; a file may call itself anything."""
    return markup.look.plain(in_short(words(kind), _KIND)) if kind else "artifact"


def number_of(number: int, kind: str, markup: Markup) -> str:
    """``1 profile``, ``3 sales strategies``."""
    word = kind_in_words(kind, markup)
    return f"{number:,} {word if number == 1 else plural(word)}"


def plural(word: str) -> str:
    """``journeys``, ``sales strategies``, ``classes``."""
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("s") else f"{word}s"
