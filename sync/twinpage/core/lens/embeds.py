"""Embeds in a note: added behind the section's last one, removed with the line that holds nothing else."""

from __future__ import annotations

from twinpage.core.lens.located import Block
from twinpage.core.lens.outline import blocks, core_end, is_inside, unit_of
from twinpage.core.lens.splice import Splices
from twinpage.errors import Unwritable
from twinpage.model.labels import fold_label
from twinpage.model.page import Page
from twinpage.model.regex import regex

_HEADING = regex(r"\n(#{1,6})(?=[ \t\r\n]|\Z)[ \t]*([^\n]*)")


def add_embeds(page: Page, section: str, icon: str, targets: list[str]) -> str:
    """The text with embeds of the targets at the end of the section's embeds; the section is made when absent."""
    there = {link.target for link in page.links if link.embed}
    lines = [page.syntax.markup.embed.format(target) for target in dict.fromkeys(targets) if target not in there]
    if not lines:
        return page.text
    splices = Splices(page.text)
    nl = "\r\n" if "\r\n" in page.text else "\n"
    words = f"{icon} {section}" if icon else section
    if page.syntax.markup.outline:
        _add_blocks(page, splices, section, words, lines, nl)
    else:
        _add_lines(page, splices, section, words, lines, nl, bool(icon))
    return splices.applied()


def _add_blocks(page: Page, splices: Splices, section: str, words: str, lines: list[str], nl: str) -> None:
    text = page.text
    roots, _ = blocks(page, page.front.body, len(text))
    unit = unit_of(text[page.front.body :])
    home = next((block for block in roots if fold_label(block.content) == fold_label(section)), None)
    if home is None:
        at, lead = _end(page, nl, 1)
        splices.put(at, at, lead + nl.join([f"- ## {words}", *[f"{unit}- {line}" for line in lines]]))
        return
    last = max((link.start for link in page.links if link.embed and home.start <= link.start < home.end), default=-1)
    beside = next((kid for kid in reversed(home.kids) if kid.start <= last), None)
    if beside is None and home.kids and last < 0:
        beside = home.kids[-1]
    ws = beside.ws if beside else home.kids[0].ws if home.kids else home.ws + unit
    at = _block_end(text, beside) if beside else core_end(text, home.start, home.own)
    splices.put(at, at, "".join([f"{nl}{ws}- {line}" for line in lines]))


def _block_end(text: str, block: Block) -> int:
    return core_end(text, block.start, block.end)


def _add_lines(page: Page, splices: Splices, section: str, words: str, lines: list[str], nl: str, spaced: bool) -> None:
    text = page.text
    home = _section(page, section)
    if home is None:
        at, lead = _end(page, nl, 2)
        gap = nl * 2 if spaced else nl
        ending = nl if at >= len(text) else ""
        splices.put(at, at, lead + f"## {words}{gap}" + nl.join(lines) + ending)
        return
    start, end = home
    last = max((link.end for link in page.links if link.embed and start <= link.start < end), default=-1)
    if last >= 0:
        at = _line_end(text, last)
        lead = ""
    else:
        at = core_end(text, start, end)
        lead = nl if "\n" in text[start:at] else nl if spaced else ""
    splices.put(at, at, lead + "".join([nl + line for line in lines]))


def _section(page: Page, section: str) -> tuple[int, int] | None:
    wanted, found, level = fold_label(section), -1, 0
    for heading in _HEADING.finditer(page.padded, page.front.body):
        if page.hidden and is_inside(page.hidden, heading.start()):
            continue
        if found >= 0 and len(heading[1]) <= level:
            return found, heading.start()
        if found < 0 and fold_label(heading[2]) == wanted:
            found, level = heading.start(), len(heading[1])
    return (found, len(page.text)) if found >= 0 else None


def _end(page: Page, nl: str, gap: int) -> tuple[int, str]:
    """Where a new section goes at the end of the note, and what must stand before it."""
    text = page.text
    if text[page.front.body :].strip():
        return core_end(text, 0, len(text)), nl * gap
    line_feeds = text.count("\n", len(text.rstrip("\r\n")))
    wanted = (2 if page.syntax.markup.outline else 1) if text else 0
    return len(text), nl * max(0, wanted - line_feeds)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1] == "\r" else end


def remove_embed(page: Page, start: int, end: int) -> str:
    """The text without the embed between two offsets, and without its line when nothing else stands there."""
    if not any(link.embed and (link.start, link.end) == (start, end) for link in page.links):
        raise Unwritable(f"There is no embed at this place of {page.path or 'the note'}; look at the note again.")
    text = page.text
    splices = Splices(text)
    line, stop = text.rfind("\n", 0, start) + 1, _line_end(text, end)
    alone = not text[line:start].strip(" \t-*+") and not text[end:stop].strip()
    if alone and text[line:start].strip() and _holds_more(page, line):
        alone = False
    if alone:
        splices.cut_lines(line, stop)
    else:
        splices.put(start, end, "")
    return splices.applied()


def _holds_more(page: Page, at: int) -> bool:
    """Whether the block that starts on a line has more than that line."""
    found, _ = blocks(page, at, len(page.text))
    first = next((block for block in found if block.start == at), None)
    return first is not None and bool(first.kids or page.text[first.line : first.own].strip())
