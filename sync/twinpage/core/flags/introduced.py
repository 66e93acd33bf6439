"""Which flags are new in comparison with an older model, which are gone, and which stand in both."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from twinpage.core.flags.baseline import NEVER
from twinpage.model.flag import Flag


class Compared(Struct, frozen=True):
    """Flags before and after, told apart, each in order."""

    introduced: tuple[Flag, ...]
    resolved: tuple[Flag, ...]
    standing: tuple[Flag, ...]
    """As they are after."""


def compare_flags(before: Iterable[Flag], after: Iterable[Flag]) -> Compared:
    """A flag is the same when its fingerprint is, wherever its lines moved.

    Of several with one fingerprint those that say the same are matched first, so that the new one is told, and none
    that stood there all the time. What no baseline accepts is the same only where it says the same: twins that differ
    in one more field are another mistake.
    """
    left: dict[str, list[Flag]] = {}
    for flag in before:
        left.setdefault(flag.fingerprint, []).append(flag)
    now = tuple((flag, flag.fingerprint) for flag in after)
    standing: set[int] = set()
    for word_for_word in (True, False):
        for number, (flag, fingerprint) in enumerate(now):
            there = left.get(fingerprint, [])
            exactly = word_for_word or flag.code in NEVER
            same = [one for one in there if not exactly or one.message == flag.message]
            if number not in standing and same:
                there.remove(same[0])
                standing.add(number)
    gone = sorted((flag for flags in left.values() for flag in flags), key=lambda flag: (flag.order, flag.message))
    introduced = tuple(flag for number, (flag, _) in enumerate(now) if number not in standing)
    return Compared(introduced, tuple(gone), tuple(flag for number, (flag, _) in enumerate(now) if number in standing))
