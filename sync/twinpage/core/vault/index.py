"""What the look-ups of a vault stand on: a handful of questions that memory and the state can both answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from twinpage.core.vault.vault import Card


class Index(Protocol):
    """Cards by id and who names whom; notes by folded title; claims of ids by files and notes."""

    def card(self, artifact: str) -> Card | None: ...
    def referrers(self, target: str) -> Iterable[str]:
        """Ids of the artifacts that name ``target`` in any field, in no order."""

    def of_kind(self, kind: str) -> Iterable[str]:
        """Ids, in no order."""

    def claims(self, artifact: str) -> Iterable[str]:
        """Paths of the files and notes that say they are this artifact, in no order."""

    def pages(self, folded_title: str) -> Iterable[str]:
        """Paths of the notes of this title, in no order."""

    def artifact_of_page(self, path: str) -> str | None: ...
    def names(self, kinds: tuple[str, ...]) -> Iterable[Card]:
        """All cards of these kinds (of all, when empty): slow, for words in messages only."""

    def put(self, card: Card) -> None: ...
    def drop(self, artifact: str) -> None: ...
