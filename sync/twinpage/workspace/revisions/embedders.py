"""Which notes show a note of an artifact inside themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from twinpage.core.vault.vault import Card
from twinpage.errors import NotRead, OutsideVault
from twinpage.model.names import fold
from twinpage.workspace.opening import Workspace


def embedders(ws: Workspace, card: Card, besides: Iterable[str] = ()) -> tuple[str, ...]:
    """Vault paths of the notes that embed this artifact's note. Flags must be up to date.

    Notes that are artifacts, or would like to be, are known by what their flags depend on; of others only those in
    ``besides`` are looked at.
    """
    if not card.title:
        return ()
    found = {*_that_asked(ws, f"title:{fold(card.title)}"), *besides} - {card.note_path, ""}
    return tuple(path for path in sorted(found) if _embeds(ws, path, card.id))


def _that_asked(ws: Workspace, key: str) -> Iterator[str]:
    for subject in ws.state.dependants({key}):
        kind, _, name = subject.partition(":")
        if kind == "path":
            yield name
        else:
            card = ws.vault.card(name)
            yield card.note_path if card else ""


def _embeds(ws: Workspace, path: str, artifact: str) -> bool:
    try:
        page = ws.page(path)
    except (NotRead, OutsideVault):
        return False
    links = page.links if page is not None else ()
    return any(link.embed and ws.vault.resolve(link.target) == artifact for link in links)
