"""Every call with which the product changes a disk, made visible: to be counted, refused, or made the last one.

``watched(hook)`` asks the hook to make each of these calls: files opened for writing, bytes written, renames, links,
removals, folders made and dropped, modes set, files and folders synced, and every statement that the state runs.
"""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from twinpage.edge import new_files

ON_FILES = ("replace", "link", "unlink", "mkdir", "rmdir", "chmod", "fsync", "ftruncate", "pwrite")
ON_STATE = ("execute", "executemany", "executescript")


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is about to be made."""

    name: str
    target: str
    """A path, or the beginning of a statement."""
    run: Callable[[], Any]
    half: Callable[[], Any] | None = None
    """Of a write: writes half of its bytes."""

    @property
    def of_state(self) -> bool:
        return self.name in ON_STATE or self.name == "commit"


Hook = Callable[[Call], Any]
"""Makes the call, or does something else in its place; what it returns, the product gets."""


@contextmanager
def watched(hook: Hook) -> Iterator[None]:
    """As long as this lasts, the hook is asked for each call."""
    with ExitStack() as patches:
        for name in ON_FILES:
            patches.enter_context(patch.object(os, name, _around(hook, name, getattr(os, name))))
        patches.enter_context(patch.object(os, "open", _around_open(hook, os.open)))
        patches.enter_context(patch.object(new_files, "open", _opening(hook), create=True))
        for name in ("write_bytes", "write_text"):
            patches.enter_context(patch.object(Path, name, _around_write(hook, getattr(Path, name))))
        patches.enter_context(patch.object(sqlite3, "connect", _connecting(hook, sqlite3.connect)))
        yield


def _around(hook: Hook, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*values: Any, **named: Any) -> Any:
        return hook(Call(name, str(values[-1 if name in ("replace", "link") else 0]), lambda: real(*values, **named)))

    return call


def _around_open(hook: Hook, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(path: Any, flags: int, *values: Any, **named: Any) -> Any:
        if not flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            return real(path, flags, *values, **named)
        return hook(Call("open", str(path), lambda: real(path, flags, *values, **named)))

    return call


def _opening(hook: Hook) -> Callable[..., Any]:
    def call(*values: Any, **named: Any) -> io.FileIO:
        return _Handle(hook, open(*values, **named))

    return call


class _Handle(io.FileIO):
    """A file that is being written without a buffer."""

    def __init__(self, hook: Hook, real: io.FileIO) -> None:
        super().__init__(os.dup(real.fileno()), "wb")
        real.close()
        self.hook = hook

    def write(self, data: Any) -> int:
        write = super().write
        told: int = self.hook(Call("write", "", lambda: write(data), lambda: write(data[: len(data) // 2])))
        return told


def _around_write(hook: Hook, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(path: Path, data: Any, **named: Any) -> Any:
        def half() -> Any:
            return real(path, data[: len(data) // 2], **named)

        return hook(Call("write", str(path), lambda: real(path, data, **named), half))

    return call


def _connecting(hook: Hook, real: Callable[..., Any]) -> Callable[..., Any]:
    class Connection(sqlite3.Connection):
        """A state whose statements are seen."""

        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            name = "commit" if statement == "commit" else "execute"
            if statement == "rollback":  # what is left of a transaction falls away by itself
                return super().execute(statement, *values)
            run = super().execute
            told: sqlite3.Cursor = hook(Call(name, statement[:40], lambda: run(statement, *values)))
            return told

        def executemany(self, statement: str, values: Any) -> sqlite3.Cursor:
            run, rows = super().executemany, list(values)
            told: sqlite3.Cursor = hook(Call("executemany", statement[:40], lambda: run(statement, rows)))
            return told

        def executescript(self, statements: str) -> sqlite3.Cursor:
            run = super().executescript
            told: sqlite3.Cursor = hook(Call("executescript", statements[:40], lambda: run(statements)))
            return told

    return lambda *values, **named: real(*values, **{**named, "factory": Connection})
