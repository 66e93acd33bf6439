"""What was done to the files of a vault and why, a line each: so that all that happened can be explained later."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from twinpage.edge import clock
from twinpage.edge.ending import done_whole
from twinpage.edge.place import STATE_FOLDER, folder_of_logs
from twinpage.errors import ChangedMeanwhile
from twinpage.model.plain import plain_line

NAME, BEFORE = "done.log", "done.1.log"
PLACE = f"{STATE_FOLDER}/log/{NAME}"
LARGEST = 8_000_000
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


@contextmanager
def told(vault: Path, path: str, deed: str) -> Iterator[None]:
    """What is done within to the file at ``path`` stands in the log before it is done, and nothing cuts the two.

    So no file ever changes without a line, however the process ends. Where it fails after all, one more line says so.
    """
    with done_whole():
        note(vault, [deed] if deed else ())
        try:
            yield
        except (OSError, ChangedMeanwhile):
            note(vault, [f"not done  {path}  (the file stays as it is)"] if deed else ())
            raise
