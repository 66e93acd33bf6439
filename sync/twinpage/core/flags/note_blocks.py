"""An outline of headings, paragraphs, tables and items, laid out as each app writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct


class Block(Struct, frozen=True):
    """One piece of a note. Only a table has line feeds in its text."""

    text: str
    style: Literal["text", "heading", "table", "item"] = "text"
    below: Sequence[Block] = ()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """A table; a cell must hold no bare ``|``."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return Block("\n".join(f"| {' | '.join(line)} |" for line in lines), "table")


def laid_out(blocks: Sequence[Block], front: str, outline: bool) -> str:
    """The text of a note with one property line. In an outline it is in the form that Logseq saves."""
    if outline:
        return "\n".join([front, "", *_outline(blocks, 0, 2)])
    return "\n".join(["---", front, "---", *_page(blocks, 2)]).rstrip("\n") + "\n"


def _outline(blocks: Sequence[Block], depth: int, level: int) -> Iterator[str]:
    for block in blocks:
        heading = block.style == "heading"
        first, *more = block.text.split("\n")
        yield f"{'	' * depth}- {'#' * level + ' ' if heading else ''}{first}"
        yield from (f"{'	' * depth}  {line}" for line in more)
        yield from _outline(block.below, depth + 1, level + heading)


def _page(blocks: Sequence[Block], level: int) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if block.style == "item":
            yield from _items(block, 0)
            if number + 1 < len(blocks) and blocks[number + 1].style == "item":
                continue
        elif block.style == "heading":
            yield f"{'#' * level} {block.text}"
            yield from _page(block.below, level + 1)
            continue
        else:
            yield block.text
        yield ""


def _items(block: Block, depth: int) -> Iterator[str]:
    yield f"{'	' * depth}- {block.text}"
    for below in block.below:
        yield from _items(below, depth + 1)
