"""Another list in the place of a list: items by id, lines by what they say; what stays is not touched."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from twinpage.core.lens.located import ListSpot, Node
from twinpage.core.lens.splice import Splices

if TYPE_CHECKING:
    from twinpage.core.lens.change import Change

Key = tuple[Any, int]


def change_list(change: Change, spot: ListSpot, new: list[Any]) -> None:
    """Make a list say ``new``. Private lines of removed elements are kept; those of moved ones move along."""
    if not new and not change.safe and not _private_beside(change, spot):
        for node in spot.nodes:
            change.kept.append(change.private(node))
        change.cut_section(spot.start, spot.end, spot.level > 0 or spot.block is None)
        return
    if spot.inline and not spot.nodes and spot.field.type == "lines":
        _replace_inline(change, spot, new)
        return
    old_keys, new_keys = _numbered([_key_of(spot, node) for node in spot.nodes]), _numbered(_keys(spot, new))
    if spot.field.type == "lines" or not spot.nodes or not spot.nodes[0].plan.identified:
        _in_place(change, spot, old_keys, new_keys, new)
    elif _same_order(old_keys, new_keys):
        _one_by_one(change, spot, old_keys, new_keys, new)
    else:
        _reordered(change, spot, old_keys, new_keys, new)


def _private_beside(change: Change, spot: ListSpot) -> bool:
    """Lines of the note's own within a list that belong to none of its elements."""
    mine = len(change.private(spot))
    return mine > sum(len(change.private(node)) for node in spot.nodes)


def _key_of(spot: ListSpot, node: Node) -> Any:
    return node.value.get("id") if node.plan.identified else node.title


def _keys(spot: ListSpot, new: list[Any]) -> list[Any]:
    if spot.field.shape is None:
        return new
    title = spot.field.shape.title
    if spot.nodes and spot.nodes[0].plan.identified:
        return [value.get("id") for value in new]
    return [value.get(title.name) if title else None for value in new]


def _numbered(keys: Sequence[Any]) -> list[Key]:
    """Keys made unique: the second of two equal ones is another."""
    seen: dict[Any, int] = {}
    found: list[Key] = []
    for key in keys:
        seen[key] = seen.get(key, -1) + 1
        found.append((key, seen[key]))
    return found


def _same_order(old: list[Key], new: list[Key]) -> bool:
    wanted, there = set(new), set(old)
    return [key for key in old if key in wanted] == [key for key in new if key in there]


def _written(change: Change, spot: ListSpot, value: Any) -> str:
    writer = change.writer
    if spot.level and not writer.outline:
        return writer.heading_item(spot.field, value, spot.level)
    level = 0
    if spot.level or (writer.outline and spot.block is not None and spot.field.place == "headings" and spot.nodes):
        level = spot.level or (abs(spot.nodes[0].block.heading) if spot.nodes[0].block else 0)
    return writer.element(spot.field, value, _ws(change, spot), level)


def _ws(change: Change, spot: ListSpot) -> str:
    if spot.nodes and spot.nodes[0].block is not None:
        return spot.nodes[0].block.ws
    if spot.block is not None:
        return spot.block.kids[0].ws if spot.block.kids else spot.block.ws + change.writer.unit
    return ""


def _gap(change: Change, spot: ListSpot) -> str:
    return change.nl * 2 if spot.level and not change.writer.outline else change.nl


def _cut(change: Change, spot: ListSpot, node: Node) -> None:
    change.kept.append(change.private(node))
    if spot.level and not change.writer.outline:
        change.splices.cut_with_blanks(node.start, node.end)
    else:
        change.splices.cut_lines(node.start, node.end)


def _replace_inline(change: Change, spot: ListSpot, new: list[Any]) -> None:
    """A value behind the label makes room for bullets below it."""
    assert spot.inline is not None
    assert spot.block is not None
    start = spot.inline[0]
    while change.text[start - 1] in " \t":
        start -= 1
    change.splices.put(start, spot.inline[1], "")
    ws = spot.block.ws + change.writer.unit
    lines = [change.nl + change.writer.element(spot.field, value, ws) for value in new]
    change.splices.put(spot.anchor, spot.anchor, "".join(lines))


def _in_place(change: Change, spot: ListSpot, old: list[Key], new: list[Key], values: list[Any]) -> None:
    """A reworded element is the one in its place: what is private in it stays."""
    head = 0
    while head < len(old) and head < len(new) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < len(old) - head and tail < len(new) - head and _tail_key(old, tail) == _tail_key(new, tail):
        tail += 1
    pairs = [(i, i) for i in range(head)] + [(len(old) - 1 - i, len(new) - 1 - i) for i in range(tail)]
    middle, wanted = spot.nodes[head : len(old) - tail], values[head : len(new) - tail]
    if spot.field.type == "lines":
        for node, value in zip(middle, wanted, strict=False):
            change.splices.put(*node.title_span, change.writer.line_element(spot.field, value))
    else:
        for before, after in pairs:
            change.object(spot.nodes[before], values[after])
        for node, value in zip(middle, wanted, strict=False):
            change.object(node, value)
    for node in middle[len(wanted) :]:
        _cut(change, spot, node)
    rest = wanted[len(middle) :]
    if rest:
        at = spot.nodes[head + len(middle) - 1].end if head + len(middle) else spot.anchor
        change.splices.put(at, at, "".join([_gap(change, spot) + _written(change, spot, value) for value in rest]))


def _tail_key(keys: list[Key], tail: int) -> Any:
    return keys[-1 - tail][0]


def _one_by_one(change: Change, spot: ListSpot, old: list[Key], new: list[Key], values: list[Any]) -> None:
    wanted, there = set(new), dict(zip(old, spot.nodes, strict=True))
    for key, node in there.items():
        if key not in wanted:
            _cut(change, spot, node)
    at = spot.anchor
    for key, value in zip(new, values, strict=True):
        node_there = there.get(key)
        if node_there is not None:
            change.object(node_there, value)
            at = node_there.end
        else:
            change.splices.put(at, at, _gap(change, spot) + _written(change, spot, value))


def _reordered(change: Change, spot: ListSpot, old: list[Key], new: list[Key], values: list[Any]) -> None:
    """Moved items take all their lines along; what stands between items stays where it is."""
    text, there = change.text, dict(zip(old, spot.nodes, strict=True))
    nodes, wanted = spot.nodes, set(new)
    gaps = [text[a.end : b.start] for a, b in pairwise(nodes)]
    parts: list[str] = []
    for place, (key, value) in enumerate(zip(new, values, strict=True)):
        if place:
            gap = gaps[place - 1] if place - 1 < len(gaps) else ""
            parts.append(gap if gap.strip(" \t") else _gap(change, spot))
        parts.append(_moved(change, there[key], value) if key in there else _written(change, spot, value))
    left = [gap for gap in gaps[max(len(new) - 1, 0) :] if gap.strip()]
    parts += [change.nl + gap.strip("\r\n") for gap in left]
    for key, node in there.items():
        if key not in wanted:
            change.kept.append(change.private(node))
    change.splices.put(nodes[0].start, nodes[-1].end, "".join(parts))


def _moved(change: Change, node: Node, value: Any) -> str:
    outer, change.splices = change.splices, Splices(change.text)
    try:
        change.object(node, value)
        return change.splices.applied(node.start, node.end)
    finally:
        change.splices = outer
