"""The history of one artifact as people read it, and as data."""

from __future__ import annotations

import json
from typing import Any

from twinpage.core.model_diff.report import artifact_data
from twinpage.core.model_diff.wording import COLOUR, MARKDOWN, TEXT, Look, heading, parts
from twinpage.model.difference import LogOutcome, Told

_SHALLOW = "Older commits were never fetched here; `git fetch --unshallow` brings them."


def as_text(outcome: LogOutcome, colour: bool = False) -> str:
    """A paragraph a commit: when, who, its subject, and what it changed."""
    look = COLOUR if colour else TEXT
    lines: list[str] = []
    for told in outcome.entries:
        head = f"{look.plain(told.date)}  {look.id(told.commit[:10])}  {look.plain(told.author)}"
        lines += ["", f"{head}  {look.plain(told.subject)}", *(f"  - {line}" for line in _changes(told, look))]
    lines += ["", _SHALLOW] if outcome.shallow else []
    return "\n".join(lines).lstrip("\n") + "\n"


def as_markdown(outcome: LogOutcome) -> str:
    """The same as a list; nothing that a vault or a commit says can act in it."""
    look = MARKDOWN
    lines: list[str] = []
    for told in outcome.entries:
        head = f"{look.plain(told.date)} {look.id(told.commit[:10])} {look.plain(told.author)}"
        lines += [f"- {head}: {look.plain(told.subject)}", *(f"  - {line}" for line in _changes(told, look))]
    lines += ["", _SHALLOW] if outcome.shallow else []
    return "\n".join(lines) + "\n"


def as_json(outcome: LogOutcome) -> str:
    """For machines: the schema is ``schemas/outputs/log.schema.json``."""
    told = {
        "format": 1,
        "artifact": outcome.artifact,
        "shallow": outcome.shallow,
        "commits": [_data(one) for one in outcome.entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _data(told: Told) -> dict[str, Any]:
    return {
        "commit": told.commit,
        "date": told.date,
        "author": told.author,
        "subject": told.subject,
        "words": _changes(told, TEXT),
        "change": artifact_data(told.artifact) if told.artifact else None,
        "unread": [{"path": one.path, "line": one.line, "message": one.message} for one in told.unread],
    }


def _changes(told: Told, look: Look) -> list[str]:
    lines = [f"{look.id(one.path)}, line {one.line}: {look.plain(one.message)}" for one in told.unread]
    if told.artifact is None:
        return lines
    said = parts(told.artifact, look)
    if told.artifact.action in ("added", "removed"):
        said = [f"{heading(told.artifact, look)} {said[0]}"]
    return [*lines, *said]
