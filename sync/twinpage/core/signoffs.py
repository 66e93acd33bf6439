"""``signoffs.jsonl``: one line of JSON for each sign-off and each rename, in whatever order git united them.

No line is ever changed or taken away; what a line means does not depend on where it stands. Lines that cannot be
understood are told and passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.canonical import canonical
from twinpage.core.merging.markers import kind_of_line
from twinpage.core.renaming import renamed_id, renamed_value
from twinpage.model.kind import Kind, Value
from twinpage.model.names import is_artifact_id
from twinpage.model.plain import plain_line
from twinpage.model.problem import Problem
from twinpage.model.regex import regex
from twinpage.model.signoff import Signed, SignOff

FORMAT = 1
NOT_COUNTED = ("id", "schema", "layout", "ignore", "conflicts")
"""Fields that say how an artifact is called, written down or judged, not what it says."""
LONGEST_LINE = 100_000
"""Characters."""
LONGEST_NOTE = 2_000
MOST_PROBLEMS = 100
"""So many lines are told of; a file that is something else altogether would fill the screen."""
_WHEN = regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z")
_FINGERPRINT = regex(r"[0-9a-f]{32}")
_SIZE = 16
_LONGEST_NAME = 60
_MARK = "\ufeff".encode()


class Rename(NamedTuple):
    """From this moment on the artifact has another id, and of a case all its parts."""

    when: str
    old: str
    new: str


class SignOffs(Struct, frozen=True):
    """A file as it was read."""

    lines: tuple[tuple[str, SignOff], ...] = ()
    """(id as it was then, sign-off), each once."""
    renames: tuple[Rename, ...] = ()
    """In order of time; of one second, as they stand in the file."""
    problems: tuple[Problem, ...] = ()
    """TP001, one for each line that was passed over."""

    def by_artifact(self) -> dict[str, tuple[SignOff, ...]]:
        """By the ids of today."""
        found: dict[str, list[SignOff]] = {}
        for artifact, signoff in self.lines:
            now = self._id_now(artifact, signoff.when)
            found.setdefault(now, []).append(signoff)
            ever = self._id_now(artifact, "")
            if ever != now:
                found.setdefault(ever, []).append(replace(signoff, certain=False))
        return {artifact: _latest(found[artifact]) for artifact in found}

    def _id_now(self, artifact: str, since: str) -> str:
        """The id of what had this id at a moment, after all renames from then on."""
        for rename in self.renames:
            if rename.when >= since:
                artifact = renamed_id(artifact, {rename.old: rename.new})
        return artifact


def _latest(signoffs: Sequence[SignOff]) -> tuple[SignOff, ...]:
    """Of each person the last one that is certain; of one second, the one that stands last in the file."""
    ordered = sorted(signoffs, key=lambda signoff: (signoff.when, signoff.person))
    last = {signoff.person: signoff for signoff in ordered if signoff.certain}
    return tuple(s for s in ordered if not s.certain or s is last[s.person])


def read(data: bytes) -> SignOffs:
    """All that can be understood of a file, and a problem for each line that cannot. Never raises."""
    try:
        return _read(data.decode())
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        start = len(data[: data.rfind(b"\n", 0, error.start) + 1].decode())
        number = data.count(b"\n", 0, error.start) + 1
        told = f"Line {number} is not UTF-8: it has the byte {data[error.start]:02X}. Save the file as UTF-8."
        found = _read(text)
        return replace(found, problems=(Problem("TP001", start, told), *found.problems))


def _read(text: str) -> SignOffs:
    lines: dict[tuple[str, SignOff], None] = {}
    renames: dict[Rename, None] = {}
    problems: list[Problem] = []
    offset = 1 if text.startswith("\ufeff") else 0
    for number, line in enumerate(text[offset:].split("\n"), 1):
        if line.strip():
            said = _understood(line.strip(), number)
            if isinstance(said, str):
                problems.append(Problem("TP001", offset, said))
            elif isinstance(said, Rename):
                renames.setdefault(said)
            else:
                lines.setdefault(said)
        offset += len(line) + 1
    return SignOffs(
        tuple(lines), tuple(sorted(renames, key=lambda rename: rename.when)), tuple(problems[:MOST_PROBLEMS])
    )


def _understood(line: str, number: int) -> tuple[str, SignOff] | Rename | str:
    """What a line says, or a sentence that tells why it is passed over."""
    if kind_of_line(line):
        return (
            f"Line {number} is a conflict marker of git. Remove such lines and keep all others: each is one sign-off."
        )
    try:
        told: Any = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return f"Line {number} is no sign-off, so it is passed over. Bring back what `twinpage signoff` wrote there."
    if isinstance(told.get("format"), int) and told["format"] != FORMAT:
        return (
            f"Line {number} was written by another version of twinpage, so it is passed over. Leave it as it is, and "
            "use that version here, too."
        )
    wrong = _wrong(told)
    if wrong:
        return f"Line {number} gives no {wrong} that can be read, so it is passed over. Bring back what stood there."
    if "renamed" in told:
        return Rename(told["when"], told["renamed"], told["to"])
    who = (told["name"], told["email"], told["when"], told["fingerprint"], told.get("note", ""))
    return told["artifact"], SignOff(*who)


def _wrong(told: dict[str, Any]) -> str:
    """The first key that is missing or says something impossible; empty when all is well."""
    if told.get("format") != FORMAT:
        return "format"
    ids = ("renamed", "to") if "renamed" in told else ("artifact",)
    texts = () if "renamed" in told else ("name", "email")
    for key in ids:
        if not isinstance(told.get(key), str) or not is_artifact_id(told[key]):
            return key
    for key in texts:
        if not isinstance(told.get(key), str) or not told[key].strip():
            return key
    if not isinstance(told.get("when"), str) or not _WHEN.fullmatch(told["when"]):
        return "when"
    if texts and not (isinstance(told.get("fingerprint"), str) and _FINGERPRINT.fullmatch(told["fingerprint"])):
        return "fingerprint"
    return "" if isinstance(told.get("note", ""), str) else "note"


# ---------------------------------------------------------------------- what was signed


def fingerprint(value: Value, kind: Kind, renames: Iterable[tuple[str, str]] = ()) -> str:
    """Of what an artifact says, however its file is written: its canonical form without the fields NOT_COUNTED.

    The order of keys does not count, that of stages does. What it refers to is known by the id that it had first, so
    that a rename changes no fingerprint. ``renames``: (old id, new id), in order of time.
    """
    counted = {name: part for name, part in value.items() if name not in NOT_COUNTED}
    text = _dumped(counted)
    for old, new in reversed(tuple(renames)):
        if new in text:
            counted = renamed_value(counted, kind, {new: old})
            text = _dumped(counted)
    # Canonical at last: what a reference was written like must not count either.
    packed = _dumped(canonical(counted, kind))
    return blake2b(packed.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()


def _dumped(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Standing(Struct, frozen=True):
    """What the sign-offs of an artifact are worth."""

    valid: tuple[SignOff, ...] = ()
    void: tuple[SignOff, ...] = ()
    """The artifact says something else by now."""


def standing(value: Value, kind: Kind, signed: Signed) -> Standing:
    """Of each person one sign-off: valid when it is of what the artifact says, else void."""
    if not signed.signoffs:
        return Standing()
    now = fingerprint(value, kind, signed.renames)
    valid = {s.person: s for s in signed.signoffs if s.fingerprint == now}
    void = tuple(s for s in signed.signoffs if s.certain and s.person not in valid)
    return Standing(tuple(valid.values()), void)


# ---------------------------------------------------------------------- new lines


def line_of(artifact: str, signoff: SignOff) -> str:
    """The line of one sign-off, without its end."""
    told = {"format": FORMAT, "artifact": artifact, "fingerprint": signoff.fingerprint}
    told |= {"name": signoff.name, "email": signoff.email, "when": signoff.when}
    return _written(told | ({"note": signoff.note} if signoff.note else {}))


def line_of_rename(rename: Rename) -> str:
    """The line of one rename, without its end."""
    return _written({"format": FORMAT, "renamed": rename.old, "to": rename.new, "when": rename.when})


def _written(told: dict[str, Any]) -> str:
    text = json.dumps(told, ensure_ascii=False)
    # Odd line ends are part of what people write; in this file a line is a sign-off for every program.
    return "".join(_escaped(text))


def _escaped(text: str) -> Iterator[str]:
    for char in text:
        yield char if char not in "\x7f\x85\u2028\u2029" else f"\\u{ord(char):04x}"


def appended(data: bytes, line: str) -> bytes:
    """The file with one more line, which begins on its own: a last line that lacks its end gets one."""
    end = b"\r\n" if b"\r\n" in data else b"\n"
    between = end if data.removeprefix(_MARK) and not data.endswith(b"\n") else b""
    return data + between + line.encode() + end


def who(signoff: SignOff) -> str:
    """The name of a person in a sentence: one line, and not longer than one."""
    name = " ".join(plain_line(signoff.name).split()) or plain_line(signoff.email)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
