"""Flags as last taken, read from the state: no rule, kind or note is loaded for them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from twinpage.edge.states.state import State
from twinpage.model.check_outcome import Coverage
from twinpage.model.edit import digest
from twinpage.model.flag import Flag, Pass, Severity

Row = tuple[str, Severity, str, int, int, str, str, str, bool]
FLAGS_NOTE, FLAGS_NOTE_TELLS = "flags note", "flags note tells"
"""Where the Flags note is with the digest of what we wrote, and the mark of what it tells."""


def pack(flags: Iterable[Flag], used: Iterable[int], example: bool) -> str:
    """The flags of one subject, what of the settings' silences they used, and whether it is an example. Or nothing."""
    rows = [[f.code, f.severity, f.path, f.line, f.column, f.artifact, f.pointer, f.message, f.fixable] for f in flags]
    silenced = sorted(used)
    if not rows and not silenced:
        return ""
    return json.dumps([rows, silenced, example], ensure_ascii=False, separators=(",", ":"))


def used_silences(state: State) -> set[int]:
    """Positions of the settings' ``[[ignore]]`` entries that silence something."""
    return {position for _, data in state.flags() for position in json.loads(data)[1]}


def keep_sums(
    state: State,
    reasons: dict[str, tuple[str, str]],
    of_settings: Iterable[Flag],
    coverage: Iterable[Coverage] | None,
) -> int:
    """Remember what a run with nothing to do has to tell; how many flags there are.

    ``reasons``: code -> (name, why) of every rule. ``coverage``: by case; None when no card changed.
    """
    own = pack(of_settings, (), False)
    told: list[str] = []
    for data in (*(data for _, data in state.flags()), own):
        rows, _, example = json.loads(data) if data else ((), (), False)
        told += (repr((code, grade, path, *rest, example)) for code, grade, path, _, _, *rest in rows)
    state.remember("flags", str(len(told)))
    state.remember("flags mark", digest("\n".join(told).encode("utf-8", "replace")))
    state.remember("settings flags", own)
    state.remember("rules", json.dumps(reasons))
    if coverage is not None:
        rows = [[c.kind, c.partner, c.have, c.of, c.example, c.case] for c in coverage]
        state.remember("coverage", json.dumps(rows))
        state.remember("cards mark", str(int(state.recall("cards mark") or 0) + 1))
    return len(told)


def flags_mark(state: State, settings: str) -> str:
    """It differs once there is something else to tell of flags, artifacts or coverage, wherever the lines moved."""
    return f"{state.recall('flags mark')} {state.recall('cards mark')} {settings}"


def flags_and_examples(state: State) -> tuple[tuple[Flag, ...], tuple[Flag, ...]]:
    """Every flag in order, those of example cases apart. A fix is told but not carried."""
    reasons = json.loads(state.recall("rules") or "{}")
    own: list[Flag] = []
    examples: list[Flag] = []
    for subject, data in [*state.flags(), ("", state.recall("settings flags"))]:
        if data:
            rows, _, example = json.loads(data)
            (examples if example else own).extend(_flag(subject, row, reasons) for row in rows)
    return _ordered(own), _ordered(examples)


def _flag(subject: str, row: Row, reasons: dict[str, tuple[str, str]]) -> Flag:
    code, severity, path, line, column, artifact, pointer, message, fixable = row
    name, why = reasons.get(code, ("", ""))
    fix = Pass(subject) if fixable else None
    return Flag(code, name, severity, path, line, column, artifact, pointer, message, why, fix)


def unpacked(state: State, subject: str, data: str) -> list[Flag]:
    """The flags of one subject, as ``pack`` wrote them."""
    if not data:
        return []
    reasons = json.loads(state.recall("rules") or "{}")
    return [_flag(subject, row, reasons) for row in json.loads(data)[0]]


def _ordered(flags: list[Flag]) -> tuple[Flag, ...]:
    return tuple(sorted(flags, key=lambda flag: (flag.order, flag.message)))


def coverage(state: State) -> tuple[Coverage, ...]:
    """How many artifacts have the partners that they need, as last counted."""
    sums: dict[tuple[str, str, bool], list[int]] = {}
    for row in coverage_by_case(state):
        pair = sums.setdefault((row.kind, row.partner, row.example), [0, 0])
        pair[0] += row.have
        pair[1] += row.of
    return tuple(Coverage(kind, partner, have, of, example) for (kind, partner, example), (have, of) in sums.items())


def coverage_by_case(state: State) -> tuple[Coverage, ...]:
    """The same for each case."""
    known = state.recall("coverage")
    return tuple(Coverage(*row) for row in json.loads(known)) if known else ()
