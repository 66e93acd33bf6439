"""What an artifact needs besides itself: partners that name it, and embeds of them in its note."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.rule import Finding
from twinpage.core.vault.vault import Card, Subject, Vault
from twinpage.core.wording import with_article, words
from twinpage.model.flag import Scaffold
from twinpage.model.kind import Kind, Need
from twinpage.model.names import case_of


def resting(card: Card, vault: Vault) -> bool:
    """Archived or inactive, or part of a case that is: it neither counts nor is flagged."""
    if card.resting:
        return True
    case = vault.card(card.case) if card.case else None
    return case is not None and case.resting


def partners(artifact: str, kind: str, by: str, vault: Vault) -> tuple[Card, ...]:
    """The artifacts of ``kind`` that name this one in their field ``by``, by id; resting ones do not count."""
    return tuple(card for card in vault.referrers(artifact, kind, by) if not card.resting)


def unknown(card: Card, vault: Vault) -> bool:
    """Something in its case cannot be read at all, so it may be the partner that seems to be missing."""
    return any(one.path and case_of(one.id) == case_of(card.id) for one in vault.of_kind(""))


def unmet(subject: Subject, vault: Vault, code: str, scaffold: bool = False) -> Iterator[Finding]:
    """One finding for each need with this code that nobody meets."""
    card, kind = subject.card, subject.kind
    if card is None or kind is None or resting(card, vault):
        return
    asked = [need for need in kind.needs if need.code == code]
    for need in asked:
        if not partners(card.id, need.kind, need.by, vault) and not unknown(card, vault):
            fix = Scaffold(need.kind, need.by, card.id) if scaffold else None
            told = f"{card.name} has {_lack(card, kind, need, vault)}. {remedy(card, need)}"
            yield Finding(told, f"/needs/{need.kind}/{need.by}" if len(asked) > 1 else "", fix=fix)


def remedy(card: Card, need: Need) -> str:
    """What to do about a partner that is missing."""
    return f"Write one, or run `twinpage new {need.kind} NAME --for {card.id}`."


def wanted_embeds(card: Card, kind: Kind, vault: Vault) -> tuple[Card, ...]:
    """What the note of an artifact should embed, section by section, each by id; only what has a note."""
    wanted: list[Card] = []
    for embed in kind.embeds:
        wanted += partners(card.id, embed.kind, embed.by, vault) if embed.kind else vault.examples(card.id)
    return tuple(found for found in wanted if found.note_path)


def _lack(card: Card, kind: Kind, missing: Need, vault: Vault) -> str:
    there = [
        with_article(need.kind)
        for need in kind.needs
        if need is not missing and partners(card.id, need.kind, need.by, vault)
    ]
    return f"{' and '.join(there)} but no {words(missing.kind)}" if there else f"no {words(missing.kind)}"
