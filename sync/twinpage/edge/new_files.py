"""New contents on their way to the disk: safe there under a name of no meaning before they get their own."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

AT_ONCE = 4
"""Files that are made safe at the same time: each waits for the disk, and together they wait hardly longer than one."""


class NewFiles:
    """The new files of one vault, in a folder of ours."""

    def __init__(self) -> None:
        self._number = 0
        self._pool: ThreadPoolExecutor | None = None
        self._begun: dict[str, tuple[bytes, Future[str]]] = {}

    def begin(self, path: str, data: bytes, folder: str) -> None:
        """Start to make what will stand at a vault path; ``made`` then has to wait less."""
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(AT_ONCE)
        self._begun[path] = data, self._pool.submit(write_safe, self._name(folder), data, None)

    def made(self, path: str, data: bytes, folder: str, mode: int | None) -> str:
        """Where a new file with these bytes lies, safe on the disk. Raises OSError."""
        known, begun = self._begun.pop(path, (b"", None))
        if begun is not None:
            fresh = begun.result()
            if known == data and mode is None:
                return fresh
            os.unlink(fresh)
        return write_safe(self._name(folder), data, mode)

    def drop(self) -> None:
        """Take away what was begun and not used."""
        for _, begun in self._begun.values():
            with contextlib.suppress(OSError):
                os.unlink(begun.result())
        self._begun.clear()
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def _name(self, folder: str) -> str:
        self._number += 1
        return f"{folder}/{os.getpid()}-{self._number}-{os.urandom(4).hex()}"


def write_safe(fresh: str, data: bytes, mode: int | None) -> str:
    """Make a new file and wait until it is safe on the disk; its path. Raises OSError, and leaves nothing then.

    A file that is there already is left as it is.
    """
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb", buffering=0) as handle:
            rest = memoryview(data)
            while rest:
                rest = rest[handle.write(rest) :]
            os.fsync(handle.fileno())
        if mode is not None:
            os.chmod(fresh, mode)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise
    return fresh
