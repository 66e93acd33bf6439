"""``twinpage.baseline``: flags that are accepted for now, one a line, so that an old vault fails only on what is new.

Lines are a set: their order does not matter, and the same line twice counts once, for ``merge=union`` makes both. Of
several flags with one fingerprint each has a line of its own, told apart by a number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from msgspec import Struct

from twinpage.model.flag import BASELINE, Flag, fingerprint_of
from twinpage.model.plain import plain
from twinpage.model.regex import regex

NEVER = frozenset({"TP501", "TP901"})
"""Nobody accepts an open conflict, which waits for a decision, nor twins that differ: one entry would cover whatever
differs in them later, and a sync mends it at once."""
_HEAD = (
    "# Flags that are accepted for now: `twinpage check` fails only on others. `twinpage check --write-baseline`\n"
    "# writes this file anew; the order of lines does not matter. Fingerprint, code, artifact or path, pointer:\n"
)
_ENTRY = regex(r"(?P<fingerprint>[0-9a-f]{16})(?:-(?P<number>[1-9][0-9]{0,5}))?(?:\t(?P<code>TP[0-9]{3})(?:\t.*)?)?")
_MARKER = regex(r"<{7}|={7}|>{7}|\|{7}")
_MOST_MISTAKES = 20
_GOES = "`twinpage check --prune-baseline` takes it out."


class Entry(Struct, frozen=True):
    """One accepted flag. ``number`` tells flags of one fingerprint apart, from 1."""

    fingerprint: str
    number: int
    text: str
    """The rest of its line, for people."""


class Baseline(Struct, frozen=True):
    """All that can be understood of the file, and a plain sentence for each line that cannot."""

    entries: tuple[Entry, ...] = ()
    mistakes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    """Lines of people, which stay when the file is written anew."""


class Accepted(Struct, frozen=True):
    """Flags told apart by a baseline, each in the order in which they came."""

    accepted: tuple[Flag, ...]
    new: tuple[Flag, ...]
    fixed: tuple[Entry, ...]
    """Entries whose flag is gone."""


def read(data: bytes) -> Baseline:
    """Never raises. A line that is passed over accepts nothing, so nothing is hidden by mistake."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    entries: dict[tuple[str, int], Entry] = {}
    mistakes: list[str] = []
    comments: dict[str, None] = {}
    ours = set(_HEAD.split("\n"))
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r \t")
        found = _ENTRY.fullmatch(line)
        if found and found["code"] in NEVER:
            mistakes.append(
                f"{BASELINE}:{number}: {found['code']} is never accepted, so this line does nothing; {_GOES}"
            )
        elif found:
            entry = Entry(found["fingerprint"], int(found["number"] or 1), line.partition("\t")[2])
            entries.setdefault((entry.fingerprint, entry.number), entry)
        elif line.startswith("#"):
            comments.update({} if line in ours else {line: None})
        elif line:
            mistakes.append(f"{BASELINE}:{number}: {_mistake(line)}")
    if len(mistakes) > _MOST_MISTAKES:
        rest = len(mistakes) - _MOST_MISTAKES
        mistakes[_MOST_MISTAKES:] = [
            f"{BASELINE}: {rest} more lines cannot be read and are passed over; mend them too."
        ]
    return Baseline(tuple(entries.values()), tuple(mistakes), tuple(comments))


def _mistake(line: str) -> str:
    if _MARKER.match(line):
        return "a conflict marker of git; remove such lines and keep all others, whatever their order."
    return f"this is no entry, so it accepts nothing; {_GOES}"


def accept(entries: Iterable[Entry], flags: Iterable[Flag]) -> Accepted:
    """Tell flags apart. As many flags of a fingerprint are accepted as there are entries of it, the first in order."""
    left: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: -entry.number):
        left[entry.fingerprint].append(entry)
    accepted: list[Flag] = []
    new: list[Flag] = []
    for flag in flags:
        there = None if flag.code in NEVER else left.get(flag.fingerprint)
        if there:
            there.pop()
            accepted.append(flag)
        else:
            new.append(flag)
    fixed = sorted((entry for some in left.values() for entry in some), key=lambda entry: entry.text)
    return Accepted(tuple(accepted), tuple(new), tuple(fixed))


def renamed(text: str, now: Callable[[str], str]) -> str:
    """The file once artifacts have other ids (``now``); every line that is not about one of them stays as it is."""
    return "\n".join(_renamed_line(line, now) for line in text.split("\n"))


def _renamed_line(line: str, now: Callable[[str], str]) -> str:
    said = line.rstrip("\r \t")
    mark, code, subject, pointer = (*said.split("\t", 3), "", "", "")[:4]
    fingerprint, dash, number = mark.partition("-")
    new = now(subject)
    if new == subject or fingerprint != fingerprint_of(code, subject, pointer):
        return line
    mark = fingerprint_of(code, new, pointer) + dash + number
    return "\t".join((mark, code, new, pointer)).rstrip("\t") + line[len(said) :]


def write(flags: Iterable[Flag], comments: Iterable[str] = ()) -> bytes:
    """The file that accepts these flags, sorted; the same flags give the same bytes."""
    numbers: dict[str, int] = defaultdict(int)
    lines = []
    for flag in flags:
        if flag.code not in NEVER:
            numbers[flag.fingerprint] += 1
            number = numbers[flag.fingerprint]
            mark = flag.fingerprint if number == 1 else f"{flag.fingerprint}-{number}"
            words = (flag.code, _word(flag.artifact or flag.path), _word(flag.pointer))
            lines.append("\t".join((mark, *words)).rstrip("\t"))
    kept = "".join(f"{comment}\n" for comment in comments)
    return (_HEAD + kept + "".join(f"{line}\n" for line in sorted(lines))).encode("utf-8", "replace")


def _word(text: str) -> str:
    return plain(text).replace("\t", "\\u0009").replace("\n", "\\u000a")
