"""Three-way merge of the order of items, apart from what the items hold."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

_MOST = 1000
"""Longer lists that both sides reordered are not compared pair by pair."""


class Order(Struct, frozen=True):
    """All ids in the order of each side. The two differ only where both sides moved the same items differently."""

    note: list[str]
    file: list[str]

    @property
    def clash(self) -> bool:
        return self.note != self.file


def merge_order(base: list[str], note: list[str], file: list[str], stay: Collection[str]) -> Order:
    """Order of the ids in ``stay``, each of which stands in ``note`` or ``file``.

    Of two items, a side that turned them round against the base is right, so moves of different items both hold.
    Where that gives no order, or two items were added by both sides in different order, each side keeps its own: a
    stage is first or it is not, and nobody's order is dropped in silence. Items of one side only follow the item that
    they followed there; of two such runs at one place the lower id goes first, whichever side it came from, so that
    merging the other way round gives the same.
    """
    note, file = [name for name in note if name in stay], [name for name in file if name in stay]
    in_note, in_file = set(note), set(file)
    by_note, by_file = [name for name in note if name in in_file], [name for name in file if name in in_note]
    common = _common_order(base, by_note, by_file)
    if common is not None:
        by_note = by_file = common
    runs = [_runs(note, in_file), _runs(file, in_note)]
    return Order(_spread(by_note, runs), _spread(by_file, runs))


def _common_order(base: list[str], note: list[str], file: list[str]) -> list[str] | None:
    """One order of the ids that both sides have; None when there is none."""
    if note == file:
        return note
    was = {name: place for place, name in enumerate(base)}
    if all(name in was for name in note):
        old = sorted(note, key=was.__getitem__)
        if note == old:
            return file
        if file == old:
            return note
    return _by_pairs(was, note, file) if len(note) <= _MOST else None


def _by_pairs(was: dict[str, int], note: list[str], file: list[str]) -> list[str] | None:
    place = {name: number for number, name in enumerate(file)}
    ahead = dict.fromkeys(note, 0)
    for number, one in enumerate(note):
        for other in note[number + 1 :]:
            if place[one] < place[other]:
                winner_first = one
            elif one in was and other in was:
                winner_first = other if was[one] < was[other] else one
            else:
                return None
            ahead[other if winner_first == one else one] += 1
    # Without a circle the items are ahead of 0, 1, 2, ... others.
    return sorted(note, key=ahead.__getitem__) if len(set(ahead.values())) == len(note) else None


def _runs(side: list[str], other: set[str]) -> dict[str | None, list[str]]:
    """Items that the other side lacks, by the common item that they follow."""
    runs: dict[str | None, list[str]] = {}
    last: str | None = None
    for name in side:
        if name in other:
            last = name
        else:
            runs.setdefault(last, []).append(name)
    return runs


def _spread(common: list[str], runs: list[dict[str | None, list[str]]]) -> list[str]:
    result: list[str] = []
    for anchor in (None, *common):
        if anchor is not None:
            result.append(anchor)
        for run in sorted(run.get(anchor, []) for run in runs):
            result += run
    return result
