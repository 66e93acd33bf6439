"""Running rules: each finding gets its place and severity, unless somebody silenced it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from twinpage.config import Config
from twinpage.core.flags.rule import Finding, Rule
from twinpage.core.flags.silencing import (
    Complaint,
    complaints,
    covers,
    settings_complaints,
    settings_cover,
    silences_of,
)
from twinpage.core.pointers import look
from twinpage.core.vault.vault import Side, Subject, Vault
from twinpage.model.flag import SEVERITIES, Flag, Severity
from twinpage.model.problem import line_and_column


class Broken(Struct, frozen=True):
    """A rule that failed on a subject: a mistake of ours, for the log."""

    code: str
    path: str
    error: Exception


class Looked(Struct, frozen=True):
    """What looking at one subject gave."""

    flags: tuple[Flag, ...]
    used: frozenset[int] = frozenset()
    """Positions of the settings' ``[[ignore]]`` entries that silenced something here."""
    broken: tuple[Broken, ...] = ()


def look_at(
    subject: Subject,
    vault: Vault,
    rules: Mapping[str, Rule],
    settings: Config,
    on: Mapping[str, Severity] | None = None,
) -> Looked:
    """All rules that are on, over one subject, in the order of ``Flag.order``.

    ``on`` is ``severities_of(rules, settings)``, for callers with many subjects. A rule that raises takes nothing
    down: its error is in ``broken``, the other rules' flags stand.
    """
    severities = severities_of(rules, settings) if on is None else on
    flags: set[Flag] = set()
    used: set[int] = set()
    own_used = set()
    broken: list[Broken] = []
    own = silences_of(subject)
    met, kind = _met(subject), subject.kind.name if subject.kind else ""
    for code, severity in severities.items():
        rule = rules[code]
        if (rule.retells and code not in met) or (rule.kinds and kind not in rule.kinds):
            continue
        try:
            findings = tuple(rule.check(subject, vault))
        except Exception as error:  # whatever it is, the person still gets everybody else's flags
            broken.append(Broken(code, _path(subject), error))
            continue
        for finding in findings:
            silent = {silence for silence in own if covers(silence, code, finding.pointer)}
            silent_by = _silent_by(settings, code, subject, vault.today)
            own_used |= silent
            used |= silent_by
            if not silent and not silent_by:
                flags.add(_flag(rule, severity, subject, finding))
    for complaint in complaints(subject, own_used, severities, rules) if own else ():
        flags |= _of_complaint(complaint, rules, severities, subject)
    return Looked(_sorted(flags), frozenset(used), tuple(broken))


def _met(subject: Subject) -> set[str]:
    """Codes of what the readers met."""
    of_note = subject.note.problems if subject.note else ()
    return {problem.code for problem in (*of_note, *(subject.file.problems if subject.file else ()))}


def flags_of(subject: Subject, vault: Vault, rules: Mapping[str, Rule], settings: Config) -> tuple[Flag, ...]:
    """The flags of one subject; see ``look_at``."""
    return look_at(subject, vault, rules, settings).flags


def flags_of_settings(
    settings: Config, used: Collection[int], rules: Mapping[str, Rule], path: str, today: str
) -> tuple[Flag, ...]:
    """Flags about the settings' own silences, once everything was looked at. ``path`` is that of the settings."""
    severities = severities_of(rules, settings)
    flags = []
    for line, said in settings_complaints(settings.ignores, used, severities, today):
        if said.code in severities:
            rule, finding = rules[said.code], said.finding
            flags.append(
                Flag(
                    rule.code, rule.name, severities[said.code], path, line, 1, "", finding.pointer,
                    finding.message, rule.why,
                )
            )  # fmt: skip
    return _sorted(flags)


def severities_of(rules: Mapping[str, Rule], settings: Config) -> dict[str, Severity]:
    """The rules that are on, by code, each with the severity that holds in this vault."""
    said = {code: settings.severity(code) or rule.severity for code, rule in rules.items()}
    return {code: severity for code, chosen in said.items() for severity in SEVERITIES if severity == chosen}


def order_for_people(flags: Iterable[Flag], vault: Vault) -> tuple[tuple[Flag, ...], tuple[Flag, ...]]:
    """The flags of people's own work, and apart from them those of example cases; each in ``Flag.order``."""
    ordered = _sorted(flags)
    example = {artifact: _is_example(artifact, vault) for artifact in {flag.artifact for flag in ordered}}
    return (
        tuple(flag for flag in ordered if not example[flag.artifact]),
        tuple(flag for flag in ordered if example[flag.artifact]),
    )


def nothing_alone(subject: Subject, vault: Vault) -> Iterable[Finding]:
    """The check of rules about silencing: they are looked at after all others, see ``look_at``."""
    return ()


def _is_example(artifact: str, vault: Vault) -> bool:
    card = vault.card(artifact) if artifact else None
    return card is not None and vault.is_example(card)


def _sorted(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    return tuple(sorted(flags, key=lambda flag: (flag.order, flag.message)))


def _silent_by(settings: Config, code: str, subject: Subject, today: str) -> set[int]:
    target = subject.id or _path(subject)
    return {position for position, ignore in enumerate(settings.ignores) if settings_cover(ignore, code, target, today)}


def _of_complaint(
    said: Complaint, rules: Mapping[str, Rule], severities: Mapping[str, Severity], subject: Subject
) -> set[Flag]:
    if said.code not in severities:
        return set()
    return {_flag(rules[said.code], severities[said.code], subject, said.finding)}


def _path(subject: Subject) -> str:
    twin = subject.note or subject.file
    return twin.path if twin else ""


def _flag(rule: Rule, severity: Severity, subject: Subject, finding: Finding) -> Flag:
    side, offset = place(subject, finding)
    twin = subject.note if side == "note" else subject.file
    line, column = line_and_column(twin.text, offset) if twin else (1, 1)
    return Flag(
        code=rule.code,
        name=rule.name,
        severity=severity,
        path=twin.path if twin else "",
        line=line,
        column=column,
        artifact=subject.id,
        pointer=finding.pointer,
        message=finding.message,
        why=rule.why,
        fix=finding.fix,
    )


def place(subject: Subject, finding: Finding) -> tuple[Side, int]:
    """Where a finding is shown: the note where it expresses the field, and nothing else, else the artifact file.

    Of a field that stands nowhere, the nearest thing around it counts; of the whole artifact, the first line.
    """
    sides = _sides(subject, finding)
    if finding.offset is not None:
        return sides[0], finding.offset
    pointer = finding.pointer
    while pointer:
        for side in sides:
            offset = _offset(subject, side, pointer)
            if offset is not None:
                return side, offset
        pointer = pointer.rpartition("/")[0]
    return sides[0], 0


def _sides(subject: Subject, finding: Finding) -> tuple[Side, ...]:
    if finding.side != "either":
        return (finding.side,)
    if subject.note is None:
        return ("file",)
    if subject.file is None:
        return ("note",)
    return ("file", "note") if _only_file_says(subject, finding.pointer) else ("note", "file")


def _only_file_says(subject: Subject, pointer: str) -> bool:
    """What is looked at is the file's value, and the note says something else there, which may well be right."""
    reading = subject.note.reading if subject.note else None
    if not pointer or reading is None or subject.file is None or subject.file.value is None:
        return False
    found, said = look(subject.file.value, pointer), look(reading.value, pointer)
    return found is not None and said is not None and found != said


def _offset(subject: Subject, side: Side, pointer: str) -> int | None:
    if side == "file":
        return subject.file.offset_of(pointer) if subject.file else None
    reading = subject.note.reading if subject.note else None
    return reading.offset_of(pointer) if reading else None
