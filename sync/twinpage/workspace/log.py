"""The log besides what is written to files: conflicts, refusals, and mistakes of ours that took nothing down."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from twinpage.core.flags.flagging import Broken
from twinpage.edge import deeds
from twinpage.model.outcome import OpenConflict


def log_conflicts(root: Path, conflicts: Iterable[OpenConflict]) -> None:
    """Which fields wait for somebody."""
    deeds.note(root, (f"conflict  {one.path}  {one.artifact} {one.pointer}" for one in conflicts))


def log_refused(root: Path, refused: Iterable[str]) -> None:
    """Sentences about what the system refused."""
    deeds.note(root, (f"refused  {sentence}" for sentence in refused))


def log_broken(root: Path, broken: Iterable[Broken]) -> tuple[str, ...]:
    """One sentence for each rule that failed, which says where the log of it lies."""
    told: dict[str, str] = {}
    for failure in broken:
        if failure.code not in told:
            from twinpage.edge.crash import write_log  # nearly never

            path = write_log(failure.error, root)
            sentence = f"Rule {failure.code} failed on {failure.path}; its flags are missing. Please report {path}."
            told[failure.code] = sentence
    return tuple(told.values())
