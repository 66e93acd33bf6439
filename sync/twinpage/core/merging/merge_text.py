"""Three-way merge of sequences: paragraphs of a text, lines of a paragraph, elements of a list."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from twinpage.model.text import canonical

Change = tuple[int, int, tuple[str, ...]]
"""``base[start:end]`` became these elements."""
Region = tuple[int, int, list[Change], list[Change]]
Refine = Callable[[list[str], list[str], list[str]], list[str] | None]

_DEPTH = 12
"""Gaps are compared again inside gaps so often; deeper, they count as rewritten. Keeps hostile texts fast."""


def merge_text(base: str, note: str, file: str) -> str | None:
    """A long text that both sides changed, by paragraph, then by line. None when they changed the same lines.

    Paragraphs that touch may be changed by different sides. Nothing that one side wrote and the other did not remove
    is missing from the result, which is canonical.
    """
    paragraphs = combine(base.split("\n\n"), note.split("\n\n"), file.split("\n\n"), _by_line)
    return None if paragraphs is None else canonical("\n\n".join(paragraphs))


def combine(
    base: Sequence[str], note: Sequence[str], file: Sequence[str], refine: Refine | None = None
) -> list[str] | None:
    """Both sides' changes of a sequence; None when they overlap and ``refine`` does not bring them together either.

    Two changes overlap when they share an element of the base, or when both add elements at one place, for then
    nobody can tell which comes first. The same change on both sides is one change.
    """
    merged: list[str] = []
    done = 0
    for start, end, left, right in regions(base, note, file):
        part = _settle(base, left, right, (start, end), refine)
        if part is None:
            return None
        merged += base[done:start]
        merged += part
        done = end
    merged += base[done:]
    return merged


def regions(base: Sequence[str], note: Sequence[str], file: Sequence[str]) -> Iterator[Region]:
    """Where a side differs from the base: its span, and both sides' changes there, those that overlap in one."""
    left, right = changes(base, note), changes(base, file)
    i = j = 0
    while i < len(left) or j < len(right):
        first_i, first_j = i, j
        if j == len(right) or (i < len(left) and left[i][:2] <= right[j][:2]):
            i += 1
        else:
            j += 1
        i, j = _grow_region(left, right, (first_i, i), (first_j, j))
        region = [*left[first_i:i], *right[first_j:j]]
        start, end = min(change[0] for change in region), max(change[1] for change in region)
        yield start, end, left[first_i:i], right[first_j:j]


def changes(base: Sequence[str], side: Sequence[str]) -> list[Change]:
    """What one side changed, first to last. As many elements out as in are changed one by one."""
    found: list[Change] = []
    at_base = at_side = 0
    for in_base, in_side in [*common(base, side), (len(base), len(side))]:
        out, new = in_base - at_base, side[at_side:in_side]
        if out == len(new):
            found += [(at_base + k, at_base + k + 1, (new[k],)) for k in range(out)]
        else:
            found.append((at_base, in_base, tuple(new)))
        at_base, at_side = in_base + 1, in_side + 1
    return found


def _grow_region(
    left: list[Change], right: list[Change], taken_left: tuple[int, int], taken_right: tuple[int, int]
) -> tuple[int, int]:
    """Take every change that overlaps one already taken from the other side. The last one taken decides."""
    (first_i, i), (first_j, j) = taken_left, taken_right
    while True:
        if i < len(left) and j > first_j and _overlap(left[i], right[j - 1]):
            i += 1
        elif j < len(right) and i > first_i and _overlap(right[j], left[i - 1]):
            j += 1
        else:
            return i, j


def _overlap(one: Change, other: Change) -> bool:
    if one[0] < other[1] and other[0] < one[1]:
        return True
    touching = one[1] == other[0] or other[1] == one[0]
    return touching and _adds(one) and _adds(other)


def _adds(change: Change) -> bool:
    return len(change[2]) > change[1] - change[0]


def _settle(
    base: Sequence[str], left: list[Change], right: list[Change], span: tuple[int, int], refine: Refine | None
) -> list[str] | None:
    ours, theirs = changed(base, left, span), changed(base, right, span)
    if not right or ours == theirs:
        return ours
    if not left:
        return theirs
    was = list(base[span[0] : span[1]])
    return refine(was, ours, theirs) if refine and was and ours and theirs else None


def changed(base: Sequence[str], part: list[Change], span: tuple[int, int]) -> list[str]:
    """What stands in a span of the base after these changes."""
    result: list[str] = []
    done = span[0]
    for start, end, new in part:
        result += base[done:start]
        result += new
        done = end
    result += base[done : span[1]]
    return result


def _by_line(base: list[str], note: list[str], file: list[str]) -> list[str] | None:
    was, ours, theirs = ("\n\n".join(side).split("\n") for side in (base, note, file))
    lines = combine(was, ours, theirs)
    return None if lines is None else ["\n".join(lines)]


def common(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of equal elements, both rising: equal ends first, then what stands once on each side (patience)."""
    pairs: list[tuple[int, int]] = []
    gaps = [(0, len(base), 0, len(side), 0)]
    while gaps:
        a, a_end, b, b_end, depth = gaps.pop()
        while a < a_end and b < b_end and base[a] == side[b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and base[a_end - 1] == side[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            pairs.append((a_end, b_end))
        anchors = _anchors(base, side, (a, a_end), (b, b_end)) if depth < _DEPTH else []
        pairs += anchors
        for at, other in [*anchors, (a_end, b_end)] if anchors else ():
            gaps.append((a, at, b, other, depth + 1))
            a, b = at + 1, other + 1
    return sorted(pairs)


def _anchors(
    base: Sequence[str], side: Sequence[str], in_base: tuple[int, int], in_side: tuple[int, int]
) -> list[tuple[int, int]]:
    """The longest rising run of elements that stand exactly once in each part."""
    counts, others = Counter(base[slice(*in_base)]), Counter(side[slice(*in_side)])
    place = {side[k]: k for k in range(*in_side) if others[side[k]] == 1}
    candidates = [(k, place[base[k]]) for k in range(*in_base) if counts[base[k]] == 1 and base[k] in place]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(candidates):
        length = bisect_left(ends, other)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        last[length : length + 1] = [number]
    run: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(candidates[number])
        number = before[number]
    return run[::-1]
