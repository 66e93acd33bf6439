"""An index in memory: for a whole-vault pass, and for tests."""

from __future__ import annotations

from collections.abc import Iterable

from twinpage.core.vault.vault import Card
from twinpage.model.names import fold


class MemoryIndex:
    """See ``Index``."""

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._cards: dict[str, Card] = {}
        self._referrers: dict[str, set[str]] = {}
        self._of_kind: dict[str, set[str]] = {}
        self._claims: dict[str, set[str]] = {}
        self._pages: dict[str, set[str]] = {}
        self._artifact_of_page: dict[str, str] = {}
        self._put_all(cards)

    def _put_all(self, cards: Iterable[Card]) -> None:
        """Of different ids, none of which is known: in one loop, for there are many."""
        referrers, of_kind, artifact_of_page = self._referrers, self._of_kind, self._artifact_of_page
        for card in cards:
            artifact = card.id
            self._cards[artifact] = card
            for _, target in card.references:
                if target in referrers:
                    referrers[target].add(artifact)
                else:
                    referrers[target] = {artifact}
            of_kind.setdefault(card.kind, set()).add(artifact)
            if card.note_path:
                artifact_of_page[card.note_path] = artifact

    def put(self, card: Card) -> None:
        self._take_out(card.id)
        self._cards[card.id] = card
        for _, target in card.references:
            self._referrers.setdefault(target, set()).add(card.id)
        self._of_kind.setdefault(card.kind, set()).add(card.id)
        if card.note_path:
            self._artifact_of_page[card.note_path] = card.id

    def drop(self, artifact: str) -> None:
        self._take_out(artifact)

    def _take_out(self, artifact: str) -> None:
        card = self._cards.pop(artifact, None)
        if card is None:
            return
        for _, target in card.references:
            self._referrers[target].discard(artifact)
        self._of_kind[card.kind].discard(artifact)
        if self._artifact_of_page.get(card.note_path) == artifact:
            del self._artifact_of_page[card.note_path]

    def put_page(self, path: str, title: str) -> None:
        self._pages.setdefault(fold(title), set()).add(path)

    def drop_page(self, path: str, title: str) -> None:
        self._pages.get(fold(title), set()).discard(path)

    def put_claim(self, artifact: str, path: str) -> None:
        self._claims.setdefault(artifact, set()).add(path)

    def drop_claim(self, artifact: str, path: str) -> None:
        self._claims.get(artifact, set()).discard(path)

    def card(self, artifact: str) -> Card | None:
        return self._cards.get(artifact)

    def referrers(self, target: str) -> Iterable[str]:
        return self._referrers.get(target, ())

    def of_kind(self, kind: str) -> Iterable[str]:
        return self._of_kind.get(kind, ())

    def claims(self, artifact: str) -> Iterable[str]:
        return self._claims.get(artifact, ())

    def pages(self, folded_title: str) -> Iterable[str]:
        return self._pages.get(folded_title, ())

    def artifact_of_page(self, path: str) -> str | None:
        return self._artifact_of_page.get(path)

    def names(self, kinds: tuple[str, ...]) -> Iterable[Card]:
        return [card for card in self._cards.values() if not kinds or card.kind in kinds]
