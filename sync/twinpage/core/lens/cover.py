"""Which lines of a note hold values, and which are the note's own."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.lens.located import Block, ListSpot, Node, Prop, TextSpot
from twinpage.core.lens.outline import hidden_at
from twinpage.model.page import Page, Span, property_key
from twinpage.model.text import OUTER


def covered(page: Page, spot: Prop | TextSpot | ListSpot | Node) -> Iterator[Span]:
    """Spans of values with their labels, in no order."""
    if isinstance(spot, Prop):
        yield spot.start, max(spot.value_end, spot.start + 1)
        if spot.block is not None and spot.field.type == "lines" and spot.value_end == spot.value_start:
            for kid in spot.block.kids:
                yield kid.start, kid.line
    elif isinstance(spot, TextSpot):
        yield from _text(page, spot)
    elif isinstance(spot, ListSpot):
        if spot.field.type == "lines" or spot.inline is None:
            yield spot.start, _first_line(page, spot.start)
        for node in spot.nodes:
            yield from covered(page, node)
    else:
        if spot.field is not None and spot.inline is None:
            yield spot.start, _first_line(page, spot.start)
        if spot.marker is not None:
            yield spot.marker.start, spot.marker.value_end
        if spot.body is not None:
            yield from _text(page, spot.body)
        for inner in spot.spots.values():
            yield from covered(page, inner)


def _text(page: Page, spot: TextSpot) -> Iterator[Span]:
    if spot.block is None:
        if not spot.is_body:
            yield spot.start, _first_line(page, spot.start)
        if spot.value:
            yield from prose_lines(page, spot)
        return
    if not spot.is_body:
        yield spot.block.start, spot.block.line
    yield from spot.lines
    if spot.value:
        for _, block in spot.paragraphs:
            yield from block_lines(page, block)


def block_lines(page: Page, block: Block) -> Iterator[Span]:
    """Lines of a block that are text: neither properties nor comments."""
    pattern = page.syntax.markup.property_line
    if not (pattern and "::" in block.content and pattern.match(block.content)):
        yield block.start, block.line
    at = block.line + 1
    while at < block.own:
        end = page.text.find("\n", at, block.own)
        end = block.own if end < 0 else end
        hidden = hidden_at(page.hidden, at) if page.hidden else None
        line = page.text[at:end]
        if not (hidden.comment if hidden else pattern and "::" in line and pattern.match(line)):
            yield at, end
        at = end + 1
    for kid in block.kids:
        yield from block_lines(page, kid)


def prose_lines(page: Page, spot: TextSpot) -> list[Span]:
    """Lines of prose from its first to its last that says something, without comments."""
    text = page.text
    found: list[Span] = []
    at = _first_line(page, spot.start) + 1
    while at < spot.stop:
        end = text.find("\n", at, spot.stop)
        end = spot.stop if end < 0 else end
        hidden = hidden_at(page.hidden, at) if page.hidden else None
        if not (hidden and hidden.comment):
            found.append((at, end))
        at = end + 1
    while found and not text[found[0][0] : found[0][1]].strip(OUTER):
        found.pop(0)
    while found and not text[found[-1][0] : found[-1][1]].strip(OUTER):
        found.pop()
    return found


def _first_line(page: Page, at: int) -> int:
    end = page.text.find("\n", at)
    return len(page.text) if end < 0 else end


def private_lines(page: Page, spans: list[Span], start: int, end: int) -> list[Span]:
    """Lines between two offsets that hold something and touch none of the spans."""
    text = page.text
    spans = sorted(spans)
    found: list[Span] = []
    next_span, at = 0, start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        while next_span < len(spans) and spans[next_span][1] <= at:
            next_span += 1
        touched = next_span < len(spans) and spans[next_span][0] < stop
        if not touched and text[at:stop].strip(" \t\r"):
            found.append((at, stop))
        at = stop + 1
    return found


def is_apps_own(page: Page, line: str) -> bool:
    """A property that the app keeps in a block for itself: it goes with the block."""
    pattern = page.syntax.markup.property_line
    found = pattern.match(line) if pattern and "::" in line else None
    return found is not None and property_key(found[1]) in page.syntax.markup.own_properties
