"""An index over the state: for a pass over a few files of a large vault, which must not load the whole of it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.json import Decoder, encode

from twinpage.core.vault.memory_index import MemoryIndex
from twinpage.core.vault.vault import Card
from twinpage.edge.states.state import State

_CARDS = Decoder(Card)
MOST = 2_000
"""Cards that are kept at hand: a pass may ask for each of the vault, once."""


class StateIndex:
    """See ``Index``. Writes go to the state at once, within its transaction."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._seen: dict[str, Card | None] = {}

    def card(self, artifact: str) -> Card | None:
        if artifact not in self._seen:
            rows = list(self._state.rows("select data from cards where id = ?", artifact))
            self._keep(artifact, unpack(rows[0][0]) if rows else None)
        return self._seen[artifact]

    def _keep(self, artifact: str, card: Card | None) -> None:
        if len(self._seen) >= MOST:
            self._seen.clear()
        self._seen[artifact] = card

    def referrers(self, target: str) -> Iterable[str]:
        return [row[0] for row in self._state.rows("select id from refs where target = ?", target)]

    def of_kind(self, kind: str) -> Iterable[str]:
        rows = list(self._state.rows("select id, data from cards where kind = ?", kind))
        # Who asks for all of a kind wants their cards: one question instead of hundreds.
        for card in (unpack(data) for artifact, data in rows if artifact not in self._seen):
            self._seen[card.id] = card
        return [artifact for artifact, _ in rows]

    def claims(self, artifact: str) -> Iterable[str]:
        return [row[0] for row in self._state.rows("select path from files where artifact = ?", artifact)]

    def pages(self, folded_title: str) -> Iterable[str]:
        rows = self._state.rows("select path from files where folded = ? and role = 'note'", folded_title)
        return [row[0] for row in rows]

    def artifact_of_page(self, path: str) -> str | None:
        rows = list(self._state.rows("select id from cards where note_path = ?", path))
        return rows[0][0] if rows else None

    def names(self, kinds: tuple[str, ...]) -> Iterable[Card]:
        for artifact, kind, data in list(self._state.rows("select id, kind, data from cards")):
            if not kinds or kind in kinds:
                yield self._seen.get(artifact) or unpack(data)

    def put(self, card: Card) -> None:
        self._keep(card.id, card)
        self._state.put_cards([packed(card)])

    def drop(self, artifact: str) -> None:
        self._keep(artifact, None)
        self._state.drop_cards([artifact])


class LoadedIndex(MemoryIndex):
    """The same in memory, loaded whole: for passes over much of the vault. ``save`` writes what changed."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self._changed: dict[str, Card | None] = {}
        self._put_all([_CARDS.decode(data) for (data,) in state.rows("select data from cards")])
        for folded, path in state.rows("select folded, path from files where role = 'note'"):
            self._pages.setdefault(folded, set()).add(path)
        claims = self._claims
        for artifact, path in state.rows("select artifact, path from files where artifact != ''"):
            if artifact in claims:
                claims[artifact].add(path)
            else:
                claims[artifact] = {path}

    def put(self, card: Card) -> None:
        super().put(card)
        self._changed[card.id] = card

    def drop(self, artifact: str) -> None:
        super().drop(artifact)
        self._changed[artifact] = None

    def save(self) -> None:
        self._state.drop_cards(artifact for artifact, card in self._changed.items() if card is None)
        self._state.put_cards(packed(card) for card in self._changed.values() if card is not None)
        self._changed.clear()


def packed(card: Card) -> tuple[str, str, str, str, list[str]]:
    """A card as the state keeps it."""
    data = encode(card).decode("utf-8")
    return card.id, card.kind, card.note_path, data, [target for _, target in card.references]


def unpack(data: str) -> Card:
    """The card that was kept so."""
    return _CARDS.decode(data)
