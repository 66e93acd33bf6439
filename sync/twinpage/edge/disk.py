"""The vault on disk: what is there, reading it, and the only place where a file of a person is written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault
from twinpage.model.edit import Digest, digest

STATE_FOLDER = ".twinpage"
ARTIFACTS = "artifacts"
LARGEST_NOTE = 32 * 1024 * 1024
"""Bytes. A larger file is not read; it gets a flag."""
_TICK_NS = 50_000_000


class Stat(NamedTuple):
    """What tells cheaply that a file is unchanged. Without ctime, a restored mtime would go unnoticed."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Scan:
    """All files of a vault that concern twinpage, by vault path."""

    notes: dict[str, Stat]
    artifacts: dict[str, Stat]
    strays: tuple[str, ...]
    """Files under ``artifacts/`` that are no JSON."""
    outside: tuple[str, ...]
    """Links that leave the vault; folders among them are not entered."""
    unreadable: tuple[str, ...]
    """Folders that could not be listed: nothing below them counts as gone."""


@dataclass
class Disk:
    """One vault folder."""

    root: Path
    excluded: Callable[[str], bool] = lambda path: False
    excludes_files: bool = False
    """Patterns name single notes too; else only folders are asked about, which is much cheaper."""
    _touched: set[Path] = field(default_factory=set)
    _number: int = 0

    def __post_init__(self) -> None:
        self.root = Path(os.path.realpath(self.root))

    # ------------------------------------------------------------------ looking

    def scan(self) -> Scan:
        """Walk the vault once. Dot-folders and excluded paths are passed over."""
        walk = _Walk(str(self.root), self.excluded, self.excludes_files)
        walk.folder("", str(self.root), in_artifacts=False)
        return Scan(walk.notes, walk.artifacts, tuple(walk.strays), tuple(walk.outside), tuple(walk.unreadable))

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, OutsideVault, or OSError with the file's name."""
        place = self.place(path)
        descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as handle:
            info = os.fstat(descriptor)
            if not stat.S_ISREG(info.st_mode):
                raise OSError(errno.EINVAL, "not a regular file", path)
            return handle.read(LARGEST_NOTE + 1)

    def stat(self, path: str) -> Stat | None:
        try:
            info = os.stat(self.root / path)
        except OSError:
            return None
        return Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)

    @staticmethod
    def trusted(stat: Stat) -> Stat:
        """The same, or one that equals none: a file changed in this very moment may change again within one tick."""
        return stat if time.time_ns() - max(stat.mtime_ns, stat.ctime_ns) > _TICK_NS else stat._replace(size=-1)

    def place(self, path: str) -> Path:
        """Where a vault path lies. Raises OutsideVault when its folder, links followed, is not in the vault."""
        parts = path.split("/")
        if not path or path.startswith("/") or ".." in parts or "" in parts or "\0" in path or ":" in parts[0][1:2]:
            raise OutsideVault(path)
        target = self.root.joinpath(*parts)
        if not target.exists() and not target.is_symlink():
            target = self._as_stored(target, parts)
        real = Path(os.path.realpath(target))
        if real != self.root and self.root not in real.parents:
            raise OutsideVault(path)
        return target

    def _as_stored(self, target: Path, parts: list[str]) -> Path:
        # Vault paths are NFC; a file system may hold the same name in another form.
        here = self.root
        for part in parts:
            if not (here / part).exists():
                try:
                    names = os.listdir(here)
                except OSError:
                    return target
                same = [name for name in names if unicodedata.normalize("NFC", name) == part]
                if not same:
                    return target
                part = same[0]
            here /= part
        return here

    # ------------------------------------------------------------------ writing

    def write(self, path: str, data: bytes, expects: Digest | None) -> Stat:
        """Put ``data`` at ``path``, whole or not at all.

        ``expects`` is the digest that the file must still have, None that it must not exist. Raises ChangedMeanwhile,
        OutsideVault, NotWritten.
        """
        target = self.place(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            mode = self._still(target, path, expects)
            fresh = self._new_file(data, mode)
            try:
                self._still(target, path, expects)
                self._swap(fresh, target, expects, path)
            finally:
                fresh.unlink(missing_ok=True)
        except OSError as error:
            raise NotWritten(path, reason(error)) from error
        self._touched.add(target.parent)
        info = os.stat(target)
        return Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)

    def _still(self, target: Path, path: str, expects: Digest | None) -> int | None:
        try:
            info = os.lstat(target)
        except FileNotFoundError:
            if expects is not None:
                raise ChangedMeanwhile(path) from None
            return None
        if stat.S_ISLNK(info.st_mode):
            raise OutsideVault(path)
        if expects is None or digest(target.read_bytes()) != expects:
            raise ChangedMeanwhile(path)
        if not info.st_mode & 0o222:
            raise PermissionError(errno.EACCES, "the file is read-only", path)
        return stat.S_IMODE(info.st_mode)

    def _new_file(self, data: bytes, mode: int | None) -> Path:
        folder = self.root / STATE_FOLDER / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        self._number += 1
        fresh = folder / f"{os.getpid()}-{self._number}-{os.urandom(4).hex()}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(fresh, flags, 0o666), "wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            if mode is not None:
                fresh.chmod(mode)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        return fresh

    def _swap(self, fresh: Path, target: Path, expects: Digest | None, path: str) -> None:
        if expects is not None:
            os.replace(fresh, target)
            return
        try:
            os.link(fresh, target)  # unlike a rename, this never covers a file that came meanwhile
        except FileExistsError:
            raise ChangedMeanwhile(path) from None
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS):
                raise
            os.replace(fresh, target)

    def remove(self, path: str, expects: Digest, keep_in: Path) -> None:
        """Move a file into the trash folder ``keep_in``, provided that it still has the digest ``expects``."""
        target = self.place(path)
        try:
            self._still(target, path, expects)
            kept = keep_in / path
            kept.parent.mkdir(parents=True, exist_ok=True)
            os.replace(target, kept)
            self._sync_folder(kept.parent)
        except OSError as error:
            raise NotWritten(path, reason(error)) from error
        self._touched.add(target.parent)
        self._drop_empty(target.parent)

    def _drop_empty(self, folder: Path) -> None:
        # Only folders of artifacts are ours; an empty folder of notes may be wanted.
        artifacts = self.root / ARTIFACTS
        while artifacts in folder.parents:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent

    def clear_leftovers(self) -> None:
        """Drop new files that a crash left half written. Only under the write lock."""
        folder = self.root / STATE_FOLDER / "tmp"
        if folder.is_dir():
            for name in os.listdir(folder):
                with contextlib.suppress(OSError):
                    (folder / name).unlink()

    def flush(self) -> None:
        """Make the renames of this pass survive a power cut: one fsync a folder, not one a file."""
        for folder in self._touched:
            self._sync_folder(folder)
        self._touched.clear()

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError:
            return  # the folder is gone, or the system cannot open folders
        try:
            os.fsync(descriptor)
        except OSError:
            pass  # some file systems cannot sync a folder; the files themselves are safe
        finally:
            os.close(descriptor)


class _Walk:
    """One walk over a vault, gathering as it goes."""

    def __init__(self, root: str, excluded: Callable[[str], bool], excludes_files: bool) -> None:
        self.root = root
        self.excluded = excluded
        self.excludes_files = excludes_files
        self.notes: dict[str, Stat] = {}
        self.artifacts: dict[str, Stat] = {}
        self.strays: list[str] = []
        self.outside: list[str] = []
        self.unreadable: list[str] = []

    def folder(self, path: str, real: str, in_artifacts: bool) -> None:
        pending: list[tuple[str, str, bool]] = [(path, real, in_artifacts)]
        while pending:
            path, real, in_artifacts = pending.pop()
            try:
                with os.scandir(real) as entries:
                    pending.extend(self._entries(path, entries, in_artifacts))
            except OSError:
                self.unreadable.append(path)

    def _entries(
        self, path: str, entries: Iterator[os.DirEntry[str]], in_artifacts: bool
    ) -> Iterator[tuple[str, str, bool]]:
        prefix = path + "/" if path else ""
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if not name.isascii():
                name = unicodedata.normalize("NFC", name)
            here = prefix + name
            if entry.is_symlink():
                self._link(here, entry, in_artifacts)
            elif entry.is_dir():
                if in_artifacts or not self.excluded(here):
                    yield here, entry.path, in_artifacts or here == ARTIFACTS
            elif in_artifacts:
                self._artifact(here, entry)
            elif name.endswith(".md") and not (self.excludes_files and self.excluded(here)):
                self.notes[here] = _stat(entry)

    def _artifact(self, here: str, entry: os.DirEntry[str]) -> None:
        if here.endswith(".json"):
            self.artifacts[here] = _stat(entry)
        else:
            self.strays.append(here)

    def _link(self, here: str, entry: os.DirEntry[str], in_artifacts: bool) -> None:
        target = os.path.realpath(entry.path)
        inside = target == self.root or target.startswith(self.root + os.sep)
        if inside or (not in_artifacts and self.excluded(here)):
            return
        if in_artifacts or here.endswith(".md") or os.path.isdir(target):
            self.outside.append(here)


def _stat(entry: os.DirEntry[str]) -> Stat:
    info = entry.stat(follow_symlinks=False)
    return Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)


def reason(error: OSError) -> str:
    """Why the system refused, as a clause for a sentence."""
    clauses = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your disk quota is used up",
        errno.EROFS: "the file system is read-only",
        errno.EACCES: "you may not write there",
        errno.EPERM: "the system does not allow it",
        errno.ENAMETOOLONG: "its name is too long for this file system",
        errno.EIO: "the disk reported an error",
    }
    return clauses.get(error.errno or 0, (error.strerror or "the system refused").lower())
