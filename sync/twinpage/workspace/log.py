"""Mistakes of ours that took nothing down: written to a log, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from twinpage.core.flags.flagging import Broken


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
