"""Walking a vault once: which files there are, and what tells cheaply that one is unchanged."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

ARTIFACTS = "artifacts"


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
    doubles: tuple[str, ...] = ()
    """Files whose path is another file's but for how its letters are composed (NFD beside NFC), as they are stored."""
    unnamed: tuple[str, ...] = ()
    """Notes, JSON files and folders whose names are no text: bytes that are no UTF-8, written as ``\\xff``."""


def walk(root: str, excluded: Callable[[str], bool], excludes_files: bool) -> Scan:
    """Every file below ``root`` that concerns twinpage. Dot-folders and excluded paths are passed over."""
    gathered = _Walk(root, excluded, excludes_files)
    gathered.folder("", root, in_artifacts=False)
    return Scan(
        gathered.notes,
        gathered.artifacts,
        tuple(gathered.strays),
        tuple(gathered.outside),
        tuple(gathered.unreadable),
        tuple(gathered.doubles),
        tuple(gathered.unnamed),
    )


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
        for name, entry in _named(entries):
            here = prefix + name
            if not _is_text(entry.name):
                if entry.is_dir() or name.endswith((".md", ".json")):
                    self.unnamed.append(here)
            elif name != entry.name and (here in self.notes or here in self.artifacts):
                self.doubles.append(prefix + entry.name)
            elif entry.is_symlink():
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
