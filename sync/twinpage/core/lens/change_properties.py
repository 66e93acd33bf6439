"""Page properties spliced into YAML front matter or Logseq's first lines. YAML is never dumped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twinpage.core.lens.located import Prop
from twinpage.model.page import Property, Span
from twinpage.model.regex import regex

if TYPE_CHECKING:
    from twinpage.core.lens.change import Change

_COMMENT = regex(r"(?:^|(?<=[ \t\r\n]))#[^\r\n]*")


def add_properties(change: Change, lines: list[str]) -> None:
    """New properties behind the present ones; with front matter of their own when there is none."""
    front, nl, text = change.page.front, change.nl, change.text
    at = front.insert
    if change.writer.outline:
        block = nl.join(lines)
        if not front.present:
            rest = text[at:].lstrip(" \t")
            change.splices.put(at, at, block + nl + ("" if rest[:1] in ("\n", "\r") or not rest else nl))
        elif text[at - 1 : at] == "\n":
            change.splices.put(at, at, block + nl)
        else:
            change.splices.put(at, at, nl + block)
    elif front.present:
        change.splices.put(at, at, "".join([line + nl for line in lines]))
    else:
        change.splices.put(at, at, nl.join(["---", *lines, "---", ""]))


def cut_property(change: Change, start: int, end: int) -> None:
    """Remove one property line with its line feed."""
    stop = _line_end(change.text, end)
    change.splices.cut_lines(start, stop - 1 if change.text[stop - 1] == "\r" else stop)


def change_yaml(change: Change, spot: Prop, value: Any) -> None:
    """Another value for a property in front matter; comments stay."""
    found = spot.page
    assert found is not None
    if value is None:
        comments = _comments(change.text, found, _line_end(change.text, found.end))
        start = change.text.rfind("\n", 0, found.start) + 1
        stop = min(_line_end(change.text, found.end) + 1, len(change.text))
        change.splices.put(start, stop, "".join([comment + change.nl for comment in comments]))
    elif isinstance(value, list) and found.elements:
        _change_elements(change, spot, found, value)
    else:
        _replace(change, spot, found, value)


def _replace(change: Change, spot: Prop, found: Property, value: Any) -> None:
    text = change.text
    start = found.value_start
    while text[start - 1] in " \t\r\n" and start > found.start:
        start -= 1
    lost = _comments(text, found, found.value_end) if found.value_end > found.value_start else []
    if text[start - 1] != ":":  # a comment stands between the key and a list below it
        start = text.find(":", found.start + len(found.key)) + 1
    written = change.writer.yaml_value(spot.field, value)
    change.splices.put(start, found.value_end, written + "".join([f"{change.nl}  {comment}" for comment in lost]))


def _change_elements(change: Change, spot: Prop, found: Property, value: list[Any]) -> None:
    """Element by element, so that lines that stay keep their form and their comments."""
    text, splices = change.text, change.splices
    old, spans = list(spot.value or []), list(found.elements)
    if len(old) != len(spans):
        _replace(change, spot, found, value)
        return
    head = 0
    while head < len(old) and head < len(value) and old[head] == value[head]:
        head += 1
    tail = 0
    while tail < len(old) - head and tail < len(value) - head and old[-1 - tail] == value[-1 - tail]:
        tail += 1
    middle, new = spans[head : len(old) - tail], value[head : len(value) - tail]
    for span, part in zip(middle, new, strict=False):
        splices.put(*span, change.writer.yaml_element(spot.field, part))
    for span in middle[len(new) :]:
        _cut_element(change, span)
    rest = new[len(middle) :]
    if not rest:
        return
    behind = spans[head + len(middle) - 1] if head + len(middle) else None
    anchor = behind or spans[0]
    line = text.rfind("\n", 0, anchor[0]) + 1
    indent = text[line : len(text) - len(text[line:].lstrip(" \t"))]
    lines = [f"{indent}- {change.writer.yaml_element(spot.field, part)}" for part in rest]
    if behind is None:
        splices.put(line, line, "".join([written + change.nl for written in lines]))
    else:
        at = _line_end(text, behind[1])
        at = at - 1 if text[at - 1] == "\r" else at
        splices.put(at, at, "".join([change.nl + written for written in lines]))


def _cut_element(change: Change, span: Span) -> None:
    """Remove the line of an element; a comment on it stays, on a line of its own."""
    text = change.text
    line, end = text.rfind("\n", 0, span[0]) + 1, _line_end(text, span[1])
    behind = text[span[1] : end]
    if behind.strip():
        bullet = text.find("-", line)
        change.splices.put(bullet, span[1] + len(behind) - len(behind.lstrip()), "")
    else:
        change.splices.put(line, min(end + 1, len(text)), "")


def _comments(text: str, found: Property, end: int) -> list[str]:
    """Comments within a property that are no part of its values."""
    colon = text.find(":", found.start + len(found.key)) + 1
    gaps: list[Span] = []
    at = colon
    for start, stop in found.elements or ((found.value_start, found.value_end),):
        gaps.append((at, max(at, start)))
        at = max(at, stop)
    gaps.append((at, end))
    return [m[0].rstrip() for a, b in gaps for m in _COMMENT.finditer(text[a:b])]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
