"""What was done to the files of a vault and why, a line each: so that all that happened can be explained later."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from twinpage.edge import clock
from twinpage.edge.place import STATE_FOLDER, folder_of_logs
from twinpage.model.plain import plain_line

NAME, BEFORE = "done.log", "done.1.log"
PLACE = f"{STATE_FOLDER}/log/{NAME}"
LARGEST = 2_000_000
"""Bytes; then a new file is begun, and the one before it is kept."""


def note(vault: Path, sentences: Iterable[str]) -> None:
    """Add lines, each with the time. A log that cannot be written stops nothing."""
    now = clock.stamp()
    lines = "".join(f"{now}  {plain_line(sentence)}\n" for sentence in sentences)
    folder = folder_of_logs(vault) if lines else None
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / NAME
        if path.exists() and path.stat().st_size > LARGEST:
            os.replace(path, folder / BEFORE)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o644), "ab") as log:
            log.write(lines.encode("utf-8", "backslashreplace"))
