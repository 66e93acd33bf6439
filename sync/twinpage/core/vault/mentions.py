"""Which cases a text names: names compare without spaces and case, whole words only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING
from unicodedata import normalize

from msgspec import Struct

from twinpage.model.regex import regex

if TYPE_CHECKING:
    from twinpage.core.vault.vault import Card

_WORD = regex(r"[^\W_]+")


class Mention(Struct, frozen=True):
    """One place in a text that names a case."""

    case: str
    name: str
    """The name as it is compared."""
    start: int
    """Character offset into the text in NFC."""
    said: str
    """Its first word, as the text has it."""


class CaseNames(Struct, frozen=True, eq=False):
    """Names and aliases of cases, as they are compared. A name that two cases share counts for none of them."""

    case_of: Mapping[str, str]
    """Name -> id of the only case that bears it."""
    starts: Set[str]
    """Every beginning of a name, and each whole."""

    @classmethod
    def of(cls, cases: Iterable[Card]) -> CaseNames:
        """From the cards of all cases."""
        owners: dict[str, set[str]] = {}
        for card in cases:
            for name in (card.name, *card.aliases):
                owners.setdefault(squeeze(name), set()).add(card.id)
        case_of = {name: ids.pop() for name, ids in sorted(owners.items()) if name and len(ids) == 1}
        return cls(case_of, {name[:end] for name in case_of for end in range(1, len(name) + 1)})

    def mentions(self, text: str, own: str = "") -> list[Mention]:
        """Every name in the text, in order, whole words only; none at all where no case but ``own`` is named."""
        text = normalize("NFC", text)
        words = _folded_words(text)
        if self.starts.isdisjoint(words):
            return []
        begun = [place for place, word in enumerate(words) if word in self.starts]
        found = [(place, name) for place in begun for name in self._from(words, place)]
        if all(self.case_of[name] == own for _, name in found):
            return []
        typed = list(_WORD.finditer(text))
        return [Mention(self.case_of[name], name, typed[at].start(), typed[at][0]) for at, name in found]

    def _from(self, words: list[str], place: int) -> Iterator[str]:
        """Every name that begins with this word, the shortest first."""
        joined = words[place]
        while joined in self.starts:
            if joined in self.case_of:
                yield joined
            place += 1
            if place == len(words):
                return
            joined += words[place]


def _folded_words(text: str) -> list[str]:
    folded = text.casefold()
    if len(folded) == len(text) and "\u0345" not in text:
        return _WORD.findall(folded)
    return [word.casefold() for word in _WORD.findall(text)]  # folded first, such a word would fall apart or grow


def squeeze(name: str) -> str:
    """A name as it is compared: letters and digits only, NFC and case folded."""
    return "".join(_WORD.findall(normalize("NFC", name))).casefold()
