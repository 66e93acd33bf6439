"""The embeds that a note should show, added and, where twinpage wrote them, removed."""

from __future__ import annotations

from msgspec import Struct

from twinpage.core import lens
from twinpage.core.flags.partners import partners
from twinpage.core.vault.vault import Card
from twinpage.model.kind import Embed, Kind
from twinpage.model.page import Page
from twinpage.model.reading import Link
from twinpage.workspace.opening import Workspace


class Embedded(Struct, frozen=True):
    """A note with its embeds, and what to remember of the lines that are ours."""

    page: Page
    added: tuple[tuple[str, str], ...] = ()
    """(target id, the line as written)."""
    removed: tuple[str, ...] = ()


def embedded(ws: Workspace, card: Card, kind: Kind, page: Page) -> Embedded:
    """The note with every embed that it lacks, and without those of ours whose target is gone."""
    if not kind.embeds or _adopted(ws, card):
        return Embedded(page)
    ours = ws.state.embeds(card.id)
    page, removed = _without_stale(ws, page, ours)
    added: list[tuple[str, str]] = []
    for embed in kind.embeds:
        page, lines = _with_missing(ws, card, embed, page)
        added += lines
    return Embedded(page, tuple(added), tuple(set(removed) - {target for target, _ in added}))


def _adopted(ws: Workspace, card: Card) -> bool:
    """In a note whose layout is its owner's, nothing is inserted unasked."""
    base = ws.state.base(card.id)
    return bool(base and base.value.get("layout"))


def _with_missing(ws: Workspace, card: Card, embed: Embed, page: Page) -> tuple[Page, list[tuple[str, str]]]:
    wanted = partners(card.id, embed.kind, embed.by, ws.vault) if embed.kind else ws.vault.examples(card.id)
    there = {ws.vault.resolve(link.target) for link in page.links if link.embed}
    missing = [other for other in wanted if other.title and other.id not in there and other.id != card.id]
    missing = [other for other in missing if ws.vault.resolve(other.title) == other.id]
    if not missing:
        return page, []
    text = lens.embed(page, embed.label, embed.icon, [other.title for other in missing])
    added = [(other.id, page.syntax.markup.embed.format(other.title)) for other in missing]
    return page.syntax.parse(page.path, text), added


def _without_stale(ws: Workspace, page: Page, ours: dict[str, str]) -> tuple[Page, list[str]]:
    """Without what we wrote and what leads nowhere now: its target went, or was renamed where no app saw it."""
    removed: list[str] = []
    for target, line in ours.items():
        link = _written(page, line)
        astray = link is not None and ws.vault.page(link.target) is None
        card = ws.vault.index.card(target)
        if card is not None and not (astray and card.title):
            continue  # a note that is gone at first sight may come back
        removed.append(target)
        if link is not None and astray:
            text = lens.unembed(page, link.start, link.end)
            page = page.syntax.parse(page.path, text)
    return page, removed


def line_now(before: Page, after: Page, line: str) -> str | None:
    """A line that we wrote, as it stands once its link was given another target; None when it stood there no more."""
    link = _written(before, line)
    return None if link is None else _alone(after, after.links[before.links.index(link)])


def _written(page: Page, line: str) -> Link | None:
    """The embed that stands exactly as we wrote it, alone on its line."""
    return next((link for link in page.links if link.embed and _alone(page, link) == line), None)


def _alone(page: Page, link: Link) -> str:
    start, end = page.text.rfind("\n", 0, link.start) + 1, page.text.find("\n", link.end)
    line = page.text[start : len(page.text) if end < 0 else end].strip()
    return line.removeprefix("- ") if page.syntax.markup.outline else line
