"""The section *Kept*: lines of the note's own whose item the artifact file removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twinpage.core.lens.located import Prop
from twinpage.core.lens.outline import blocks, core_end, is_inside
from twinpage.model.labels import fold_label
from twinpage.model.regex import regex

if TYPE_CHECKING:
    from twinpage.core.lens.change import Change

KEPT = "Kept"
_HEADING = regex(r"\n(#{1,6})[ \t]+([^\n]*)")


def keep(change: Change) -> None:
    """Put the lines that lost their place at the end of the note, behind those kept before."""
    change.kept = [lines for lines in change.kept if lines]
    if not change.kept:
        return
    if change.writer.outline:
        _keep_blocks(change)
    else:
        _keep_lines(change)


def _keep_lines(change: Change) -> None:
    page, nl = change.page, change.nl
    lines = [f"> {line}" if change.safe else line for found in change.kept for line in _dedented(found)]
    taken = [(spot.start, spot.end) for spot in change.root.spots.values() if not isinstance(spot, Prop)]
    start, level = -1, 0
    end = len(page.text)
    for found in _HEADING.finditer(page.padded, page.front.body):
        at = found.start()
        if (page.hidden and is_inside(page.hidden, at)) or any(a < at < b for a, b in taken):
            continue
        if start >= 0 and len(found[1]) <= level:
            end = found.start()
            break
        if start < 0 and fold_label(found[2]) == "kept":
            start, level = found.start(), len(found[1])
    if start < 0:
        change.append(nl.join([f"## {KEPT}", *lines]))
    else:
        at = core_end(page.text, start, end)
        change.splices.put(at, at, "".join([nl + line for line in lines]), rank=-1)


def _dedented(lines: list[str]) -> list[str]:
    """Without the indentation that all of them share."""
    common = min((len(line) - len(line.lstrip(" \t")) for line in lines), default=0)
    return [line[common:] for line in lines]


def _keep_blocks(change: Change) -> None:
    page, writer, nl = change.page, change.writer, change.nl
    roots, _ = blocks(page, page.front.body, len(page.text))
    there = next((block for block in roots if fold_label(block.content) == "kept"), None)
    ws = there.ws if there else ""
    inner = there.kids[-1].ws if there and there.kids else ws + writer.unit
    lines = [inner + line for found in change.kept for line in _as_blocks(found)]
    if there is None:
        change.append(nl.join([f"- ## {KEPT}", *lines]))
    else:
        at = core_end(page.text, there.start, there.end)
        change.splices.put(at, at, "".join([nl + line for line in lines]), rank=-1)


def _as_blocks(lines: list[str]) -> list[str]:
    """Lines as blocks side by side; what stood under a block or continued it still does."""
    found: list[str] = []
    base: str | None = None
    for line in lines:
        bare = line.strip(" \t")
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if base is not None and len(indent) > len(base) and line.startswith(base):
            found.append(line[len(base) :])
        elif bare[:2] == "- " or bare == "-":
            base = indent
            found.append(bare)
        else:
            base = None
            found.append(f"- {bare}")
    return found
