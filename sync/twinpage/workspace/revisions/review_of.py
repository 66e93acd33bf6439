"""A review of two revisions, or of one and the files as they are: both sides opened, looked at and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from twinpage.core.flags.baseline import accept
from twinpage.core.renaming import renamed_id
from twinpage.core.review.pairing import Pair
from twinpage.edge import clock
from twinpage.edge.git.grep import notes_with
from twinpage.edge.place import SETTINGS
from twinpage.errors import SettingsMistakes
from twinpage.model.flag import Flag
from twinpage.model.review import Changed, Introduced, Moment, Named, Review
from twinpage.workspace.flagging.flags import take_flags
from twinpage.workspace.log import log_broken
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.remembered import flags_and_examples
from twinpage.workspace.revisions.accepting import read_baseline
from twinpage.workspace.revisions.ends import Ends
from twinpage.workspace.revisions.review_pairs import beside, changed_pairs
from twinpage.workspace.revisions.reviewing import Reviewing
from twinpage.workspace.revisions.revision import open_revision
from twinpage.workspace.revisions.revision_ground import settings_of

THE_FILES = "the files as they are"
MOST_LOOKED_FOR = 50
"""So many titles of what is gone are looked for in all notes of the base."""


def review_of(ends: Ends, remarks: list[str]) -> Review:
    """What lies between two ends. Nothing but the cache in ``.twinpage/`` is written. Raises what opening raises."""
    with _opened(ends, remarks) as (base, head, pairs):
        found = Reviewing(base, head, changed_pairs(base, head) if pairs is None else pairs, ends.base.name)
        introduced, resolved = found.flags()
        introduced, accepted = _without_accepted(head, introduced, remarks)
        impact, not_asked = found.impact(_notes_with_what_is_gone(found))
        return Review(
            base=Moment(ends.base.label, ends.base.name),
            head=Moment(ends.head.label, ends.head.name) if ends.head else Moment(THE_FILES),
            counts=found.counts(),
            coverage=found.coverage(),
            partners=found.partners(),
            introduced=introduced,
            resolved=resolved,
            accepted=accepted,
            broken=found.broken(),
            impact=impact,
            not_asked=not_asked,
            changes=tuple(_changed(found, pair) for pair in found.pairs),
            void=tuple(found.made_void()),
            fail_on=head.config.fail_on,
        )


@contextmanager
def _opened(ends: Ends, remarks: list[str]) -> Iterator[tuple[Workspace, Workspace, list[Pair] | None]]:
    """Both sides with their flags up to date, and what differs where that was found on the way.

    The base comes first, for the other may start from what is known of it.
    """
    root = ends.base.vault
    base = _opened_base(ends, remarks)
    try:
        base.load_index(0)  # if all of it was looked at: not to be in memory beside the other side's
        pairs = None
        if ends.head is None:
            head = open_workspace(root, keep_state=False)
        else:
            head, pairs = beside(base, ends.base, ends.head, partial(open_revision, root, ends.head, "head"))
        try:
            if ends.head is None and not head.unchanged():
                remarks += log_broken(root, take_flags(head))
            remarks += [*base.remarks, *head.remarks]
            yield base, head, pairs
        finally:
            head.close()
    finally:
        base.close()


def _opened_base(ends: Ends, remarks: list[str]) -> Workspace:
    """As of the day of what is reviewed: what only time brought was not introduced.

    Settings with mistakes, which nobody can mend there any more, are passed over for those of what is reviewed.
    """
    root, today = ends.base.vault, ends.head.date if ends.head else clock.today()
    try:
        return open_revision(root, ends.base, "base", today=today)
    except SettingsMistakes:
        where = f"{SETTINGS} in {ends.base.label} has mistakes"
        remarks.append(f"{where}, so its flags are taken by the settings of what is reviewed.")
        return open_revision(root, ends.base, "base", settings_of(root, ends.head), today)


def _without_accepted(head: Workspace, introduced: Introduced, remarks: list[str]) -> tuple[Introduced, int]:
    """Introduced flags but for those that the baseline of what is reviewed accepts, and how many those are."""
    baseline = read_baseline(head)
    if baseline is None:
        return introduced, 0
    remarks += baseline.mistakes
    own, examples = flags_and_examples(head.state)
    left = Counter(accept(baseline.entries, sorted(own + examples, key=lambda flag: flag.order)).accepted)

    def new(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
        kept = []
        for flag in flags:
            if left[flag]:
                left[flag] -= 1
            else:
                kept.append(flag)
        return tuple(kept)

    found = Introduced(new(introduced.own), new(introduced.examples))
    return found, len(introduced.all) - len(found.all)


def _notes_with_what_is_gone(found: Reviewing) -> dict[str, Sequence[str]]:
    gone = [pair.old for pair in found.pairs if pair.old and not pair.new][:MOST_LOOKED_FOR]
    cards = [card for artifact in gone if (card := found.base.vault.card(artifact)) is not None]
    root, commit = found.base.root, found.base_commit
    return {card.id: notes_with(root, commit, card.title) for card in cards if card.title}


def _changed(found: Reviewing, pair: Pair) -> Changed:
    ws, artifact = (found.head, pair.new) if pair.new else (found.base, pair.old)
    was = found.named(found.base, pair.old) if pair.happened in ("renamed", "moved") else None
    return Changed(found.named(ws, artifact), pair.happened, was, _place(found, ws, artifact), pair.differences)


def _place(found: Reviewing, ws: Workspace, artifact: str) -> tuple[Named, ...]:
    """Case, segment and profile that an artifact belongs to, as far as it says so."""
    place: list[Named] = []
    card = ws.vault.card(artifact)
    case = card.case if card else ""
    seen = {artifact}
    while card is not None:
        refers = dict(reversed(card.references))
        up = refers.get("profile") or refers.get("segment") or refers.get("about") or ""
        card = ws.vault.card(up) if up and up not in seen else None
        if card is not None:
            seen.add(up)
            if card.kind in ("segment", "profile"):
                place.insert(0, _as_now(found, ws, up))
    return (_as_now(found, ws, case), *place) if case and case != artifact else tuple(place)


def _as_now(found: Reviewing, ws: Workspace, artifact: str) -> Named:
    """By the id and name that it has on the side that is reviewed, where it is there."""
    now = renamed_id(artifact, found.renames)
    return found.named(found.head, now) if found.head.vault.card(now) is not None else found.named(ws, artifact)
