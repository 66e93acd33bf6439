"""A review of two revisions, or of one and the files as they are: both sides opened, looked at and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from twinpage.core.baseline import accept
from twinpage.core.canonical import canonical
from twinpage.core.renaming import renamed_id, renamed_value
from twinpage.core.review.differences import differences
from twinpage.core.review.pairing import Pair, renames_of, with_renames
from twinpage.edge import clock
from twinpage.edge.git_grep import notes_with
from twinpage.edge.git_range import Ends
from twinpage.edge.place import SETTINGS
from twinpage.errors import SettingsMistakes
from twinpage.model.flag import Flag
from twinpage.model.kind import Value
from twinpage.model.review import Changed, Introduced, Moment, Named, Review, Said
from twinpage.workspace.accepting import read_baseline
from twinpage.workspace.flags import take_flags
from twinpage.workspace.log import log_broken
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace, open_workspace
from twinpage.workspace.remembered import flags_and_examples
from twinpage.workspace.reviewing import Reviewing
from twinpage.workspace.revision import open_revision
from twinpage.workspace.revision_ground import settings_of
from twinpage.workspace.subjects import source_at

THE_FILES = "the files as they are"
MOST_LOOKED_FOR = 50
"""So many titles of what is gone are looked for in all notes of the base."""


def review_of(ends: Ends, remarks: list[str]) -> Review:
    """What lies between two ends. Nothing but the cache in ``.twinpage/`` is written. Raises what opening raises."""
    with _opened(ends, remarks) as (base, head):
        found = Reviewing(base, head, changed_pairs(base, head), ends.base.name)
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
def _opened(ends: Ends, remarks: list[str]) -> Iterator[tuple[Workspace, Workspace]]:
    """Both sides with their flags up to date; the base first, for the other may start from what is known of it."""
    root = ends.base.vault
    base = _opened_base(ends, remarks)
    try:
        head = open_revision(root, ends.head, "head") if ends.head else open_workspace(root, keep_state=False)
        try:
            if ends.head is None and not head.unchanged():
                remarks += log_broken(root, take_flags(head))
            remarks += [*base.remarks, *head.remarks]
            yield base, head
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


def changed_pairs(base: Workspace, head: Workspace) -> list[Pair]:
    """The artifacts that are not the same on both sides, by id."""
    before, after = _digests(base), _digests(head)
    ids = sorted(artifact for artifact in before.keys() | after.keys() if before.get(artifact) != after.get(artifact))
    for ws in (base, head):
        ws.disk.expect(map(artifact_path, ids))
    found = []
    for artifact in ids:
        old = _value(base, artifact) if artifact in before else None
        new = _value(head, artifact) if artifact in after else None
        found.append(Pair(artifact if artifact in before else "", artifact if artifact in after else "", old, new))
    pairs = with_renames(found)
    renames = renames_of(pairs)
    compared = [_in_canonical_form(pair, head, renames) for pair in pairs]
    return [pair for pair in compared if pair.old != pair.new or pair.before != pair.after]


def _in_canonical_form(pair: Pair, head: Workspace, renames: Mapping[str, str]) -> Pair:
    """Both values as they are compared, with the ids of now: what is written in another way, or named by another id, is
    the same."""
    kind = head.registry.kind(str((pair.after or {}).get("kind")))
    if kind is None or pair.before is None or pair.after is None:
        return pair
    before = renamed_value(pair.before, kind, renames) if renames else pair.before
    return replace(pair, before=canonical(before, kind), after=canonical(pair.after, kind))


def _digests(ws: Workspace) -> dict[str, str]:
    return {row[0]: row[1] for row in ws.state.rows("select artifact, digest from files where role = 'artifact'")}


def _value(ws: Workspace, artifact: str) -> Value | None:
    source = source_at(ws, artifact_path(artifact))
    return source.value if source is not None else None


def _notes_with_what_is_gone(found: Reviewing) -> dict[str, Sequence[str]]:
    gone = [pair.old for pair in found.pairs if pair.old and not pair.new][:MOST_LOOKED_FOR]
    cards = [card for artifact in gone if (card := found.base.vault.card(artifact)) is not None]
    root, commit = found.base.root, found.base_commit
    return {card.id: notes_with(root, commit, card.title) for card in cards if card.title}


def _changed(found: Reviewing, pair: Pair) -> Changed:
    ws, artifact = (found.head, pair.new) if pair.new else (found.base, pair.old)
    was = found.named(found.base, pair.old) if pair.happened == "renamed" else None
    return Changed(
        found.named(ws, artifact), pair.happened, was, _place(found, ws, artifact), _differences(found, pair)
    )


def _differences(found: Reviewing, pair: Pair) -> tuple[Said, ...]:
    kind = found.head.registry.kind(str((pair.after or {}).get("kind")))
    if pair.before is None or pair.after is None or kind is None:
        return ()

    def name(artifact: str) -> str:
        card = found.head.vault.card(artifact) or found.base.vault.card(artifact)
        return card.name if card is not None else artifact

    return differences(pair.before, pair.after, kind, name)


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
