"""Blocks of an outline: one scan, linear in the text, no objects for lines of text."""

from __future__ import annotations

from bisect import bisect_right

from twinpage.core.lens.located import Block, core_end
from twinpage.model.page import Hidden, Page
from twinpage.model.text import OUTER

__all__ = ["MAX_DEPTH", "blocks", "core_end", "hidden_at", "is_inside", "unit_of"]

MAX_DEPTH = 60
"""What is nested deeper is text."""


def blocks(page: Page, start: int, stop: int) -> tuple[list[Block], list[int]]:
    """The outermost blocks between two line starts; and the lines that end a block without starting one."""
    tab, hidden = page.syntax.markup.tab, page.hidden
    roots: list[Block] = []
    stack: list[Block] = []
    strays: list[int] = []
    top: Block | None = None
    last = stop if stop < len(page.text) else stop + 1
    for found in page.syntax.markup.block.finditer(page.padded, start, last):
        ws, marks, bare, content = found.groups()
        at = found.start()
        if hidden and is_inside(hidden, at):
            continue
        if top is not None and top.own < 0:
            top.own = at
        if content is None:
            for block in stack:
                block.end = at
            stack.clear()
            top = None
            strays.append(at)
            continue
        width = len(ws) if tab == 1 or not ws else len(ws.expandtabs(tab))
        while top is not None and top.width >= width:
            top.end = at
            stack.pop()
            top = stack[-1] if stack else None
        if len(stack) >= MAX_DEPTH:
            if top is not None and top.own == at:
                top.own = -1
            continue
        end = found.end() - 1
        level = len(marks) if marks else -len(bare) if bare else 0
        block = Block(at, ws, width, level, end - len(content), content, end)
        if not content[-1:].isalnum():
            block.content = content.rstrip(OUTER)
        if top is None:
            roots.append(block)
        elif top.kids:
            top.kids.append(block)  # type: ignore[attr-defined]
        else:
            top.kids = [block]
        stack.append(block)
        top = block
    if top is not None and top.own < 0:
        top.own = stop
    for block in stack:
        block.end = stop
    return roots, strays


def is_inside(hidden: tuple[Hidden, ...], at: int) -> bool:
    """Whether a line start is within hidden lines, behind the line that opens them."""
    found = bisect_right(hidden, at, key=_start) - 1
    return found >= 0 and (hidden[found].start < at or hidden[found].comment) and at < hidden[found].end


def hidden_at(hidden: tuple[Hidden, ...], at: int) -> Hidden | None:
    """The hidden lines that a line belongs to, the opening line included."""
    found = bisect_right(hidden, at, key=_start) - 1
    return hidden[found] if found >= 0 and at < max(hidden[found].end, hidden[found].start + 1) else None


def _start(span: Hidden) -> int:
    return span.start


def unit_of(text: str) -> str:
    """What one level of indentation is in this note."""
    at = text.find("\n\t")
    spaces = text.find("\n  ")
    if spaces < 0 or 0 <= at < spaces:
        return "\t"
    while spaces >= 0:
        line = text[spaces + 1 : spaces + 12]
        rest = line.lstrip(" ")
        if rest[:2] == "- ":
            return "    " if len(line) - len(rest) >= 4 else "  "
        if rest[:1] == "\t":
            return "\t"
        spaces = text.find("\n  ", spaces + 1)
    return "\t"
