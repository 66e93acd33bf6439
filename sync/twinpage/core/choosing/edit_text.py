"""A conflict as one text for an editor, with git's markers where its sides differ; and reading what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from twinpage.core.choosing.apart import Part, parts
from twinpage.core.merging.markers import kind_of_line
from twinpage.errors import Usage
from twinpage.model.outcome import OpenConflict
from twinpage.model.plain import plain_line
from twinpage.model.text import canonical

SCISSORS = "# ------------------------ >8 ------------------------"


def is_text(conflict: OpenConflict) -> bool:
    """It is edited as text; anything else as JSON."""
    return all(isinstance(value, str | None) for value in (conflict.base, conflict.other, conflict.mine))


def for_editor(conflict: OpenConflict) -> str:
    """What both sides have in common once, and where they differ both, ours first."""
    ours, theirs = ("ours", plain_line(conflict.from_)) if conflict.by_git else ("the artifact file", "the note")
    body: list[str] = []
    for part in _parts(conflict):
        if isinstance(part, Part):
            body += [f"<<<<<<< {ours}", *part.one, "=======", *part.other, f">>>>>>> {theirs}"]
        else:
            body += part
    return "\n".join([*_header(conflict), *body]) + "\n"


def _parts(conflict: OpenConflict) -> list[Part | tuple[str, ...]]:
    """Lines that both sides shall have, and parts in which they clash."""
    mine, other = _lines(conflict, conflict.mine), _lines(conflict, conflict.other)
    if is_text(conflict) and conflict.base is not None:
        found = list(parts(_lines(conflict, conflict.base), mine, other))
        if any(part.merged is None for part in found):
            return [part if part.merged is None else part.merged for part in found]
    return [part.one if part.alike else part for part in parts(None, mine, other)]


def from_editor(conflict: OpenConflict, saved: str) -> Any:
    """The value that somebody made of it; None: the field goes. Raises Usage, with nothing decided."""
    where = plain_line(conflict.place or conflict.pointer)
    if saved == for_editor(conflict) or not saved.strip():
        raise Usage(
            f"Nothing was saved for {where}, so nothing was changed; run the command again to decide. An editor that "
            "opens a window has to wait until it is closed, as `code --wait` does."
        )
    lines = _below_header(conflict, saved.replace("\r\n", "\n").split("\n"))
    if any(_left(conflict, lines)):
        raise Usage(f"What was saved for {where} still has markers, so nothing was changed; remove them and try again.")
    text = "\n".join(lines)
    if is_text(conflict):
        return canonical(text) or None
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        raise Usage(f"What was saved for {where} is no JSON, so nothing was changed; mend it and try again.") from None


def _header(conflict: OpenConflict) -> list[str]:
    place = plain_line(conflict.place or conflict.pointer)
    form = "" if is_text(conflict) else " It is JSON."
    return [
        f"# {place}, in {plain_line(conflict.name or conflict.artifact)}. Keep below the line what is right.{form}",
        "# Remove the lines with <<<<<<<, ======= and >>>>>>>, save, and close.",
        "# With nothing below the line the field is removed; an empty file changes nothing.",
        SCISSORS,
    ]


def _below_header(conflict: OpenConflict, lines: list[str]) -> list[str]:
    header = _header(conflict)
    if SCISSORS in lines[: len(header) + 4]:
        return lines[lines.index(SCISSORS) + 1 :]
    while lines and lines[0].rstrip() in header:
        lines = lines[1:]
    return lines


def _left(conflict: OpenConflict, lines: list[str]) -> Iterator[str]:
    """Marker lines that none of the values had."""
    own = {line.strip() for value in (conflict.mine, conflict.other) for line in _lines(conflict, value)}
    yield from (line for line in lines if kind_of_line(line) and line.strip() not in own)


def _lines(conflict: OpenConflict, value: object) -> list[str]:
    if value is None:
        return []
    if is_text(conflict):
        return str(value).split("\n")
    return json.dumps(value, ensure_ascii=False, indent=2).split("\n")
