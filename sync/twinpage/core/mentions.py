"""Which cases a text names: names compare without spaces and case, whole words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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

    def mentions(self, text: str) -> list[Mention]:
        """Every name in the text, in order, whole words only."""
        text = normalize("NFC", text)
        present = self._present(text)
        if not present:
            return []
        words = [(match.start(), match[0], match[0].casefold()) for match in _WORD.finditer(text)]
        joined = "".join(word for _, _, word in words)
        ends = {0, *accumulate(len(word) for _, _, word in words)}
        found: list[Mention] = []
        at = 0
        for start, said, word in words:
            for name in self.by_start.get(word, ()):
                if name in present and joined.startswith(name, at) and at + len(name) in ends:
                    found.append(Mention(self.case_of[name], name, start, said))
            at += len(word)
        return found

    def _present(self, text: str) -> set[str]:
        # Nearly all texts name no case but their own: three set and string operations say so.
        words = _WORD.findall(text.casefold())
        starts = self.by_start.keys() & set(words)
        if not starts:
            return set()
        joined = "".join(words)
        return {name for start in starts for name in self.by_start[start] if name in joined}


def squeeze(name: str) -> str:
    """A name as it is compared: letters and digits only, NFC and case folded."""
    return "".join(_WORD.findall(normalize("NFC", name))).casefold()
