"""Pruning the trash, once a day by itself or when a person asks for it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from twinpage.core.pruning import MEGABYTE, Limits, Weight, goes
from twinpage.core.trash_words import spared_in_words, taken_in_words
from twinpage.edge import clock
from twinpage.edge.ending import heed_requests
from twinpage.edge.lock import write_lock
from twinpage.edge.trash import Bundle, Trash, by_id
from twinpage.errors import LockHeld, NotWritten, OutsideVault
from twinpage.model.outcome import Removal, TrashOutcome
from twinpage.workspace.ground import Ground

_DAY = "trash pruned"
"""Under this name the state remembers the day of the last pruning that nobody asked for."""


def prune_if_due(ground: Ground, remark: Callable[[str], None]) -> None:
    """Prune by the defaults unless that was done today, and tell in one remark what it took; nothing is raised."""
    today = clock.today()
    if ground.state.recall(_DAY) == today:
        return
    try:
        outcome = prune(ground, Limits())
        with ground.state.transaction():
            ground.state.remember(_DAY, today)
    except (LockHeld, NotWritten, OutsideVault):
        return  # the next pass tries again
    told = [taken_in_words(outcome.taken, outcome.days, outcome.megabytes)] if outcome.taken else []
    told += [spared_in_words(outcome.megabytes)] if outcome.spared else []
    told += outcome.not_taken
    if told:
        remark(" ".join(told))


def prune(ground: Ground, limits: Limits) -> TrashOutcome:
    """Take away for good what these limits do not keep. Raises LockHeld, NotWritten, OutsideVault."""
    with write_lock(ground.root):
        trash = Trash(ground.disk)
        bundles = trash.bundles()
        outcome = _weighed(trash, bundles, limits)
        taken, kept, refused = [], [], []
        for bundle, removal in zip(bundles, outcome.removals, strict=True):
            if not removal.goes:
                kept.append(removal)
                continue
            heed_requests()
            try:
                trash.discard(bundle)
            except NotWritten as error:
                refused.append(str(error))
                kept.append(removal)
            else:
                taken.append(replace(removal, goes=False))
    done = replace(outcome, removals=tuple(kept), taken=tuple(taken), not_taken=tuple(refused))
    return replace(done, pruned=True)


def held(ground: Ground, limits: Limits) -> TrashOutcome:
    """What the trash holds, and what a pruning with these limits would take."""
    trash = Trash(ground.disk)
    return _weighed(trash, trash.bundles(), limits)


def _weighed(trash: Trash, bundles: list[Bundle], limits: Limits) -> TrashOutcome:
    weights = [Weight(clock.days_since(bundle.when), bundle.size()) for bundle in bundles]
    first = by_id(bundles)
    removals = tuple(
        Removal(
            one.name, one.artifact, one.when, one.because, one.files, weight.size, going, first.get(one.artifact) is one
        )
        for one, weight, going in zip(bundles, weights, goes(weights, limits), strict=True)
    )
    rest = sum(removal.size for removal in removals if not removal.goes)
    spared = limits.megabytes is None and rest > limits.size
    sizes = limits.age, limits.size // MEGABYTE
    return TrashOutcome(removals, (), *sizes, unread=tuple(trash.unread()), spared=spared)
