"""Flags that people silenced: in the artifact file, in the note or in the settings, always with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from twinpage.config import Ignore
from twinpage.core.flags.rule import Finding
from twinpage.core.vault.vault import Side, Subject
from twinpage.model.regex import regex

UNUSED, UNREASONED = "TP801", "TP802"

_ENTRY = regex(r"(?:^|[,;\n])[ \t]*(TP\d{3})\b")


class Silence(Struct, frozen=True):
    """One entry of an artifact's ``ignore`` or of a note's ``flags-ignored``."""

    code: str
    reason: str
    pointer: str
    side: Side
    at: str
    """Pointer of the entry itself."""


class Complaint(Struct, frozen=True):
    """A finding about a silence, with the code of the rule that it belongs to."""

    code: str
    finding: Finding


def parse_ignored(text: str) -> tuple[tuple[str, str], ...]:
    """The note's property: ``TP301 sold by partners only; TP405 names are enough`` as (code, reason).

    Entries are divided by commas, semicolons or line ends; what stands between two codes is the reason of the first.
    """
    found = list(_ENTRY.finditer(text)) if text else []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return tuple((match[1], _reason(text[match.end() : end])) for match, end in zip(found, ends, strict=False))


def _reason(said: str) -> str:
    plain = said.strip(" \t\r\n,;:-–")
    return plain[1:-1].strip() if plain.startswith("(") and plain.endswith(")") else plain


def silences_of(subject: Subject) -> tuple[Silence, ...]:
    """What the artifact and its note silence."""
    found: list[Silence] = []
    entries = (subject.file.value or {}).get("ignore") if subject.file else None
    for position, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("code"), str):
            reason, pointer = (str(entry.get(key) or "").strip() for key in ("reason", "pointer"))
            found.append(Silence(entry["code"], reason, pointer, "file", f"/ignore/{position}"))
    for position, (code, reason) in enumerate(subject.note.ignored if subject.note else ()):
        found.append(Silence(code, reason.strip(), "", "note", f"/flags-ignored/{position}"))
    return tuple(found)


def covers(silence: Silence, code: str, pointer: str) -> bool:
    """A silence with a reason stops its code at its pointer and below it."""
    if silence.code != code or not silence.reason:
        return False
    return not silence.pointer or f"{pointer}/".startswith(f"{silence.pointer}/")


def settings_cover(ignore: Ignore, code: str, target: str, today: str) -> bool:
    """The same for the settings: with a reason, not past its day, for this artifact id or path."""
    if ignore.code != code or not ignore.reason.strip() or ran_out(ignore, today):
        return False
    return fnmatchcase(target, ignore.artifact or "*")


def ran_out(ignore: Ignore, today: str) -> bool:
    return bool(ignore.until and today and ignore.until < today)


def complaints(
    subject: Subject, used: Collection[Silence], on: Collection[str], known: Collection[str]
) -> Iterator[Complaint]:
    """Silences of a subject that lack a reason, or that silenced nothing. ``on``: the rules that were looked at."""
    offset = subject.note.text.find("flags-ignored") if subject.note else -1
    name = subject.name or "This file"
    for silence in silences_of(subject):
        at = offset if silence.side == "note" and offset >= 0 else None
        if not silence.reason:
            told = f"{name} silences {silence.code} without saying why, so it stays visible. Add the reason."
            yield Complaint(UNREASONED, Finding(told, silence.at, at, silence.side))
        elif silence.code not in known:
            told = f"{name} silences {silence.code}, but there is no such rule. `twinpage rules` lists them."
            yield Complaint(UNUSED, Finding(told, silence.at, at, silence.side))
        elif silence not in used and silence.code in on:
            told = f"{name} silences {silence.code}, but there is no such flag. Correct the entry, or remove it."
            yield Complaint(UNUSED, Finding(told, silence.at, at, silence.side))


def settings_complaints(
    ignores: Sequence[Ignore], used: Collection[int], on: Collection[str], today: str
) -> Iterator[tuple[int, Complaint]]:
    """The same for ``[[ignore]]`` of the settings, after all subjects were looked at: (line, complaint)."""
    for position, ignore in enumerate(ignores):
        what = f"The [[ignore]] of {ignore.code} for {ignore.artifact or 'everything'}"
        at = f"/ignore/{position}"
        if not ignore.reason.strip():
            told = f'{what} gives no reason, so it silences nothing. Add reason = "...".'
            yield ignore.line, Complaint(UNREASONED, Finding(told, at))
        elif ran_out(ignore, today):
            told = f"{what} ended on {ignore.until}. Mend what it silenced, or set a later day; else remove it."
            yield ignore.line, Complaint(UNUSED, Finding(told, at))
        elif position not in used and ignore.code in on:
            told = f"{what} silences nothing. Correct it, or remove it."
            yield ignore.line, Complaint(UNUSED, Finding(told, at))
