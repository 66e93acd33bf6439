"""The redo journal of a rename: on the disk before the first file changes, gone after the last."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twinpage.edge.disk import STATE_FOLDER, Disk
from twinpage.edge.refused import reason
from twinpage.errors import NotRead, NotWritten

NAME = "rename.json"
PATH = f"{STATE_FOLDER}/{NAME}"
ASIDE = f"{PATH}.set-aside"
LARGEST = 512 * 1024 * 1024
"""Bytes. A longer one is none of ours."""


def exists(root: Path) -> bool:
    """There is a rename that did not come to its end."""
    return os.path.lexists(root / PATH)


def load(root: Path) -> bytes | None:
    """What the journal says; None when it is no regular file of a sensible size. Raises NotRead."""
    path = root / PATH
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise NotRead(PATH, reason(error)) from error


def save(disk: Disk, data: bytes) -> None:
    """Bring the journal safely onto the disk, whole or not at all. Raises NotWritten."""
    with _written():
        fresh = disk.own_folder("tmp") / f"{os.getpid()}-{os.urandom(4).hex()}"
        try:
            with open(fresh, "xb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(fresh, disk.root / PATH)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(fresh)
            raise
        _sync(disk.root / STATE_FOLDER)


def drop(root: Path) -> None:
    """The rename came to its end. Raises NotWritten."""
    with _written():
        os.unlink(root / PATH)
        _sync(root / STATE_FOLDER)


def set_aside(root: Path) -> None:
    """Keep a journal that cannot be followed where nobody looks for one. Raises NotWritten."""
    with _written():
        os.replace(root / PATH, root / ASIDE)


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(PATH, reason(error)) from error


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
