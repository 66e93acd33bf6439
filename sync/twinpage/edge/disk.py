"""The vault on disk: what is there, reading it, and the only place where a file of a person is written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from twinpage.edge import deeds
from twinpage.edge.former import MARK, Former, FormerFiles, left_in
from twinpage.edge.new_files import NewFiles
from twinpage.edge.refused import reason
from twinpage.edge.walk import ARTIFACTS, Scan, Stat, walk, walk_at
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault
from twinpage.model.edit import Digest, digest

__all__ = ["ARTIFACTS", "LARGEST_NOTE", "STATE_FOLDER", "Disk", "Scan", "Stat"]

STATE_FOLDER = ".twinpage"
LARGEST_NOTE = 32 * 1024 * 1024
"""Bytes. A larger file is not read; it gets a flag."""
_TICK_NS = 50_000_000


@dataclass
class Disk:
    """One vault folder."""

    in_git = False
    """It is looked at as git has it: whatever it gives, it gave ever since."""
    root: Path
    excluded: Callable[[str], bool] = lambda path: False
    excludes_files: bool = False
    """Patterns name single notes too; else only folders are asked about, which is much cheaper."""
    former: FormerFiles | None = None
    """Where what is written over is looked after for a moment."""
    _touched: set[Path] = field(default_factory=set)
    _folders: dict[str, str] = field(default_factory=dict)
    """Folders that were found to lie in the vault, for one pass."""
    _inodes: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What they and the folders around them were then."""
    _new: NewFiles = field(default_factory=NewFiles)
    _new_at: str = ""

    def __post_init__(self) -> None:
        self.root = Path(os.path.realpath(self.root))

    def expect(self, paths: Iterable[str]) -> None:
        """These are read next: for who can make use of it."""

    def close(self) -> None:
        """What was saved late has its place back; else nothing is kept open between two reads."""
        for former in self.former.late() if self.former is not None else ():
            if self.give_back(former):
                former.forget()
        if self.former is not None:
            self.former.close()

    # ------------------------------------------------------------------ looking

    def scan(self, paths: Iterable[str] | None = None) -> Scan:
        """Walk the vault once, or look at some ``paths`` only. Dot-folders and excluded paths are passed over.

        A path that ends in ``/`` stands for all below that folder.
        """
        self.forget_folders()
        if paths is not None:
            return walk_at(str(self.root), paths, self.excluded, self.excludes_files)
        return walk(str(self.root), self.excluded, self.excludes_files)

    def forget_folders(self) -> None:
        """What was found of folders holds for one pass."""
        self._folders.clear()
        self._inodes.clear()
        self._new_at = ""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, OutsideVault, or OSError with the file's name."""
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._at(path), flags)
        try:
            info = os.fstat(descriptor)
            if not stat.S_ISREG(info.st_mode):
                raise OSError(errno.EINVAL, "not a regular file", path)
            data = more = os.read(descriptor, min(info.st_size, LARGEST_NOTE) + 1)
            while more and len(data) <= LARGEST_NOTE:
                more = os.read(descriptor, 65536)
                data += more
        finally:
            os.close(descriptor)
        if len(data) > LARGEST_NOTE:
            raise OSError(errno.EFBIG, "it is larger than 32 MiB", path)
        return data

    def stat(self, path: str) -> Stat | None:
        """What tells whether a file changed; None when it is not there."""
        try:
            info = os.stat(f"{self.root}/{path}" if path.isascii() else self._at(path))
        except (OSError, OutsideVault):
            return None
        return Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)

    @staticmethod
    def trusted(stat: Stat) -> Stat:
        """The same, or one that equals none: a file changed in this very moment may change again within one tick."""
        return stat if time.time_ns() - max(stat.mtime_ns, stat.ctime_ns) > _TICK_NS else stat._replace(size=-1)

    def place(self, path: str, anew: bool = False) -> Path:
        """Where a vault path lies. Raises OutsideVault when its folder, links followed, is not in the vault.

        ``anew``: what was found of its folder before does not count; for writing.
        """
        return Path(self._at(path, anew))

    def _at(self, path: str, anew: bool = False) -> str:
        if "\0" in path or (os.name == "nt" and ":" in path):
            raise OutsideVault(path)
        folder, _, name = path.rpartition("/")
        known = self._folders.get(folder)
        if anew and known is not None and self._inodes.get(folder) != _identity(known):
            known = None
        target = _as_stored(self._folder(folder, path) if known is None else known, name)
        if name in ("", "..") or (os.path.islink(target) and self.root not in Path(os.path.realpath(target)).parents):
            raise OutsideVault(path)
        return target

    def _folder(self, folder: str, path: str) -> str:
        """The folder of a path, once it is known to lie in the vault with all links followed."""
        parts = folder.split("/") if folder else []
        if "" in parts or ".." in parts:
            raise OutsideVault(path)
        root = found = str(self.root)
        for part in parts:
            found = _as_stored(found, part)
        real = os.path.realpath(found)
        if real != root and self.root not in Path(real).parents:
            raise OutsideVault(path)
        self._folders[folder] = found
        self._inodes[folder] = _identity(found)
        return found

    def own_folder(self, name: str) -> Path:
        """A folder of ours in ``.twinpage``, made when missing. Raises OutsideVault when a link leads elsewhere."""
        folder = self.root / STATE_FOLDER / name
        if os.path.realpath(folder) != str(folder):
            raise OutsideVault(f"{STATE_FOLDER}/{name}")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    # ------------------------------------------------------------------ writing

    def begin(self, path: str, data: bytes) -> None:
        """Start to bring the bytes of a file to come onto the disk; ``write`` then has to wait less for it."""
        with contextlib.suppress(OSError):  # ``write`` meets the same, and tells
            self._new.begin(path, data, self._new_folder())

    def _new_folder(self) -> str:
        if not self._new_at:
            self._new_at = str(self.own_folder("tmp"))
        return self._new_at

    def write(self, path: str, data: bytes, expects: Digest | None, deed: str) -> Stat:
        """Put ``data`` at ``path``, whole or not at all. ``deed`` is its line for the log; "" for none.

        ``expects`` is the digest that the file must still have, None that it must not exist. Raises ChangedMeanwhile,
        OutsideVault, NotWritten.
        """
        target = self.place(path, anew=True)
        try:
            if not os.path.isdir(target.parent):
                target.parent.mkdir(parents=True, exist_ok=True)
            mode = self._still(target, path, expects)
            fresh = self._new.made(path, data, self._new_folder(), mode)
            try:
                self._still(target, path, expects)
                ours = os.stat(fresh)
                with deeds.told(self.root, path, deed):
                    self._swap(fresh, target, expects, path, digest(data))
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(fresh)
        except OSError as error:
            raise NotWritten(path, reason(error)) from error
        self._touched.add(target.parent)
        info = os.stat(target)
        stat = Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
        # Somebody who saved since our rename must not be taken for us: such a stat equals none.
        return stat if os.path.samestat(info, ours) and info.st_mtime_ns == ours.st_mtime_ns else stat._replace(size=-1)

    def ensure(self, path: str, expects: Digest | None) -> None:
        """Raise what ``write`` or ``remove`` would raise now: ChangedMeanwhile, OutsideVault, NotWritten."""
        try:
            self._still(self.place(path, anew=True), path, expects)
        except OSError as error:
            raise NotWritten(path, reason(error)) from error

    def _still(self, target: Path, path: str, expects: Digest | None) -> int | None:
        try:
            info = os.lstat(target)
        except FileNotFoundError:
            if expects is not None:
                raise ChangedMeanwhile(path) from None
            return None
        if stat.S_ISLNK(info.st_mode):
            raise OutsideVault(path)
        if expects is None or not stat.S_ISREG(info.st_mode) or digest(target.read_bytes()) != expects:
            raise ChangedMeanwhile(path)
        if not info.st_mode & 0o222:
            raise PermissionError(errno.EACCES, "the file is read-only", path)
        return stat.S_IMODE(info.st_mode)

    def _swap(self, fresh: str, target: Path, expects: Digest | None, path: str, written: Digest) -> None:
        if expects is not None:
            self._replace(fresh, target, expects, path, written)
            return
        try:
            os.link(fresh, target)  # unlike a rename, this never covers a file that came meanwhile
        except FileExistsError:
            raise ChangedMeanwhile(path) from None
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS):
                raise
            self._still(target, path, None)
            os.replace(fresh, target)

    def _replace(self, fresh: str, target: Path, expects: Digest, path: str, written: Digest) -> None:
        """Put ``fresh`` there. Who opened the old file before and saved at this very moment finds it back, saved."""
        old = f"{fresh}-old"
        with contextlib.suppress(OSError):  # a file system without links: that moment stays open
            os.link(target, old)
        try:
            os.replace(fresh, target)
            if _saved_meanwhile(old, expects):
                os.replace(old, target)
                raise ChangedMeanwhile(path)
            if self.former is not None:
                kept = f"{old}{MARK}{time.monotonic_ns()}"
                with contextlib.suppress(OSError):  # what had to be written stands
                    os.rename(old, kept)
                    self.former.keep(path, kept, written)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(old)

    def remove(self, path: str, expects: Digest, keep_in: Path, deed: str) -> None:
        """Move a file into the trash folder ``keep_in``, provided that it still has the digest ``expects``."""
        target = self.place(path, anew=True)
        try:
            self._still(target, path, expects)
            kept = keep_in / path
            kept.parent.mkdir(parents=True, exist_ok=True)
            with deeds.told(self.root, path, deed):
                os.replace(target, kept)
                if _saved_meanwhile(kept, expects):
                    os.replace(kept, target)
                    raise ChangedMeanwhile(path)
            self.sync_folder(kept.parent)
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
        try:
            self.own_folder("tmp")
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/tmp", reason(error)) from error
        for place in self.leftovers():
            with contextlib.suppress(OSError):
                place.unlink()

    def leftovers(self) -> list[Path]:
        """New files that a crash left, or that another process is just writing."""
        return left_in(self.root / STATE_FOLDER / "tmp", self.former.links if self.former is not None else set())

    def give_back(self, former: Former) -> bool:
        """Put a file that was saved late where it lay; False where what took its place was changed since, too."""
        target = self.place(former.path, anew=True)
        try:
            self._still(target, former.path, former.written)
            deed = f"given back  {former.path}  (a program saved it while twinpage wrote there)"
            with deeds.told(self.root, former.path, deed):
                os.replace(former.link, target)
        except (OSError, ChangedMeanwhile):
            return False
        return True

    def flush(self) -> None:
        """Make the renames of this pass survive a power cut: one fsync a folder, not one a file."""
        self._new.drop()
        for folder in self._touched:
            self.sync_folder(folder)
        self._touched.clear()

    @staticmethod
    def sync_folder(folder: Path) -> None:
        with contextlib.suppress(OSError):  # it is gone, or cannot be synced: the files themselves are safe
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _saved_meanwhile(place: str | Path, expects: Digest) -> bool:
    """Somebody saved there after it was looked at last; where it cannot be read, nobody can tell."""
    try:
        with open(place, "rb") as handle:
            return digest(handle.read()) != expects
    except OSError:
        return False


def _identity(folder: str) -> tuple[int, int]:
    """It differs once another folder stands there, or a link, or once it was moved. A new folder differs each time."""
    try:
        return os.stat(folder).st_ino, os.stat(f"{folder}{os.sep}..").st_ino
    except OSError:
        return time.monotonic_ns(), -1


def _as_stored(folder: str, name: str) -> str:
    """A file or folder by its NFC name; a file system may hold the same name in another form."""
    plain = f"{folder}{os.sep}{name}"
    if name.isascii() or os.path.lexists(plain):
        return plain
    try:
        stored = os.listdir(folder)
    except OSError:
        return plain
    return next((f"{folder}{os.sep}{other}" for other in stored if unicodedata.normalize("NFC", other) == name), plain)
