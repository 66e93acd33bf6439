"""Lists as people wrote them: one function a notation, tried in order; what none of them reads is running text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from unicodedata import category

from msgspec import Struct

from twinpage.core.importing.lines import indent, is_bullet, plain_text, readable, without_bullet
from twinpage.core.importing.nouns import Line
from twinpage.model.names import free_id, slug
from twinpage.model.regex import regex

NAME_LENGTH = 90
"""Characters. What is longer is a sentence, not a name."""

_TAGGED = regex(r"(?:[^\w\s#\[\]()\"'.,:;-]{1,8}[ \t]*)?#(?:\[\[([^\[\]]+)\]\]|([^\W\d][\w-]*))[ \t]*(.*)")
_LINKED = regex(r"\[\[([^\[\]]+)\]\][ \t]*:?[ \t]*(.*)")
_NUMBERED = regex(r"\d{1,3}[.)][ \t]+(.*)")
_ARTICLE = regex(r"^(?:the|an?)[ \t]+", re.IGNORECASE)
_NAMED = regex(r"([^:]+):[ \t]+(\S.*)")


class Item(Struct, frozen=True):
    """One element of a list."""

    name: str
    class_name: str
    text: str
    lines: tuple[Line, ...]
    path: tuple[tuple[str, str], ...] = ()
    """(class, name) of what it stands below and of itself, where the line said so."""


class Listing(Struct, frozen=True):
    """The elements, and the lines before the first of them."""

    lead: tuple[Line, ...]
    items: tuple[Item, ...]


class _Start(Struct, frozen=True):
    index: int
    name: str
    class_name: str
    rest: str
    path: tuple[tuple[str, str], ...] = ()


def read_items(lines: Sequence[Line]) -> Listing | None:
    """The list that these lines are; None when they are running text."""
    for notation in _NOTATIONS:
        starts = notation(lines)
        if starts:
            return _listing(lines, starts)
    return None


def with_ids(items: Sequence[Item], text_field: str, *, classes: bool = False) -> list[dict[str, str]]:
    """Items as JSON objects with ids of their own."""
    taken: set[str] = set()
    last: Counter[str] = Counter()
    made = []
    for item in items:
        name = item.name or "Untitled"
        wanted = slug(name)
        # Counting on from the last number keeps a list of a thousand equal names linear.
        identity = free_id(wanted, taken.__contains__, first=max(last[wanted] + 1, 2))
        last[wanted] = max(last[wanted] + 1, 1)
        taken.add(identity)
        value = {"id": identity, "name": name}
        # What the line says besides the name has no field in an item.
        text = "\n\n".join(part for part in (item.lines[0].text.strip() if item.path else "", item.text) if part)
        if text:
            value[text_field] = text
        if classes and item.class_name:
            value["class"] = item.class_name
        made.append(value)
    return made


def _listing(lines: Sequence[Line], starts: list[_Start]) -> Listing:
    items = []
    ends = [start.index for start in starts[1:]] + [len(lines)]
    for start, end in zip(starts, ends, strict=True):
        below = lines[start.index + 1 : end]
        text = "\n".join(part for part in (start.rest, plain_text(below)) if part)
        own = tuple(line for line in lines[start.index : end] if not line.blank)
        items.append(Item(start.name, start.class_name, text, own, start.path))
    return Listing(tuple(line for line in lines[: starts[0].index] if not line.blank), tuple(items))


def _path(text: str) -> tuple[tuple[str, str], ...]:
    """``The #stakeholder A / #segment B / #role C``: the last is meant, the others say where it belongs."""
    if " / #" not in text:
        return ()
    parts = [_TAGGED.fullmatch(part.strip()) for part in _ARTICLE.sub("", text).split(" / ")]
    path = tuple((p.group(1) or p.group(2), readable(p.group(3))) for p in parts if p and p.group(3).strip())
    return path if len(path) == len(parts) else ()


def _tags_and_links(lines: Sequence[Line]) -> list[_Start]:
    """``#class Name``, ``#class [[Name]]: text``, ``#[[class]] [[Name]]``, ``[[Name]]``, each with text below it."""
    starts = []
    for index, line in enumerate(lines):
        text = without_bullet(line.text)
        path = _path(text)
        tagged = _TAGGED.fullmatch(text)
        if path:
            starts.append(_Start(index, path[-1][1], path[-1][0], "", path))
            continue
        if tagged:
            class_name, after = (tagged.group(1) or tagged.group(2)).strip(), tagged.group(3).strip()
        else:
            class_name, after = "", text
        linked = _LINKED.fullmatch(after)
        if linked:
            starts.append(_Start(index, readable(linked.group(1)), class_name, linked.group(2).strip()))
        elif tagged:
            name, rest = _name_and_text(after)
            starts.append(_Start(index, name or class_name, class_name, rest))
    return starts if all(start.name for start in starts) else []


def _emoji(lines: Sequence[Line]) -> list[_Start]:
    """``✈️ Name`` with text below it."""
    starts = []
    for index, line in enumerate(lines):
        text = without_bullet(line.text)
        if text and category(text[0]) == "So" and len(text) <= NAME_LENGTH:
            name, rest = _name_and_text(text.lstrip(text[0] + "\ufe0f\u200d ").strip())
            if name:
                starts.append(_Start(index, name, "", rest))
    return starts if len(starts) > 1 else []


def _numbers(lines: Sequence[Line]) -> list[_Start]:
    """``1. Name: text``."""
    starts = []
    for index, line in enumerate(lines):
        numbered = _NUMBERED.fullmatch(without_bullet(line.text))
        if numbered:
            starts.append(_Start(index, *_named(numbered.group(1))))
    return _plausible(starts)


def _colons(lines: Sequence[Line]) -> list[_Start]:
    """``Name: text`` on every line, bulleted or not."""
    starts = []
    for index, line in enumerate(lines):
        text = without_bullet(line.text)
        if text and not _NAMED.fullmatch(text):
            return []
        if text:
            starts.append(_Start(index, *_named(text)))
    return _plausible(starts)


def _bullets(lines: Sequence[Line]) -> list[_Start]:
    """``- Name: text`` or ``- Name``, with anything nested below it."""
    depths = [indent(line.text) for line in lines if is_bullet(line.text)]
    if not depths:
        return []
    starts = [
        _Start(index, *_named(without_bullet(line.text)))
        for index, line in enumerate(lines)
        if is_bullet(line.text) and indent(line.text) == min(depths)
    ]
    return _plausible(starts)


def _titles(lines: Sequence[Line]) -> list[_Start]:
    """Paragraphs apart from one another, each beginning with its name on a line of its own."""
    starts = []
    before_blank = True
    for index, line in enumerate(lines):
        if not line.blank and before_blank:
            last = index + 1 == len(lines) or lines[index + 1].blank
            text = line.text.strip()
            if last or text.endswith((".", ":", ",", "?", "!")) or ". " in text:
                return []
            starts.append(_Start(index, readable(text), "", ""))
        before_blank = line.blank
    return _plausible(starts)


def _plausible(starts: list[_Start]) -> list[_Start]:
    good = all(0 < len(start.name) <= NAME_LENGTH and not start.name.endswith(".") for start in starts)
    return starts if good and len(starts) > 1 else []


def _named(text: str) -> tuple[str, str, str]:
    name, rest = _name_and_text(text)
    return name, "", rest


def _name_and_text(text: str) -> tuple[str, str]:
    named = _NAMED.fullmatch(text)
    if named and len(named.group(1)) <= NAME_LENGTH:
        return readable(named.group(1)), named.group(2).strip()
    return readable(text.strip().removesuffix(":")), ""


_NOTATIONS: tuple[Callable[[Sequence[Line]], list[_Start]], ...] = (
    _tags_and_links,
    _emoji,
    _numbers,
    _colons,
    _bullets,
    _titles,
)
