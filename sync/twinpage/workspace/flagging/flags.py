"""Flags kept up to date: only subjects that changed, or that asked about what changed, are looked at again."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator

from twinpage.core.flags.flagging import Broken, Looked, flags_of_settings, look_at
from twinpage.core.flags.partners import partners, resting, wanted_embeds
from twinpage.core.vault.vault import Subject
from twinpage.edge.place import SETTINGS
from twinpage.edge.processes import can_fork, halves
from twinpage.errors import NotWritten
from twinpage.model.check_outcome import Coverage
from twinpage.model.flag import Flag
from twinpage.rules import RULES
from twinpage.workspace.flagging.schema_flags import flags_of_schemas
from twinpage.workspace.handover import leave
from twinpage.workspace.look import Look, look
from twinpage.workspace.opening import Workspace
from twinpage.workspace.remembered import flags_and_examples, keep_sums, pack, used_silences
from twinpage.workspace.subjects import loose_subject, subject_of

PAYS_TWICE = 600
"""From so many subjects on, a second process takes half of them."""
EVERYBODY = "kind:case"
"""What nearly every artifact asks about: it is not noted for each, and a change of it concerns all."""
ARTIFACT, PATH = "id:", "path:"
"""Prefixes of a subject's key in the state."""


def take_flags(ws: Workspace) -> tuple[Broken, ...]:
    """Look at the disk and bring all flags up to date. Where the state cannot be written, it is done in memory."""
    try:
        return _taken(ws)
    except NotWritten:
        ws.forget_state()
        return _taken(ws)


def _taken(ws: Workspace) -> tuple[Broken, ...]:
    with ws.state.transaction():
        seen = look(ws)
        broken = flags_within(ws, seen)
        leave(ws, seen)
    return broken


def flags_within(ws: Workspace, seen: Look) -> tuple[Broken, ...]:
    """Bring all flags up to date with what a look gave, within the transaction of the state in which it was made."""
    if seen.nothing and not ws.state.stale(1):
        return ()
    broken = refresh_flags(ws, seen)
    ws.save_index()
    finish_flags(ws, None if seen.everything else seen.keys)
    return broken


def finish_flags(ws: Workspace, touched: Collection[str] | None = None) -> int:
    """Remember the sums that a pass with nothing to do has to tell; the number of flags.

    ``touched``: keys of all that changed; None when that is not known. Who has which partners is told by cards alone.
    """
    reasons = {code: (rule.name, rule.why) for code, rule in RULES.items()}
    of_settings = flags_of_settings(ws.config, used_silences(ws.state), RULES, SETTINGS, ws.today)
    of_settings = (*of_settings, *flags_of_schemas(ws))
    known = touched is not None and bool(ws.state.recall("coverage"))
    changed = not known or any(key.startswith("kind:") for key in touched or ())
    return keep_sums(ws.state, reasons, of_settings, _coverage(ws) if changed else None)


def _coverage(ws: Workspace) -> Iterator[Coverage]:
    """By case."""
    for kind in ws.registry:
        sums: dict[tuple[str, str, bool], list[int]] = {}
        for card in ws.vault.of_kind(kind.name) if kind.needs else ():
            if resting(card, ws.vault):
                continue
            example = ws.vault.is_example(card)
            for need in kind.needs:
                pair = sums.setdefault((card.case, need.kind, example), [0, 0])
                pair[0] += bool(partners(card.id, need.kind, need.by, ws.vault))
                pair[1] += 1
        for (case, one, example), (have, of) in sums.items():
            yield Coverage(kind.name, one, have, of, example, case)


def refresh_flags(ws: Workspace, seen: Look, fresh: Collection[str] = (), most: int = 0) -> tuple[Broken, ...]:
    """Look again at what a look at the disk says changed, and at what depends on it.

    ``fresh``: artifacts whose flags were taken in this pass already, after everything in ``seen.keys`` was known.
    ``most``: the rest of more than so many subjects is left to the next passes (``State.stale``); 0: none is left.
    """
    dependants = ws.state.dependants(seen.keys) if not seen.everything else set()
    subjects = {ARTIFACT + artifact for artifact in seen.affected} | {PATH + path for path in seen.loose} | dependants
    if EVERYBODY in seen.keys:
        subjects |= {ARTIFACT + card.id for card in ws.vault.index.names(())}
    subjects.difference_update(ARTIFACT + artifact for artifact in fresh)
    waiting = ws.state.stale(most or -1) - subjects
    subjects |= waiting if not most else set(sorted(waiting)[: max(0, most - len(subjects))])
    now = sorted(subjects)
    if 0 < most < len(now):
        urgent = {ARTIFACT + artifact for artifact in seen.affected} | {PATH + path for path in seen.loose}
        now.sort(key=lambda subject: (subject not in urgent, subject))
        ws.state.add_stale(now[most:])
        now = now[:most]
    broken: list[Broken] = _refresh_all(ws, [key for key in now if key.startswith(ARTIFACT)])
    paths = [key for key in now if key.startswith(PATH)]
    of_twins = {key for key in paths if ws.vault.index.artifact_of_page(key.removeprefix(PATH)) is not None}
    ws.state.drop_flags(of_twins)
    return (*broken, *(one for key in paths if key not in of_twins for one in _refresh(ws, key)))


def _refresh_all(ws: Workspace, keys: list[str]) -> list[Broken]:
    """Take the flags of many subjects, in two processes where that pays."""
    if len(keys) < PAYS_TWICE or not can_fork() or ws.state.base_notes():
        return [broken for key in keys for broken in _refresh(ws, key)]
    middle = len(keys) // 2
    looked, told = halves(
        lambda: [_looked(ws, key) for key in keys[:middle]],
        lambda: json.dumps([_looked(ws, key) for key in keys[middle:]]).encode(),
    )
    looked += [_looked(ws, key) for key in keys[middle:]] if told is None else json.loads(told)
    ws.state.put_flags([(key, data, asked) for key, data, asked in looked if asked is not None])
    again = [key for key, _, asked in looked if asked is None]  # a rule failed: it shall fail here, where it is logged
    return [broken for key in again for broken in _refresh(ws, key)]


def _looked(ws: Workspace, key: str) -> tuple[str, str, list[str] | None]:
    """The flags of one subject without remembering them: for a process that may not write."""
    with ws.vault.noting() as asked:
        subject = subject_of(ws, key.removeprefix(ARTIFACT))
        if subject is None:
            return key, "", None
        _ask_for_embeds(ws, subject)
        looked = look_at(subject, ws.vault, RULES, ws.config, on=ws.severities)
        data = _packed(ws, subject, looked)
    return (key, "", None) if looked.broken else (key, data, sorted(asked - {key, EVERYBODY}))


def _refresh(ws: Workspace, key: str) -> Iterable[Broken]:
    if key.startswith(ARTIFACT):
        return flag(ws, key, lambda: subject_of(ws, key.removeprefix(ARTIFACT)))
    return flag(ws, key, lambda: loose_subject(ws, key.removeprefix(PATH)))


def flag(ws: Workspace, key: str, subject_now: Callable[[], Subject | None]) -> tuple[Broken, ...]:
    """Take the flags of one subject and remember them with all that they depend on; the rules that failed."""
    with ws.vault.noting() as asked:
        subject = subject_now()
        if subject is None:
            ws.state.drop_flags([key])
            return ()
        _ask_for_embeds(ws, subject)
        looked = look_at(subject, ws.vault, RULES, ws.config, on=ws.severities)
        data = _packed(ws, subject, looked)
    ws.state.put_flags([(key, data, asked - {key, EVERYBODY})])
    if looked.broken:
        ws.state.remember("settings", "")  # so that the next look takes every flag anew, this one too
    return looked.broken


def _ask_for_embeds(ws: Workspace, subject: Subject) -> None:
    """What a note should show, and does show, is for every pass: it depends on both even where no rule asks."""
    if subject.card is not None and subject.kind is not None and subject.kind.embeds:
        wanted_embeds(subject.card, subject.kind, ws.vault)
        for link in subject.note.links if subject.note else ():
            if link.embed:
                ws.vault.resolve(link.target)


def _packed(ws: Workspace, subject: Subject, looked: Looked) -> str:
    example = subject.card is not None and ws.vault.is_example(subject.card)
    return pack(looked.flags, looked.used, example)


def all_flags(ws: Workspace) -> list[Flag]:
    """Every flag of the vault as last taken. A fix is told but not carried: ``check --fix`` takes the flag anew."""
    own, examples = flags_and_examples(ws.state)
    return sorted(own + examples, key=lambda flag: flag.order)
