"""Mistakes of ours that took nothing down: written to a log, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from twinpage.core.flagging import Broken
from twinpage.edge.crash import write_log
from twinpage.edge.terminal import Terminal


def log_broken(root: Path, broken: Iterable[Broken], terminal: Terminal) -> None:
    """Say once for each rule that it failed, and where the log of it lies."""
    told: set[str] = set()
    for failure in broken:
        if failure.code not in told:
            told.add(failure.code)
            path = write_log(failure.error, root)
            terminal.remark(
                f"Rule {failure.code} failed on {failure.path}; its flags are missing here. Please report {path}."
            )
