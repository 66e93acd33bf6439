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
_START = 3


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
            by_start.setdefault(name[:_START], []).append(name)
        return cls(case_of, {start: tuple(names) for start, names in by_start.items()})

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every name in the text, in order, whole words only."""
        words = [(match.start(), match[0], match[0].casefold()) for match in _WORD.finditer(normalize("NFC", text))]
        joined = "".join(word for _, _, word in words)
        ends = {0, *accumulate(len(word) for _, _, word in words)}
        at = 0
        for start, said, word in words:
            candidates = self.by_start.get(joined[at : at + _START], ())
            if len(word) < _START:
                candidates += self.by_start.get(word, ())
            for name in dict.fromkeys(candidates):
                if joined.startswith(name, at) and at + len(name) in ends:
                    yield Mention(self.case_of[name], name, start, said)
            at += len(word)


def squeeze(name: str) -> str:
    """A name as it is compared: letters and digits only, NFC and case folded."""
    return "".join(_WORD.findall(normalize("NFC", name))).casefold()
