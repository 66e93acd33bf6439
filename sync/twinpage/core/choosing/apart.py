"""Where two versions of a sequence differ from one another and from what was before, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from twinpage.core.merging.merge_text import changed, common, regions


class Part(Struct, frozen=True):
    """A run of elements: alike everywhere, or what each version has in that place."""

    base: tuple[str, ...]
    one: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def alike(self) -> bool:
        return self.base == self.one == self.other

    @property
    def merged(self) -> tuple[str, ...] | None:
        """What a merge makes of it; None where both changed it differently."""
        if self.one in (self.other, self.base):
            return self.other
        return self.one if self.other == self.base else None


def parts(base: Sequence[str] | None, one: Sequence[str], other: Sequence[str]) -> Iterator[Part]:
    """All of both versions, first to last. Without a base nothing is said of before: wherever they differ, they clash.

    The elements of all parts, side by side, are the versions: nothing is left out.
    """
    if base is None:
        yield from _two(one, other)
        return
    done = 0
    for start, end, left, right in regions(base, one, other):
        yield from _alike(base[done:start])
        span = (start, end)
        yield Part(tuple(base[start:end]), tuple(changed(base, left, span)), tuple(changed(base, right, span)))
        done = end
    yield from _alike(base[done:])


def _alike(elements: Sequence[str]) -> Iterator[Part]:
    if elements:
        yield Part(*[tuple(elements)] * 3)


def _two(one: Sequence[str], other: Sequence[str]) -> Iterator[Part]:
    a = b = 0
    same: list[str] = []
    for in_one, in_other in [*common(one, other), (len(one), len(other))]:
        if in_one > a or in_other > b:
            yield from _alike(same)
            same = []
            yield Part((), tuple(one[a:in_one]), tuple(other[b:in_other]))
        same += one[in_one : in_one + 1]
        a, b = in_one + 1, in_other + 1
    yield from _alike(same)
