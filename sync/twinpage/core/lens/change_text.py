"""Another text in the place of a text: line by line in prose, paragraph by paragraph in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twinpage.core.lens.cover import block_lines, is_apps_own, private_lines, prose_lines
from twinpage.core.lens.located import Block, TextSpot
from twinpage.core.lens.outline import core_end
from twinpage.core.lens.plan import NOTHING, Plan
from twinpage.core.lens.write import split_paragraphs
from twinpage.model.page import Span
from twinpage.model.text import OUTER

if TYPE_CHECKING:
    from twinpage.core.lens.change import Change


def change_text(change: Change, spot: TextSpot, value: str | None, plan: Plan | None) -> None:
    """Make a text say ``value``. ``plan``: of the item whose body it is; None for a section or labelled text."""
    if value is None and plan is None and not change.safe and not change.private(spot):
        change.cut_section(spot.start, spot.end, spot.block is None)
    elif spot.block is None:
        _prose(change, spot, value, plan)
    else:
        _blocks(change, spot, spot.block, value, plan or NOTHING)


def _prose(change: Change, spot: TextSpot, value: str | None, plan: Plan | None) -> None:
    page, text, splices = change.page, change.text, change.splices
    old = prose_lines(page, spot) if spot.value else []
    new = change.writer.prose(value, spot.level, plan or NOTHING) if value else []
    if not old:
        at = text.find("\n", spot.start)
        at = len(text) if at < 0 else at
        at = at - 1 if text[at - 1] == "\r" else at
        splices.put(at, at, "".join([change.nl + line for line in new]))
        return
    raw = _without_blanks(text, old)
    head, tail = _common(raw, new)
    if change.safe:
        head = tail = 0
    spans, lines = old[head : len(old) - tail], new[head : len(new) - tail]
    _replace_lines(change, old, head, spans, lines)


def _without_blanks(text: str, lines: list[Span]) -> list[str]:
    """Lines as a value has them: the blanks at their ends are line breaks to the app, and stay where words stay."""
    return [text[start:end].rstrip(OUTER) for start, end in lines]


def _common(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same at the start and at the end."""
    head = 0
    while head < len(old) and head < len(new) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < len(old) - head and tail < len(new) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _replace_lines(change: Change, old: list[Span], head: int, spans: list[Span], lines: list[str]) -> None:
    splices, nl = change.splices, change.nl
    if not spans:
        if head:
            at = _without_cr(change.text, old[head - 1][1])
            splices.put(at, at, "".join([nl + line for line in lines]))
        else:
            splices.put(old[0][0], old[0][0], "".join([line + nl for line in lines]))
        return
    last = len(spans) - 1
    if change.safe and lines:  # together, so that no comment comes to stand in their midst
        lines, rest = [nl.join(lines)], 1
    for place, (start, end) in enumerate(spans):
        end = _without_cr(change.text, end)
        if place >= len(lines):
            splices.cut_lines(start, end)
        else:
            rest = len(lines) if place == last else place + 1
            written = nl.join(lines[place:rest])
            if written != change.text[start:end].rstrip(OUTER):
                splices.put(start, end, written)


def _without_cr(text: str, at: int) -> int:
    return at - 1 if text[at - 1 : at] == "\r" else at


# --- blocks


def _blocks(change: Change, spot: TextSpot, block: Block, value: str | None, plan: Plan) -> None:
    writer = change.writer
    outline_label = not spot.is_body and not writer.outline
    ws = spot.paragraphs[0][1].ws if spot.paragraphs else _kid_ws(change, block)
    if not spot.lines and not spot.inline:
        pretty = writer.paragraphs(value, ws, plan) if value and (spot.paragraphs or not outline_label) else None
        if pretty is not None and value:
            _paragraphs(change, spot, block, value, pretty)
            return
        if not value:
            for _, paragraph in spot.paragraphs:
                _cut_paragraph(change, paragraph)
            return
    _rewrite(change, spot, block, value)


def _kid_ws(change: Change, block: Block) -> str:
    return block.kids[0].ws if block.kids else block.ws + change.writer.unit


def _rewrite(change: Change, spot: TextSpot, block: Block, value: str | None) -> None:
    """All of the text in the lines that continue its block, or behind its label."""
    splices, nl, writer = change.splices, change.nl, change.writer
    for _, paragraph in spot.paragraphs:
        _cut_paragraph(change, paragraph)
    if spot.inline and value and "\n" not in value and not spot.lines and not spot.paragraphs:
        written = writer.labelled(spot.field, value, block.ws)
        label = f"{block.ws}- {spot.field.label}: "
        if written.startswith(label) and "\n" not in written:
            splices.put(*spot.inline, written[len(label) :])
            return
    if spot.inline:
        start = spot.inline[0]
        while change.text[start - 1] in " \t":
            start -= 1
        splices.put(start, spot.inline[1], "")
    lines = writer.continuation(value, block.ws) if value else []
    if spot.lines:
        _replace_own(change, spot, lines)
    elif lines:
        at = core_end(change.text, block.start, block.own)
        splices.put(at, at, "".join([nl + line for line in lines]))


def _replace_own(change: Change, spot: TextSpot, new: list[str]) -> None:
    text = change.text
    old = list(spot.lines)
    while old and not text[old[-1][0] : old[-1][1]].strip():
        old.pop()
    raw = _without_blanks(text, old)
    head, tail = (0, 0) if change.safe else _common(raw, new)
    _replace_lines(change, old, head, old[head : len(old) - tail], new[head : len(new) - tail])


def _paragraphs(change: Change, spot: TextSpot, block: Block, value: str, written: list[str]) -> None:
    old = list(spot.paragraphs)
    values = ["\n".join(lines) for lines in split_paragraphs(value, change.page.syntax)]
    head, tail = _common([text for text, _ in old], values)
    middle, new = old[head : len(old) - tail], written[head : len(written) - tail]
    for (_, paragraph), lines in zip(middle, new, strict=False):
        _replace_paragraph(change, paragraph, lines)
    for _, paragraph in middle[len(new) :]:
        _cut_paragraph(change, paragraph)
    rest = new[len(middle) :]
    if not rest:
        return
    before = old[head + len(middle) - 1][1] if head + len(middle) else None
    if before is not None:
        at = core_end(change.text, before.start, before.end)
    else:
        at = core_end(change.text, block.start, block.own)
    change.splices.put(at, at, "".join([change.nl + lines for lines in rest]))


def _replace_paragraph(change: Change, block: Block, written: str) -> None:
    """Other words for a block. Properties of the block itself stay, those of the blocks under it are kept apart."""
    end = core_end(change.text, block.start, block.end)
    mine: list[str] = []
    for line, own in _private(change, block):
        if own:
            mine.append(line)
        elif not is_apps_own(change.page, line):
            change.kept.append([line])
    first, *rest = written.split(change.nl)
    fenced = "```" in first or "~~~" in first  # in a fence, a property would be code
    lines = [first, *rest, *mine] if fenced else [first, *mine, *rest]
    change.splices.put(block.start, end, change.nl.join(lines))


def _cut_paragraph(change: Change, block: Block) -> None:
    change.kept.append([line for line, _ in _private(change, block) if not is_apps_own(change.page, line)])
    change.splices.cut_lines(block.start, core_end(change.text, block.start, block.end))


def _private(change: Change, block: Block) -> list[tuple[str, bool]]:
    """Lines of the note's own in a block, and whether they are of that very block."""
    end = core_end(change.text, block.start, block.end)
    spans = list(block_lines(change.page, block))
    return [
        (change.text[a:b].rstrip("\r"), a < block.own) for a, b in private_lines(change.page, spans, block.start, end)
    ]
