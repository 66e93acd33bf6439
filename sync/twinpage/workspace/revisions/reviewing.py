"""Two states of a vault side by side: what changed did to the model, and who depends on it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from twinpage.core.flags.introduced import compare_flags
from twinpage.core.flags.partners import partners, resting, unknown
from twinpage.core.ids import fits
from twinpage.core.renaming import renamed_id
from twinpage.core.review.pairing import Pair, renames_of
from twinpage.core.signoffs import standing
from twinpage.core.vault.vault import Card
from twinpage.model.flag import Flag
from twinpage.model.review import BrokenReference, Count, Covered, Impact, Introduced, MadeVoid, Named, Partner
from twinpage.model.signoff import Signed, SignOff
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import source_at
from twinpage.workspace.remembered import coverage, unpacked
from twinpage.workspace.revisions.embedders import embedders

MOST_ASKED = 200
"""So many artifacts are asked for the notes that embed them: notes have to be read for it. Of more, only what went or
got another name."""


@dataclass
class Reviewing:
    """Both sides with their flags up to date, and the artifacts that are others."""

    base: Workspace
    head: Workspace
    pairs: Sequence[Pair]
    base_commit: str

    @cached_property
    def renames(self) -> dict[str, str]:
        """Old id -> new id."""
        return renames_of(self.pairs)

    def named(self, ws: Workspace, artifact: str) -> Named:
        card = ws.vault.card(artifact)
        if card is None:
            return Named(artifact, "", artifact)
        return Named(artifact, card.kind, card.name, ws.vault.is_example(card))

    # ------------------------------------------------------------------ flags and numbers

    def flags(self) -> tuple[Introduced, Introduced]:
        """Introduced, and resolved. Only what is another on both sides is read."""
        old, new = dict(self.base.state.flags()), dict(self.head.state.flags())
        old[""], new[""] = (ws.state.recall("settings flags") for ws in (self.base, self.head))
        others = sorted(subject for subject in old.keys() | new.keys() if old.get(subject) != new.get(subject))
        before, after = _Flags(self.base), _Flags(self.head)
        for subject in others:
            before.add(subject, old.get(subject, ""), self.renames)
            after.add(subject, new.get(subject, ""), {})
        compared = compare_flags(before.all, after.all)
        return after.apart(compared.introduced), before.apart(compared.resolved)

    def counts(self) -> tuple[Count, ...]:
        """By kind, those of the vault's own cases first."""
        before, after = _numbers(self.base), _numbers(self.head)
        order = {kind.name: number for number, kind in enumerate(self.head.registry)}
        keys = sorted(before.keys() | after.keys(), key=lambda key: (key[1], order.get(key[0], len(order)), key[0]))
        return tuple(Count(kind, before.get(k, 0), after.get(k, 0), example) for k in keys for kind, example in [k])

    def coverage(self) -> tuple[Covered, ...]:
        """Of what each kind needs, and stages with touchpoints."""
        before, after = _coverage(self.base), _coverage(self.head)
        keys = sorted(dict.fromkeys([*before, *after]), key=lambda key: key[2])
        return tuple(
            Covered(kind, partner, before.get(k, (0, 0)), after.get(k, (0, 0)), example)
            for k in keys
            for kind, partner, example in [k]
        )

    # ------------------------------------------------------------------ who lost and got what

    def partners(self) -> tuple[Partner, ...]:
        """Artifacts that are in both and lost, or got, what they need."""
        back = {new: old for old, new in self.renames.items()}
        found: dict[tuple[str, str], Partner] = {}
        for kind in self.head.registry:
            for need in kind.needs:
                for target in self._named_by(need.kind, need.by):
                    now, before = self.head.vault.card(target), self.base.vault.card(back.get(target, target))
                    if now is None or before is None or now.kind != kind.name or resting(now, self.head.vault):
                        continue
                    had = bool(partners(before.id, need.kind, need.by, self.base.vault))
                    has = bool(partners(now.id, need.kind, need.by, self.head.vault))
                    if had != has and not unknown(before, self.base.vault) and not unknown(now, self.head.vault):
                        found[target, need.kind] = Partner(self.named(self.head, target), need.kind, lost=had)
        return tuple(found[key] for key in sorted(found))

    def _named_by(self, kind: str, by: str) -> list[str]:
        """Ids of today of what changed artifacts of a kind name in a field, or named."""
        found: set[str] = set()
        for pair in self.pairs:
            old = self.base.vault.card(pair.old) if pair.old else None
            new = self.head.vault.card(pair.new) if pair.new else None
            if old is not None and new is not None and old.id == new.id and _counts_alike(old, new):
                continue
            for card in (old, new):
                if card is not None and card.kind == kind:
                    found.update(target for field, target in card.references if field == by)
        return sorted({self.renames.get(target, target) for target in found})

    # ------------------------------------------------------------------ who depends on it

    def broken(self) -> tuple[BrokenReference, ...]:
        """References to what is gone."""
        found = []
        for pair in self.pairs:
            if pair.old and pair.old != pair.new and self.head.vault.card(pair.old) is None:
                for who in sorted(self.head.vault.index.referrers(pair.old)):
                    found.append(BrokenReference(self.named(self.head, who), self.named(self.base, pair.old)))
        return tuple(found)

    def impact(self, notes_with: Mapping[str, Sequence[str]]) -> tuple[tuple[Impact, ...], int]:
        """Who names what changed, and which notes embed it; and of how many nobody looked for notes.

        ``notes_with``: id of what is gone -> notes of the base in which its title stands.
        """
        found: list[Impact] = []
        asked = 0
        told = (pair for pair in self.pairs if pair.old and pair.happened != "unread")
        ordered = sorted(told, key=lambda pair: pair.happened not in _GRAVE)
        for pair in ordered:
            ws, artifact = (self.head, pair.new) if pair.new else (self.base, pair.old)
            card = ws.vault.card(artifact)
            if card is None:
                continue
            referrers = self._referrers(ws, artifact)
            notes: tuple[str, ...] = ()
            if asked < MOST_ASKED and (pair.happened in _GRAVE or len(ordered) <= MOST_ASKED):
                asked += 1
                notes = embedders(ws, card, notes_with.get(artifact, ()))
            if referrers or notes:
                found.append(Impact(self.named(ws, artifact), pair.happened, referrers, notes))
        return tuple(found), max(0, len(ordered) - asked)

    def _referrers(self, ws: Workspace, artifact: str) -> tuple[Named, ...]:
        """Who names it but for its own parts, which all name their case."""
        found = []
        for who in sorted(ws.vault.index.referrers(artifact)):
            card = ws.vault.card(who)
            if card is not None and any(to == artifact and field != "case" for field, to in card.references):
                found.append(self.named(ws, who))
        return tuple(found)

    # ------------------------------------------------------------------ sign-offs

    def made_void(self) -> Iterator[MadeVoid]:
        """Sign-offs of what changed that held before and do not hold now."""
        if not self.head.state.signed() and not self.base.state.signed():
            return
        for pair in self.pairs:
            if not pair.old or pair.happened == "unread":
                continue
            artifact = pair.new or pair.old
            signed = self.head.vault.signed(artifact)
            if not signed.signoffs:
                signed = self.base.vault.signed(pair.old)
            still = {one.person for one in _valid(self.head, pair.new, signed)}
            lost = tuple(one for one in _valid(self.base, pair.old, signed) if one.person not in still)
            if lost:
                ws = self.head if pair.new else self.base
                yield MadeVoid(self.named(ws, artifact), lost, gone=not pair.new)


def _valid(ws: Workspace, artifact: str, signed: Signed) -> Sequence[SignOff]:
    """The sign-offs that hold for an artifact as this side has it."""
    source = source_at(ws, artifact_path(artifact)) if artifact and signed.signoffs else None
    value = source.value if source is not None else None
    kind = ws.registry.kind(str(value.get("kind", ""))) if value is not None else None
    return standing(value, kind, signed).valid if value is not None and kind is not None else ()


def _counts_alike(old: Card, new: Card) -> bool:
    """As a partner of others it is what it was."""
    return old.references == new.references and old.resting == new.resting and old.kind == new.kind


_GRAVE = ("removed", "renamed", "moved")


class _Flags:
    """Flags of one side, with which of them are of example cases."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self.all: list[Flag] = []
        self._examples: set[Flag] = set()

    def add(self, subject: str, data: str, renames: Mapping[str, str]) -> None:
        flags = unpacked(self._ws.state, subject, data)
        if renames:
            flags = [replace(flag, artifact=renamed_id(flag.artifact, renames)) for flag in flags]
        self.all += flags
        if data and json.loads(data)[2]:
            self._examples.update(flags)

    def apart(self, flags: Sequence[Flag]) -> Introduced:
        own = tuple(flag for flag in flags if flag not in self._examples)
        return Introduced(own, tuple(flag for flag in flags if flag in self._examples))


def _numbers(ws: Workspace) -> dict[tuple[str, bool], int]:
    """(kind, of an example case) -> number of artifacts."""
    found: Counter[tuple[str, bool]]
    examples = {card.id for card in ws.vault.of_kind("case") if card.example}
    if not examples:
        counted = ws.state.rows("select kind, count(*) from cards where kind != '' group by kind")
        found = Counter({(kind, False): int(number) for kind, number in counted})
    else:
        cards = ws.state.rows("select kind, id from cards where kind != ''")
        found = Counter((kind, artifact.partition("/")[0] in examples) for kind, artifact in cards)
    for (artifact,) in ws.state.rows("select id from cards where kind = ''"):  # it cannot be read, but has its place
        kind = next((kind.name for kind in ws.registry if fits(kind, artifact)), "")
        found[kind, artifact.partition("/")[0] in examples] += bool(kind)
    return +found


def _coverage(ws: Workspace) -> dict[tuple[str, str, bool], tuple[int, int]]:
    found = {(row.kind, row.partner, row.example): (row.have, row.of) for row in coverage(ws.state)}
    sums: dict[bool, list[int]] = {}
    for card in ws.vault.of_kind("journey"):
        if card.stages[0] and not resting(card, ws.vault):
            pair = sums.setdefault(ws.vault.is_example(card), [0, 0])
            pair[0] += card.stages[1]
            pair[1] += card.stages[0]
    return found | {("stage", "touchpoint", example): (have, of) for example, (have, of) in sums.items()}
