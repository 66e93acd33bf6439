"""What was done to the files of a vault and why, a line each: so that all that happened can be explained later."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from twinpage.edge import clock
from twinpage.edge.ending import done_whole
from twinpage.edge.place import STATE_FOLDER, folder_of_logs
from twinpage.errors import TwinpageError
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


def line(path: str, there: object, because: str, artifact: str = "") -> str:
    """What is about to be written to a file; ``there`` is None where nothing stands yet."""
    return f"{'created' if there is None else 'updated'}  {path}  ({because})  {artifact}".rstrip()


@contextmanager
def told(vault: Path, path: str, deed: str) -> Iterator[None]:
    """What is done within to the file at ``path`` stands in the log before it is done, and nothing cuts the two.

    So no process that ends, in whatever way, leaves a changed file without a line. What fails after all is told, too.
    """
    with done_whole():
        note(vault, [deed] if deed else ())
        try:
            yield
        except (OSError, TwinpageError):
            note(vault, [f"not done  {path}  (the file stays as it is)"] if deed else ())
            raise
