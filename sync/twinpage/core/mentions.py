"""Which cases a text names: names compare without spaces and case, whole words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from twinpage.core.vault import Card

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in a text that names a case."""

    case: str
    name: str
    """The name as it is compared."""
    start: int
    """Character offset into the text in NFC."""
    said: str
    """Its first word, as the text has it."""


@dataclass(frozen=True, eq=False, slots=True)
class CaseNames:
    """Names and aliases of cases, as they are compared. A name that two cases share counts for none of them."""

    case_of: Mapping[str, str]
    """Name -> id of the only case that bears it."""
    by_start: Mapping[str, tuple[str, ...]]
    """Every beginning of a name -> the names that begin so: the first word of a mention is one of them."""

    @classmethod
    def of(cls, cases: Iterable[Card]) -> CaseNames:
        """From the cards of all cases."""
        owners: dict[str, set[str]] = {}
        for card in cases:
            for name in (card.name, *card.aliases):
                owners.setdefault(squeeze(name), set()).add(card.id)
        case_of = {name: ids.pop() for name, ids in sorted(owners.items()) if name and len(ids) == 1}
        by_start: dict[str, list[str]] = {}
        for name in case_of:
            for end in range(1, len(name) + 1):
                by_start.setdefault(name[:end], []).append(name)
        return cls(case_of, {start: tuple(names) for start, names in by_start.items()})

    def mentions(self, text: str, own: str = "") -> list[Mention]:
        """Every name in the text, in order, whole words only; none at all where no case but ``own`` is named."""
        text = normalize("NFC", text)
        words = _WORD.findall(text)
        begun = self.by_start.keys() & {word.casefold() for word in set(words)}
        if not begun:
            return []
        joined = "".join(words).casefold()
        names = {name for start in begun for name in self.by_start[start] if name in joined}
        if not names:
            return []
        edges = list(accumulate([len(word.casefold()) for word in words], initial=0))
        whole = set(edges)
        found = sorted((at, name) for name in names for at in _places(joined, name, whole))
        if all(self.case_of[name] == own for _, name in found):
            return []
        typed = dict(zip(edges, _WORD.finditer(text), strict=False))
        return [Mention(self.case_of[name], name, typed[at].start(), typed[at][0]) for at, name in found]


def _places(joined: str, name: str, edges: set[int]) -> Iterator[int]:
    at = joined.find(name)
    while at >= 0:
        if at in edges and at + len(name) in edges:
            yield at
        at = joined.find(name, at + 1)


def squeeze(name: str) -> str:
    """A name as it is compared: letters and digits only, NFC and case folded."""
    return "".join(_WORD.findall(normalize("NFC", name))).casefold()
