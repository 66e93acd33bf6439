"""One removal in the trash: a folder with a record and the files that went. It may be damaged or hostile."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from twinpage.edge.walk import ARTIFACTS
from twinpage.model.edit import Digest

RECORD = "trash.json"
RESTORED = "restored"
"""A file of this name says that the bundle was brought back once."""
FILES = "files"
_LARGEST_RECORD = 1_000_000
_LARGEST_FILE = 32 * 1024 * 1024


class Bundle(Struct, frozen=True):
    """One removal: an artifact with the files that went with it."""

    folder: Path
    artifact: str
    when: str
    because: str
    files: tuple[str, ...]
    """Vault paths where they lay, of those that can still be brought back."""
    missing: tuple[str, ...]
    """Of those that the record names and that are no longer here."""
    left: Mapping[str, Digest]
    """What was left in their place, as far as anything was."""
    undo: bool
    """``restore`` itself put this away."""
    restored: bool
    """It was brought back once."""

    @property
    def name(self) -> str:
        return self.folder.name

    def read(self, path: str) -> bytes:
        """The bytes of one of its files. Raises OSError; a link is never followed."""
        return _read(self.folder / FILES / path, _LARGEST_FILE)

    def size(self) -> int:
        """Bytes on the disk; what cannot be looked at counts nothing."""
        return sum(_size(place) for place in _below(self.folder))


def read_bundle(folder: Path) -> Bundle | None:
    """The removal in a folder; None when its record cannot be read or names what cannot have been put there."""
    try:
        told = json.loads(_read(folder / RECORD, _LARGEST_RECORD))
        artifact, when, because = (_text(told[name]) for name in ("artifact", "when", "because"))
        paths = list(dict.fromkeys(_vault_path(path) for path in told["files"]))
        left = {_text(path): _text(mark) for path, mark in dict(told.get("left", {})).items()}
        here = [path for path in paths if _is_here(folder, path)]
        undo, restored = told.get("undo") is True, os.path.lexists(folder / RESTORED)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    missing = tuple(path for path in paths if path not in here)
    return Bundle(folder, artifact, when, because, tuple(here), missing, left, undo, restored)


def discard(folder: Path) -> None:
    """Take a bundle away for good. Raises OSError.

    Links are taken away, never followed. The record goes last: one that is cut short is still told of, with what is
    left of it, and goes the next time.
    """
    if os.path.realpath(folder) != str(folder):
        raise OSError(errno.ELOOP, "it is a link", str(folder))
    with os.scandir(folder) as entries:
        there = [entry for entry in entries if entry.name != RECORD]
    for entry in there:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
    (folder / RECORD).unlink(missing_ok=True)
    folder.rmdir()


def _read(place: Path, largest: int) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if os.path.realpath(place) != str(place):
        raise OSError(errno.ELOOP, "it is a link", str(place))
    with open(os.open(place, flags), "rb") as handle:
        info = os.fstat(handle.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(place))
        data = handle.read(largest + 1)
    if len(data) > largest:
        raise OSError(errno.EFBIG, "it is too large", str(place))
    return data


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError
    return told


def _vault_path(told: Any) -> str:
    """A path that a note or an artifact file can have: nothing else is put away, and nothing else brought back."""
    path = _text(told)
    parts = path.split("/")
    ours = path.endswith(".md") or (parts[0] == ARTIFACTS and path.endswith(".json"))
    if not ours or "\0" in path or any(part == "" or part.startswith(".") for part in parts):
        raise ValueError(path)
    path.encode("utf-8")  # a lone surrogate is in no file's name
    return path


def _is_here(folder: Path, path: str) -> bool:
    place = folder / FILES / path
    try:
        return stat.S_ISREG(os.lstat(place).st_mode) and os.path.realpath(place) == str(place)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _below(folder: Path) -> Iterator[str]:
    for inside, _, names in os.walk(folder):
        yield from (f"{inside}{os.sep}{name}" for name in names)


def _size(place: str) -> int:
    try:
        return os.lstat(place).st_size
    except OSError:
        return 0
