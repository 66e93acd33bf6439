"""The files of a vault as git has them, looked at and read like those on the disk. Nothing can be written there."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from twinpage.edge.disk import Disk
from twinpage.edge.git.blobs import Blobs
from twinpage.edge.git.trees import Tree
from twinpage.edge.walk import ARTIFACTS, Scan, Stat
from twinpage.errors import NotWritten
from twinpage.model.edit import Digest
from twinpage.model.signoff import SIGNOFFS

_AHEAD = 128
"""Blobs that are asked for at once while files are read in the order in which they were found."""
_MANY = 5_000
"""Files, from which on git alone is asked for their contents, see ``loose``."""
_LFS = b"version https://git-lfs.github.com/spec/"
_LONGEST_POINTER = 1024
_IN_ARTIFACTS = f"{ARTIFACTS}/"
_LINK, _DOUBLE, _UNNAMED = "link:", "double", "unnamed"


class TreeFiles(Disk):
    """One tree of git in the place of a vault folder."""

    in_git = True

    def __init__(
        self, tree: Tree, excluded: Callable[[str], bool] = lambda path: False, excludes_files: bool = False
    ) -> None:
        super().__init__(tree.vault, excluded, excludes_files)
        self.tree = tree
        self.news: list[str] | None = None
        """Paths whose content is another than when the vault was last looked at; None when nothing is known of that."""
        self._blobs = Blobs(self.root, tree.objects)
        self._process = os.getpid()
        self._order: list[str] = []
        self._position: dict[str, int] = {}
        self._next = 0
        self._ahead: dict[str, bytes] = {}

    def close(self) -> None:
        """End the process that reads."""
        self._blobs.close()

    @cached_property
    def contents(self) -> dict[str, str]:
        """Path -> what tells its content from any other, of all that a look may take notice of."""
        tree = self.tree
        found = {
            path: blob
            for path, blob in tree.files.items()
            if path.endswith(".md") or path.startswith(_IN_ARTIFACTS) or path == SIGNOFFS
        }
        found.update((path, ":".join(stages)) for path, stages in tree.unmerged.items())
        found.update((path, _LINK + blob) for path, blob in tree.links.items())
        found.update(dict.fromkeys(tree.doubles, _DOUBLE))
        found.update(dict.fromkeys(tree.unnamed, _UNNAMED))
        return found

    # ------------------------------------------------------------------ looking

    def scan(self, paths: Iterable[str] | None = None) -> Scan:
        """What concerns twinpage, as ``Disk.scan`` has it, or of it only what stands at these paths."""
        sorted_out = _Sorting(self)
        contents = self.contents
        if paths is None:
            sorted_out.take(contents.items())
        else:
            sorted_out.take((path, contents[path]) for path in paths if path in contents)
        scan = sorted_out.scan
        self.expect([*scan.notes, *scan.artifacts])
        return scan

    def expect(self, paths: Iterable[str]) -> None:
        """These are read next, in about this order: many come at once from git then."""
        self._order = [path for path in paths if path in self.tree.files]
        self._blobs.objects = self.tree.objects if len(self._order) < _MANY else None
        self._position = {path: number for number, path in enumerate(self._order)}
        self._next = 0
        self._ahead.clear()

    def stat(self, path: str) -> Stat | None:
        content = self.contents.get(path)
        return None if content is None else _stat(content)

    @staticmethod
    def trusted(stat: Stat) -> Stat:
        """What a blob is called tells its content for good."""
        return stat

    def is_outside(self, path: str) -> bool:
        """A symbolic link that leads out of the vault, or to nowhere that can be told."""
        place, passed = path, set[str]()
        while place in self.tree.links and place not in passed:
            passed.add(place)
            target = os.fsdecode(self._fetched([self.tree.links[place]]).get(self.tree.links[place], b"/"))
            place = posixpath.normpath(posixpath.join(posixpath.dirname(place), target))
        files = self.tree.files.keys() | self.tree.unmerged.keys()
        there = place == "." or place in files or any(file.startswith(f"{place}/") for file in files)
        return not there and not any(place.startswith(f"{link}/") for link in self.tree.links)

    # ------------------------------------------------------------------ reading

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, and OSError with a clause for what git cannot give."""
        if path in self.tree.unmerged:
            return self._undecided(path)
        blob = self.tree.files.get(path)
        if blob is None:
            raise FileNotFoundError(errno.ENOENT, "it is not there", path)
        data = self._ahead.pop(path, None)
        if data is None:
            data = self._with_next(path, blob)
        if data is None:
            raise OSError(errno.EIO, "its content is not in this repository, or larger than 32 MiB", path)
        if len(data) < _LONGEST_POINTER and data.startswith(_LFS):
            raise OSError(
                errno.EINVAL, "git LFS keeps its content elsewhere: take it out of LFS in .gitattributes", path
            )
        return data

    def _with_next(self, path: str, blob: str) -> bytes | None:
        """Read one file, and with it those that a look reads next."""
        position = self._position.get(path, -1)
        if position < self._next:
            return self._fetched([blob]).get(blob)
        self._next = position + _AHEAD
        names = {one: self.tree.files[one] for one in self._order[position : self._next]}
        contents = self._fetched(names.values())
        self._ahead = {one: contents[name] for one, name in names.items() if name in contents}
        return self._ahead.pop(path, None)

    def _fetched(self, names: Iterable[str]) -> dict[str, bytes]:
        if self._process != os.getpid():  # a copy of the process must not read from the same pipe
            self._blobs, self._process = Blobs(self.root, self._blobs.objects), os.getpid()
        return self._blobs.read(names)

    def _undecided(self, path: str) -> bytes:
        """A file whose merge is not ended, as git left it in the working tree: both versions between its markers."""
        from twinpage.edge.git.unmerged import Stages, text_merge

        stages = self.tree.unmerged[path]
        contents = self._fetched(name for name in stages if name)
        base, ours, theirs = (contents.get(name) for name in stages)
        merged = text_merge(self.root, Stages(base, ours, theirs))
        if merged is None or b"<<<<<<< " not in merged:  # one side removed it, or somebody has yet to say `git add`
            parts = (b"<<<<<<< ours\n", _ended(ours), b"=======\n", _ended(theirs), b">>>>>>> theirs\n")
            merged = b"".join(parts)
        return merged

    # ------------------------------------------------------------------ writing

    def begin(self, path: str, data: bytes) -> None:
        """Nothing is on its way to the disk."""

    def write(self, path: str, data: bytes, expects: Digest | None, deed: str) -> Stat:
        raise NotWritten(path, "it is looked at as git has it")

    def ensure(self, path: str, expects: Digest | None) -> None:
        raise NotWritten(path, "it is looked at as git has it")

    def remove(self, path: str, expects: Digest, keep_in: Path, deed: str) -> None:
        raise NotWritten(path, "it is looked at as git has it")


class _Sorting:
    """What is which, by the rules of ``walk``: no dot-folder, nothing excluded; under ``artifacts/`` all counts."""

    def __init__(self, files: TreeFiles) -> None:
        self.files = files
        self.notes: dict[str, Stat] = {}
        self.artifacts: dict[str, Stat] = {}
        self.strays: list[str] = []
        self.outside: list[str] = []
        self.doubles: list[str] = []
        self.unnamed: list[str] = []
        self.signoffs: Stat | None = None
        self._entered: dict[str, bool] = {}

    @property
    def scan(self) -> Scan:
        told = (tuple(self.strays), tuple(self.outside), (), tuple(self.doubles), tuple(self.unnamed))
        return Scan(self.notes, self.artifacts, *told, self.signoffs)

    def take(self, contents: Iterable[tuple[str, str]]) -> None:
        entered, excludes_files = self._entered, self.files.excludes_files
        for path, content in contents:
            folder, _, name = path.rpartition("/")
            if folder not in entered:
                entered[folder] = self._enters(folder)
            if not entered[folder] or name[0] == ".":
                continue
            in_artifacts = path.startswith(_IN_ARTIFACTS)
            note = not in_artifacts and name.endswith(".md") and not (excludes_files and self.files.excluded(path))
            if content.startswith((_LINK, _DOUBLE, _UNNAMED)):
                if in_artifacts or note or path == SIGNOFFS:
                    self._odd(path, content)
            elif note:
                self.notes[path] = _stat(content)
            elif path == SIGNOFFS:
                self.signoffs = _stat(content)
            elif in_artifacts and name.endswith(".json"):
                self.artifacts[path] = _stat(content)
            elif in_artifacts:
                self.strays.append(path)

    def _enters(self, folder: str) -> bool:
        if "/." in f"/{folder}":
            return False
        return not folder or folder.partition("/")[0] == ARTIFACTS or not self.files.excluded(folder)

    def _odd(self, path: str, content: str) -> None:
        if content == _DOUBLE:
            self.doubles.append(path)
        elif content == _UNNAMED:
            self.unnamed.append(path)
        elif self.files.is_outside(path):
            self.outside.append(path)


def _stat(content: str) -> Stat:
    """The name of a blob in the place of what tells cheaply that a file is unchanged."""
    name = content if ":" not in content else blake2b(content.encode("ascii"), digest_size=20).hexdigest()
    step = min(len(name) // 4, 15)  # more does not fit into an integer of SQLite
    bits = 4 * step
    whole, most = int(name[: 4 * step], 16), (1 << bits) - 1
    return Stat(whole >> 3 * bits, whole >> 2 * bits & most, whole >> bits & most, whole & most)


def _ended(text: bytes | None) -> bytes:
    return text + b"\n" if text and not text.endswith(b"\n") else text or b""
