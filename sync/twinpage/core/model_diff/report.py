"""A comparison of two models as people read it, in text and in markdown, and as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from twinpage.core.model_diff.word_diff import MOST, word_diff
from twinpage.core.model_diff.wording import COLOUR, MARKDOWN, TEXT, Look, cut, heading, standing, words
from twinpage.core.wording import counted, listed
from twinpage.model.difference import ArtifactAction, ArtifactDiff, Difference, DiffOutcome, ModelDiff, Unread

_ACTIONS: tuple[ArtifactAction, ...] = ("changed", "added", "removed", "renamed", "moved")


def as_text(outcome: DiffOutcome, colour: bool = False) -> str:
    """Grouped by case, segment and profile; what cannot be read comes first, example cases last."""
    look = COLOUR if colour else TEXT
    model = outcome.model
    with_words = word_diffs(model)
    lines = [f"{_place(one, look)}  {look.plain(one.message)}" for one in model.unread]
    for example, artifacts in groupby(model.artifacts, key=lambda one: one.example):
        if example:
            lines += ["", "Example cases:"]
        for title, group in groupby(artifacts, key=lambda one: _title(one, look)):
            lines += ["", title]
            for artifact in group:
                lines += [f"  {line}" for line in _artifact_lines(artifact, look, "  - ", with_words)]
    lines += ["", *conclusion(outcome)]
    return "\n".join(lines).lstrip("\n") + "\n"


def as_markdown(outcome: DiffOutcome) -> str:
    """The same for a pull request; nothing that a vault says can act in it."""
    look, model = MARKDOWN, outcome.model
    with_words = word_diffs(model)
    lines = [f"- {_place(one, look)}: {look.plain(one.message)}" for one in model.unread]
    for example, artifacts in groupby(model.artifacts, key=lambda one: one.example):
        if example:
            lines += ["", "## Example cases"]
        for title, group in groupby(artifacts, key=lambda one: _title(one, look)):
            lines += ["", f"### {title}", ""]
            for artifact in group:
                first, *rest = _artifact_lines(artifact, look, "  - ", with_words)
                lines += [f"- {first}", *rest]
    lines += ["", *conclusion(outcome, look)]
    return "\n".join(lines).lstrip("\n") + "\n"


def as_json(outcome: DiffOutcome) -> str:
    """For machines: the schema is ``schemas/outputs/diff.schema.json``."""
    model = outcome.model
    numbers = Counter(one.action for one in model.artifacts)
    told = {
        "format": 1,
        "old": {"revision": outcome.old.label, "commit": outcome.old.commit},
        "new": {"revision": outcome.new.label, "commit": outcome.new.commit},
        "summary": {
            **{str(action): numbers[action] for action in _ACTIONS},
            "unread": len(model.unread),
            "notes": model.notes,
        },
        "artifacts": [artifact_data(artifact) for artifact in model.artifacts],
        "unread": [
            {"path": one.path, "side": one.side, "line": one.line, "message": one.message} for one in model.unread
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def artifact_data(artifact: ArtifactDiff) -> dict[str, Any]:
    """One artifact as data, with its words."""
    return {
        "action": artifact.action,
        "artifact": artifact.artifact,
        "old-artifact": artifact.old_artifact,
        "kind": artifact.kind,
        "name": artifact.name,
        "path": artifact.path,
        "old-path": artifact.old_path,
        "case": artifact.case,
        "segment": artifact.segment,
        "profile": artifact.profile,
        "example": artifact.example,
        "heading": heading(artifact),
        "differences": [difference_data(one) for one in artifact.differences],
    }


def difference_data(difference: Difference) -> dict[str, Any]:
    """One difference as data, with its words."""
    return {
        "action": difference.action,
        "sort": difference.sort,
        "pointer": difference.pointer,
        "label": difference.label,
        "name": difference.name,
        "old": difference.old,
        "new": difference.new,
        "words": words(difference),
    }


def word_diffs(model: ModelDiff) -> bool:
    """There are few enough rewordings to show each word by word."""
    number = sum(one.action == "reworded" for artifact in model.artifacts for one in artifact.differences)
    return number <= MOST


def reworded(difference: Difference, look: Look) -> str:
    """The word diff of a long text that was reworded; else nothing."""
    if difference.action != "reworded" or difference.sort != "field":
        return ""
    return word_diff(difference.old, difference.new, look)


def conclusion(outcome: DiffOutcome, look: Look = TEXT) -> Iterator[str]:
    """How many artifacts of each, and what is told besides."""
    model = outcome.model
    numbers = Counter(one.action for one in model.artifacts)
    between = f"between {look.plain(outcome.old.label)} and {look.plain(outcome.new.label)}"
    said = [f"{numbers[action]} {action}" for action in _ACTIONS if numbers[action]]
    if said:
        yield f"{counted(len(model.artifacts), 'artifact')} {between}: {listed(said)}."
    elif not model.unread:
        yield f"No differences in the model {between}."
    if model.unread:
        yield f"{counted(len(model.unread), 'artifact file')} could not be compared: mend what is said of each above."
    if model.notes:
        them = "it" if model.notes == 1 else "them"
        yield f"{counted(model.notes, 'note')} changed, and no artifact file with {them}."


def _artifact_lines(artifact: ArtifactDiff, look: Look, lead: str, with_words: bool) -> list[str]:
    whole = standing(artifact, look)
    told = [(words(one, look), reworded(one, look) if with_words else "") for one in artifact.differences]
    told = [(whole, ""), *told] if whole else told
    title = heading(artifact, look)
    if artifact.action in ("added", "removed"):
        return [f"{title} {told[0][0]}"]
    if len(told) == 1 and not told[0][1]:
        return [f"{title}: {told[0][0]}"]
    lines = [f"{title}:"]
    for part, detail in told:
        lines.append(f"{lead}{part}")
        if detail:
            lines.append(f"{' ' * len(lead)}{detail}" if look is not MARKDOWN else f"{' ' * len(lead)}<br>{detail}")
    return lines


def _title(artifact: ArtifactDiff, look: Look) -> str:
    names = [artifact.case_name, artifact.segment_name, artifact.profile_name]
    shown: Sequence[str] = [look.plain(cut(name)) for name in names if name]
    return (" > " if look is not MARKDOWN else " › ").join(shown) if shown else "The method"


def _place(one: Unread, look: Look) -> str:
    return f"{look.id(one.path)}, line {one.line}, in {look.plain(one.side)}"
