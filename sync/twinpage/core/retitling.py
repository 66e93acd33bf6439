"""Links of a note that name another note by the title it had before: they get the one that it has now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from twinpage.core import lens
from twinpage.core.lens.scalars import link_target
from twinpage.core.lens.splice import Splices
from twinpage.model.kind import Kind, Value
from twinpage.model.names import fold
from twinpage.model.page import Page
from twinpage.model.reading import Link
from twinpage.model.regex import regex

TargetOf = Callable[[str, str], str | None]
"""An artifact and how a link named it -> how a link in that form names it now; None when none can."""
_PATH = regex(r"\((?:<([^<>\n]+)\.md|([^()\s<>#]+)\.md)")
_ESCAPES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: text.replace("'", "''"),
)
"""As a title stands in plain text, and in properties within double and single quotes."""


class _Named(Struct, frozen=True):
    """Where a link says what it leads to: the span, the words, whether these are written as in an address."""

    start: int
    end: int
    target: str
    address: bool


class _FormerNames(Struct, frozen=True):
    """The names of a vault in which former titles still lead to their artifacts."""

    names: lens.Names
    former: Mapping[str, str]
    outline: bool

    def id_of(self, target: str) -> str | None:
        return self.names.id_of(target) or self.former.get(title_in(target, self.outline))

    def link_to(self, artifact: str) -> str | None:
        return self.names.link_to(artifact)


def title_in(target: str, outline: bool) -> str:
    """The folded title that a link names; in an outline a slash belongs to it, else it ends a path."""
    return fold(target if outline else target.removesuffix(".md").rpartition("/")[2])


def retitled(
    page: Page, kind: Kind, names: lens.Names, reference: Value | None, former: Mapping[str, str], target_of: TargetOf
) -> str:
    """The note's text with new targets in its references and embeds; links in running text stay.

    ``former``: folded former title that leads nowhere now -> the artifact. Where the note would not read back as
    before, it stays as it is.
    """
    outline = page.syntax.markup.outline
    moved = [one for link in page.links if (one := _moved(page, link, former, target_of)) is not None]
    if not moved:
        return page.text
    before = lens.get(page, kind, _FormerNames(names, former, outline), reference)
    spans = lens.reference_spans(before)
    edits = [
        (link, named, target)
        for link, named, target in moved
        if link.embed or any(start <= link.start and link.end <= end for start, end in spans)
    ]
    for escape in _ESCAPES if edits else ():
        text, swaps = _edited(page, edits, escape)
        after = lens.get(page.syntax.parse(page.path, text), kind, names, reference)
        if after.value == _shown(before.value, swaps) and after.held == before.held:
            return text
    return page.text


def _moved(page: Page, link: Link, former: Mapping[str, str], target_of: TargetOf) -> tuple[Link, _Named, str] | None:
    """A link that names something by its former title, and what it is to name."""
    named = _named(page, link)
    artifact = former.get(title_in(named.target, page.syntax.markup.outline)) if named else None
    target = target_of(artifact, named.target) if named and artifact else None
    return (link, named, target) if named and target is not None else None


def _named(page: Page, link: Link) -> _Named | None:
    raw = page.text[link.start : link.end]
    at = raw.find("[[")
    if at >= 0:
        inner = raw[at + 2 : raw.index("]]", at)]
        target = link_target(inner).rstrip("\\")
        start = link.start + at + 2 + inner.index(target)
        return _Named(start, start + len(target), target, False)
    found = _PATH.search(raw)
    if found is None:
        return None
    group = 1 if found[1] else 2
    start, end = link.start + found.start(group), link.start + found.end(group)
    return _Named(start, end, unquote(found[group]), group == 2)


def _edited(
    page: Page, edits: list[tuple[Link, _Named, str]], escape: Callable[[str], str]
) -> tuple[str, list[tuple[str, str]]]:
    splices = Splices(page.text)
    swaps = []
    for link, named, target in edits:
        new = quote(target, safe="/") if named.address else target
        if named.start < page.front.body:
            new = escape(new)
        splices.put(named.start, named.end, new)
        if link.embed:
            old = page.text[link.start : link.end]
            swaps.append((old, page.text[link.start : named.start] + new + page.text[named.end : link.end]))
    return splices.applied(), swaps


def _shown(value: Any, swaps: list[tuple[str, str]]) -> Any:
    """A value with its embeds as they are written now."""
    if isinstance(value, dict):
        return {name: _shown(part, swaps) for name, part in value.items()}
    if isinstance(value, list):
        return [_shown(part, swaps) for part in value]
    if isinstance(value, str):
        for old, new in swaps:
            value = value.replace(old, new)
    return value
