"""Walking a vault once: which files there are, and what tells cheaply that one is unchanged."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from twinpage.edge.place import SETTINGS
from twinpage.model.signoff import SIGNOFFS

ARTIFACTS = "artifacts"


class Stat(NamedTuple):
    """What tells cheaply that a file is unchanged. Without ctime, a restored mtime would go unnoticed."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Scan(Struct, frozen=True):
    """All files of a vault that concern twinpage, by vault path."""

    notes: dict[str, Stat]
    artifacts: dict[str, Stat]
    strays: tuple[str, ...]
    """Files under ``artifacts/`` that are no JSON."""
    outside: tuple[str, ...]
    """Links that leave the vault or lead nowhere; folders among them are not entered."""
    unreadable: tuple[str, ...]
    """Folders that could not be listed: nothing below them counts as gone."""
    doubles: tuple[str, ...] = ()
    """Files whose path is another file's but for how its letters are composed (NFD beside NFC), as they are stored."""
    unnamed: tuple[str, ...] = ()
    """Notes, JSON files and folders whose names are no text: bytes that are no UTF-8, written as ``\\xff``."""
    signoffs: Stat | None = None
    """The file of sign-offs; None when there is none."""


def walk(root: str, excluded: Callable[[str], bool], excludes_files: bool) -> Scan:
    """Every file below ``root`` that concerns twinpage. Passed over are dot-folders, excluded paths, and folders that
    are vaults of their own: two vaults that write the same notes would never agree."""
    gathered = _Walk(root, excluded, excludes_files)
    gathered.folder("", root, in_artifacts=False)
    return gathered.scan


def walk_at(root: str, paths: Iterable[str], excluded: Callable[[str], bool], excludes_files: bool) -> Scan:
    """The same of some paths only; one that ends in ``/`` stands for all below that folder. What is not there is left
    out. Unlike a whole walk it costs as much as there are paths, however large the vault is."""
    gathered = _Walk(root, excluded, excludes_files)
    for path in paths:
        gathered.at(path)
    return gathered.scan


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
        self.doubles: list[str] = []
        self.unnamed: list[str] = []
        self.signoffs: Stat | None = None
        self._taken: set[str] = set()
        """Files under names in another Unicode form that were seen already."""

    @property
    def scan(self) -> Scan:
        told = (self.strays, self.outside, self.unreadable, self.doubles, self.unnamed)
        once = [tuple(dict.fromkeys(paths)) for paths in told]
        return Scan(self.notes, self.artifacts, once[0], once[1], once[2], once[3], once[4], self.signoffs)

    def at(self, path: str) -> None:
        """One file, or with a final ``/`` one folder with all below it."""
        parts = path.rstrip("/").split("/")
        if parts == [""]:
            self.folder("", self.root, in_artifacts=False)
            return
        above = "/".join(parts[:-1])
        in_artifacts = parts[0] == ARTIFACTS and len(parts) > 1
        if any(part.startswith(".") for part in parts):
            return
        if above and not in_artifacts and (self.excluded(above) or self._in_another_vault(parts[:-1])):
            return
        if not path.isascii() or path.endswith("/") or not self._plain_file(path, above, in_artifacts):
            self._listed(above, unicodedata.normalize("NFC", parts[-1]), in_artifacts)

    def _in_another_vault(self, folders: list[str]) -> bool:
        below = ("/".join(folders[:number]) for number in range(1, len(folders) + 1))
        return any(os.path.isfile(f"{_stored_if_there(self.root, folder)}/{SETTINGS}") for folder in below)

    def _plain_file(self, here: str, above: str, in_artifacts: bool) -> bool:
        """Take in a file of which no more has to be known than what it is; True when that is all there is to do."""
        folder = f"{self.root}/{above}" if above else self.root
        if os.path.realpath(folder) != folder:
            return False
        try:
            info = os.lstat(f"{self.root}/{here}")
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            self.unreadable.append(above)
            return True
        if not stat.S_ISREG(info.st_mode):
            return False
        found = Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
        if in_artifacts:
            self._artifact(here, found)
        elif here.endswith(".md") and not (self.excludes_files and self.excluded(here)):
            self.notes[here] = found
        elif here == SIGNOFFS:
            self.signoffs = found
        return True

    def _listed(self, above: str, name: str, in_artifacts: bool) -> None:
        """One entry of a folder, found by listing it: it may be a folder, a link, or stored under another form."""
        try:
            folder = _stored(self.root, above)
            with os.scandir(folder) as entries:
                wanted = [entry for entry in entries if name in (entry.name, _composed(entry.name))]
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError:
            self.unreadable.append(above)
            return
        for below, real, inside in list(self._entries(above, iter(wanted), in_artifacts)):
            self.folder(below, real, inside)

    def folder(self, path: str, real: str, in_artifacts: bool) -> None:
        pending: list[tuple[str, str, bool]] = [(path, real, in_artifacts)]
        while pending:
            path, real, in_artifacts = pending.pop()
            try:
                with os.scandir(real) as entries:
                    listed = list(entries)
                if path and not in_artifacts and any(entry.name == SETTINGS and entry.is_file() for entry in listed):
                    continue
                pending.extend(self._entries(path, iter(listed), in_artifacts))
            except OSError:
                self.unreadable.append(path)

    def _entries(
        self, path: str, entries: Iterator[os.DirEntry[str]], in_artifacts: bool
    ) -> Iterator[tuple[str, str, bool]]:
        prefix = path + "/" if path else ""
        for name, entry in _named(entries):
            here = prefix + name
            if not _is_text(entry.name):
                if entry.is_dir() or name.endswith((".md", ".json")):
                    self.unnamed.append(here)
            elif name != entry.name and self._is_double(here, prefix + entry.name):
                continue
            elif entry.is_symlink():
                self._link(here, entry, in_artifacts)
            elif entry.is_dir():
                if in_artifacts or not self.excluded(here):
                    yield here, entry.path, in_artifacts or here == ARTIFACTS
            elif in_artifacts:
                self._artifact(here, _stat(entry))
            elif name.endswith(".md") and not (self.excludes_files and self.excluded(here)):
                self.notes[here] = _stat(entry)
            elif here == SIGNOFFS:
                self.signoffs = _stat(entry)

    def _is_double(self, here: str, stored: str) -> bool:
        """A file under a name in another Unicode form is there besides, or was seen already."""
        if stored in self._taken:
            return True
        if here in self.notes or here in self.artifacts:
            self.doubles.append(stored)
            return True
        self._taken.add(stored)
        return False

    def _artifact(self, here: str, found: Stat) -> None:
        if here.endswith(".json"):
            self.artifacts[here] = found
        else:
            self.strays.append(here)

    def _link(self, here: str, entry: os.DirEntry[str], in_artifacts: bool) -> None:
        target = os.path.realpath(entry.path)
        inside = target == self.root or target.startswith(self.root + os.sep)
        if (inside and os.path.exists(target)) or (not in_artifacts and self.excluded(here)):
            return
        if in_artifacts or here.endswith(".md") or here == SIGNOFFS or os.path.isdir(target):
            self.outside.append(here)


def _named(entries: Iterator[os.DirEntry[str]]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Entries with their names in NFC, those that are stored so first. Names with a dot in front are left out.

    A name that is no text comes with its odd bytes spelled out.
    """
    others: list[tuple[str, os.DirEntry[str]]] = []
    for entry in entries:
        name = entry.name
        if name[0] == ".":
            continue
        if name.isascii():
            yield name, entry
        elif not _is_text(name):
            yield os.fsencode(name).decode("utf-8", "backslashreplace"), entry
        else:
            composed = unicodedata.normalize("NFC", name)
            if composed == name:
                yield name, entry
            else:
                others.append((composed, entry))
    yield from others


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _stored(root: str, folder: str) -> str:
    """Where a folder lies that is named in NFC. Raises FileNotFoundError when only a link leads there, or nothing."""
    real = root
    for part in folder.split("/") if folder else ():
        below = f"{real}/{part}"
        if not part.isascii() and not os.path.isdir(below):
            stored = next((name for name in os.listdir(real) if _composed(name) == part), part)
            below = f"{real}/{stored}"
        if os.path.islink(below):
            raise FileNotFoundError(below)
        real = below
    return real


def _stored_if_there(root: str, folder: str) -> str:
    try:
        return f"{root}/{folder}" if folder.isascii() else _stored(root, folder)
    except OSError:
        return f"{root}/{folder}"


def _is_text(name: str) -> bool:
    """A name that is no text (bytes that are no UTF-8) could be shown, linked and remembered nowhere."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _stat(entry: os.DirEntry[str]) -> Stat:
    info = entry.stat(follow_symlinks=False)
    return Stat(info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
