"""A conflict as people read it: what differs of its three values, side by side, and the commands that end it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence

from twinpage.core.choosing.apart import Part, parts
from twinpage.core.choosing.columns import side_by_side, wrap
from twinpage.core.wording import counted
from twinpage.model.conflict import REBASED
from twinpage.model.outcome import OpenConflict, Undone
from twinpage.model.plain import plain_line

NARROW = 60
"""Cells below which values stand one below the other."""
_FEW = 4
"""So many lines are shown although they are the same everywhere: a short list is seen whole."""
_NOTHING = "(nothing)"
_BESIDES = "in text of the note's own, or in what the artifact file keeps for itself"
_NOTE_GONE = "Its note is gone; its artifact file was changed since:"

Row = tuple[list[str], list[str], list[str]]
"""Lines of before, of the other side, and of the artifact file or our branch."""


def table(conflict: OpenConflict, width: int) -> list[str]:
    """The lines of one conflict, at most ``width`` cells wide. Of what differs nothing is left out."""
    place = plain_line(conflict.place or conflict.pointer) or "The whole artifact"
    if conflict.changed or _in_no_field(conflict):
        return [f"  {place}", *_removed(conflict, width)]
    pointer = f"  ({plain_line(conflict.pointer)})" if conflict.pointer and conflict.place else ""
    lines = [f"  {line}" for line in wrap(f"{place}{pointer}", max(width - 2, 10))]
    rows = list(_rows(conflict))
    if width < NARROW:
        for number, head in enumerate(_heads(conflict)):
            column = (piece for row in rows for line in row[number] for piece in wrap(line, max(width - 6, 10)))
            lines += [f"    {head}:", *(f"      {piece}" for piece in column)]
        return lines
    heads = tuple([head, "-" * len(head)] for head in _heads(conflict))
    return lines + [f"    {line}" for row in (heads, *rows) for line in side_by_side(row, width - 4)]


def _in_no_field(conflict: OpenConflict) -> bool:
    """One branch removed the artifact, and the other changed no field that is shown."""
    removed = not conflict.pointer and (conflict.mine is None) != (conflict.other is None)
    return removed and conflict.by_git and conflict.base is not None and not conflict.changed


def _removed(conflict: OpenConflict, width: int) -> Iterator[str]:
    """One side removed the artifact: what the other changed of it, in a line each, and both texts where it has some."""
    _, other, mine = _heads(conflict)
    remover, editor = (other, mine) if conflict.other is None else (mine, other)
    told = f"Removed by {remover}; changed since by {editor}:" if conflict.by_git else _NOTE_GONE
    if not conflict.changed:
        told = f"Removed by {remover}; changed since by {editor}, but in no field: only {_BESIDES}."
    for line in wrap(told, max(width - 4, 10)):
        yield f"    {line}"
    for change in conflict.changed:
        yield from (f"    {line}" for line in wrap(f"- {change.clause}", max(width - 4, 10)))
        if change.before or change.now:
            columns = (["before", *map(plain_line, change.before)], ["now", *map(plain_line, change.now)])
            if width >= NARROW:
                yield from (f"      {line}" for line in side_by_side(columns, width - 6))
            else:
                lines = (line for column in columns for line in column)
                yield from (f"      {piece}" for line in lines for piece in wrap(line, max(width - 6, 10)))


def ending(found: Sequence[OpenConflict]) -> str:
    """What to say before the commands."""
    (first, *_) = found
    if first.pointer:
        return "End this with one of:"
    other, mine = ("removes", "keeps") if first.other is None else ("keeps", "removes")
    return f"End this with one of these; the first {other} it, the second {mine} it:"


def commands(found: Sequence[OpenConflict], vault: Iterable[str]) -> list[str]:
    """What to type to end the conflicts of one artifact, quoted for a shell."""
    start = ["twinpage", "resolve", found[0].artifact, *vault]
    lines = [[*start, "--take", side] for side in dict.fromkeys(side for one in found for side in one.sides)]
    if all(one.pointer for one in found):
        chosen = [f"{one.pointer}={one.sides[number % 2]}" for number, one in enumerate(found)]
        lines += [[*start, *(word for field in chosen for word in ("--field", field))], [*start, "--edit"]]
    return [plain_line(shlex.join(line)) for line in lines]


def merge_command(left: Undone, vault: Iterable[str]) -> str:
    """What to type where git left markers and nothing clashes."""
    return plain_line(shlex.join(["twinpage", "resolve", left.artifact, *vault, "--take", "ours"]))


def _heads(conflict: OpenConflict) -> tuple[str, str, str]:
    if conflict.from_.endswith(REBASED):
        branch = conflict.from_.removeprefix("theirs ").removesuffix(REBASED)
        return "before", plain_line(f"theirs (rebased {branch})"), "ours (rebased onto)"
    if conflict.by_git:
        return "before", plain_line(conflict.from_), "ours"
    return "before", "note", "artifact file"


def _rows(conflict: OpenConflict) -> Iterator[Row]:
    values = conflict.base, conflict.other, conflict.mine
    prose = any(isinstance(value, str) for value in values)
    base, other, mine = (_elements(conflict, number, value, prose) for number, value in enumerate(values))
    absent = [[_NOTHING] if value is None else [] for value in values]
    for part in parts(base if conflict.base is not None else None, other, mine):
        row = _row(part, prose)
        for cell, mark in zip(row, absent, strict=True):
            cell += mark  # once, at the top of its column
        absent = [[], [], []]
        yield row
    if any(absent):
        yield absent[0], absent[1], absent[2]


def _elements(conflict: OpenConflict, number: int, value: object, prose: bool) -> list[str]:
    """Paragraphs of a text, lines of anything else."""
    if value is None:
        return []
    lines = conflict.words[number] if conflict.words else _raw(value).split("\n")
    text = "\n".join(lines)
    return text.split("\n\n") if prose else text.split("\n")


def _raw(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _row(part: Part, prose: bool) -> Row:
    if part.alike and (prose or len(part.base) > _FEW):
        told = f"({counted(len(part.base), 'paragraph' if prose else 'line')} alike)"
        return [told], [told], [told]
    return _cell(part.base, prose), _cell(part.one, prose), _cell(part.other, prose)


def _cell(elements: Sequence[str], prose: bool) -> list[str]:
    lines = ("\n\n" if prose else "\n").join(elements).split("\n") if elements else []
    return [plain_line(line) for line in lines]
