"""Blocks of an outline: one scan, linear in the text, no objects for lines of text."""

from __future__ import annotations

from bisect import bisect_right

from twinpage.core.lens.located import Block
from twinpage.model.page import Hidden, Page
from twinpage.model.text import OUTER

MAX_DEPTH = 60
"""What is nested deeper is text."""


def blocks(page: Page, start: int, stop: int) -> tuple[list[Block], list[int]]:
    """The outermost blocks between two line starts; and the lines that end a block without starting one."""
    tab = page.syntax.markup.tab
    hidden = page.hidden
    roots: list[Block] = []
    stack: list[Block] = []
    strays: list[int] = []
    last = stop if stop < len(page.text) else stop + 1
    for found in page.syntax.markup.block.finditer(page.padded, start, last):
        at = found.start()
        if hidden and is_inside(hidden, at):
            continue
        ws, marks, bare, content = found.groups()
        if content is None:
            for block in stack:
                block.end = at
            if stack and stack[-1].own < 0:
                stack[-1].own = at
            stack.clear()
            strays.append(at)
            continue
        width = len(ws) if tab == 1 or not ws else len(ws.expandtabs(tab))
        while stack and stack[-1].width >= width:
            closed = stack.pop()
            closed.end = at
            if closed.own < 0:
                closed.own = at
        if len(stack) >= MAX_DEPTH:
            continue
        block = Block(at, ws, width, len(marks or bare or ""), found.start(4) - 1, content.rstrip(OUTER), found.end() - 1)
        block.own = -1
        if bare:
            block.bullet = False
        if stack:
            above = stack[-1]
            above.kids.append(block)
            if above.own < 0:
                above.own = at
        else:
            roots.append(block)
        stack.append(block)
    for block in stack:
        block.end = stop
        if block.own < 0:
            block.own = stop
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


def core_end(text: str, start: int, end: int) -> int:
    """End of what stands between two offsets, without the blanks and line feeds behind it."""
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return end


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
