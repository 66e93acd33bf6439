"""The vault's look-ups over an index, noting on request which keys an answer depended on."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec.structs import replace

from twinpage.core.schema.registry import Registry
from twinpage.core.vault.index import Index
from twinpage.core.vault.mentions import CaseNames
from twinpage.core.vault.vault import Card
from twinpage.model.kind import Kind
from twinpage.model.names import fold
from twinpage.model.signoff import UNSIGNED, Signed

LIKELY = 40
"""How many names are compared in full when somebody may have misspelled one."""
OptionsOf = Callable[[str], Mapping[str, int | str | bool]]


class IndexedVault:
    """See ``Vault``."""

    def __init__(
        self,
        index: Index,
        dialect: str,
        registry: Registry,
        today: str = "",
        options: OptionsOf = lambda code: {},
        needs: Callable[[str], tuple[tuple[str, str], ...]] = lambda kind: (),
        generated: str = "",
        signed: Callable[[str], Signed] = lambda artifact: UNSIGNED,
    ) -> None:
        """``generated``: path of a note that twinpage made; of notes with one title, links name it last."""
        self.index = index
        self.dialect = dialect
        self.today = today
        self._registry = registry
        self._options = options
        self._needs = needs
        self._generated = generated
        self._signed = signed
        self._asked: set[str] | None = None
        self.case_names_if_known: CaseNames | None = None

    # ------------------------------------------------------------------ keys

    @contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Collect the keys of every look-up made inside."""
        before, self._asked = self._asked, set()
        try:
            yield self._asked
        finally:
            self._asked = before

    def _ask(self, key: str) -> None:
        if self._asked is not None:
            self._asked.add(key)

    def put(self, card: Card) -> set[str]:
        """Add or replace a card. The keys whose answers may differ now; empty when others see no difference."""
        old = self.index.card(card.id)
        if old is not None and old == replace(card, stages=old.stages):
            if old.stages != card.stages:
                self.index.put(card)
            return set()
        self.index.put(card)
        self._forget_names(card)
        return self.keys(card) | (self.keys(old) if old else set())

    def drop(self, artifact: str) -> set[str]:
        """Forget a card; the keys whose answers may differ now."""
        old = self.index.card(artifact)
        self.index.drop(artifact)
        if old:
            self._forget_names(old)
        return self.keys(old) if old else set()

    def _forget_names(self, card: Card) -> None:
        if card.kind == "case":
            self.case_names_if_known = None

    def keys(self, card: Card) -> set[str]:
        """What can be asked about a card."""
        keys = {f"id:{card.id}", f"kind:{card.kind}"}
        keys.update(f"ref:{target}" for _, target in card.references)
        if card.title:
            keys.add(f"title:{fold(card.title)}")
        kind = self._registry.kind(card.kind)
        if kind and kind.bound_type:
            keys.add(f"type:{kind.bound_type}")
        if card.metamodel_id:
            keys.add(f"type:{card.metamodel_id}")
        if card.kind == "case":
            keys.update(f"type:{kind.bound_type}" for kind in self._registry if kind.bound_type)
        return keys

    # ------------------------------------------------------------------ answers

    def options(self, code: str) -> Mapping[str, int | str | bool]:
        return self._options(code)

    def needs_of_team(self, kind: str) -> tuple[tuple[str, str], ...]:
        return self._needs(kind)

    def kind(self, name: str) -> Kind | None:
        return self._registry.kind(name)

    def card(self, artifact: str) -> Card | None:
        self._ask(f"id:{artifact}")
        return self.index.card(artifact)

    def is_example(self, card: Card) -> bool:
        if not card.case:
            return card.example
        case = self.card(card.case)
        return case is not None and case.example

    def claims(self, artifact: str) -> tuple[str, ...]:
        self._ask(f"id:{artifact}")
        return tuple(sorted(self.index.claims(artifact)))

    def referrers(self, target: str, kind: str, by: str) -> tuple[Card, ...]:
        self._ask(f"ref:{target}")
        found = self._cards(self.index.referrers(target))
        return tuple(card for card in found if card.kind == kind and (by, target) in card.references)

    def of_kind(self, kind: str) -> tuple[Card, ...]:
        self._ask(f"kind:{kind}")
        return tuple(self._cards(self.index.of_kind(kind)))

    def case_names(self) -> CaseNames:
        self._ask("kind:case")
        if self.case_names_if_known is None:
            self.case_names_if_known = CaseNames.of(self.of_kind("case"))
        return self.case_names_if_known

    def _cards(self, ids: Iterable[str]) -> Iterator[Card]:
        for artifact in sorted(ids):
            card = self.index.card(artifact)
            if card is not None:
                yield card

    def page(self, target: str) -> str | None:
        path, title = self._named(target)
        self._ask(f"title:{fold(title)}")
        paths = [p for p in self.index.pages(fold(title)) if not path or _lies_at(p, path)]
        return min(paths, key=lambda p: (p == self._generated, p.count("/"), p)) if paths else None

    def _named(self, target: str) -> tuple[str, str]:
        # Obsidian's links may carry a path and an extension; in Logseq a slash belongs to the title.
        if self.dialect == "logseq":
            return "", target
        plain = target.removesuffix(".md")
        return (plain, plain.rpartition("/")[2]) if "/" in plain else ("", plain)

    def resolve(self, target: str) -> str | None:
        path = self.page(target)
        return self.index.artifact_of_page(path) if path else None

    def examples(self, artifact_type: str) -> tuple[Card, ...]:
        card = self.index.card(artifact_type)
        if card is None:
            return ()
        self._ask(f"type:{card.metamodel_id}")
        kind = self._registry.kind_of_metamodel(card.metamodel_id)
        parts = self._cards(self.index.of_kind(kind.name)) if kind else ()
        entries = self.referrers(artifact_type, "entry", "artifact-type")
        found = {part.id: part for part in (*parts, *entries) if part.case and not part.resting}
        return tuple(found[artifact] for artifact in sorted(found) if self.is_example(found[artifact]))

    def signed(self, artifact: str) -> Signed:
        return self._signed(artifact)

    def similar(self, text: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(card.title or card.id for card in self._close(text, kinds)))[:3]

    def similar_ids(self, text: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Up to three ids that somebody may have meant who typed an id, or a name where an id belongs. No key."""
        return tuple(dict.fromkeys(card.id for card in self._close(text, kinds)))[:3]

    def _close(self, text: str, kinds: tuple[str, ...]) -> Iterator[Card]:
        cards: dict[str, Card] = {}
        for card in self.index.names(kinds):
            for name in (card.title or card.name, card.name, card.id, *card.aliases):
                cards.setdefault(fold(name), card)
        for match in difflib.get_close_matches(fold(text), _likely(fold(text), cards), n=6, cutoff=0.6):
            yield cards[match]


def _lies_at(note_path: str, link_path: str) -> bool:
    """A link by path names this note: the path whole, or its last parts."""
    note, link = fold(note_path), fold(link_path) + ".md"
    return note == link or note.endswith("/" + link)


def _likely(text: str, names: Iterable[str]) -> list[str]:
    """The names that share most pairs of letters with a text: comparing each of ten thousand in full takes long."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    shared = ((sum(pair in name for pair in pairs), name) for name in names)
    least = max(1, len(pairs) // 3)
    return [name for _, name in sorted((one for one in shared if one[0] >= least), reverse=True)[:LIKELY]]
