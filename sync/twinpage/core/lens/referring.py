"""Where a note names other artifacts: the places of its reference fields, at every depth."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.fields import is_reference
from twinpage.core.lens.located import Block, ListSpot, Node, Prop
from twinpage.core.lens.reading import Located
from twinpage.model.page import Span
from twinpage.model.reading import Reading


def reference_spans(reading: Reading) -> tuple[Span, ...]:
    """Offsets of every value of a reference field of a note that was read, also of what leads nowhere; in order."""
    return tuple(sorted(_spans(reading.root))) if isinstance(reading, Located) else ()


def _spans(node: Node) -> Iterator[Span]:
    for spot in node.spots.values():
        if isinstance(spot, Node):
            yield from _spans(spot)
        elif isinstance(spot, ListSpot):
            for item in spot.nodes:
                yield from _spans(item)
                if is_reference(spot.field):
                    yield item.title_span
            if is_reference(spot.field) and spot.inline:
                yield spot.inline
        elif isinstance(spot, Prop) and is_reference(spot.field):
            if spot.value_end > spot.value_start:
                yield spot.value_start, spot.value_end
            elif spot.block is not None:
                yield from (_content(kid) for kid in spot.block.kids)


def _content(block: Block) -> Span:
    return block.text, block.text + len(block.content)
