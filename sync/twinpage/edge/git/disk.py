"""The working tree as a tree of git's: what is as in the index keeps its blob, the rest is read from the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from twinpage.edge.git.blobs import LARGEST, Blobs
from twinpage.edge.git.repository import Repository
from twinpage.edge.git.run import run, vault_path
from twinpage.edge.git.trees import Tree, staged
from twinpage.edge.place import SETTINGS
from twinpage.edge.walk import ARTIFACTS

WORKING_TREE = "the working tree"
_DISK = "disk:"


def on_disk(repository: Repository) -> Tree:
    """The vault as it lies on the disk. Only what git finds changed, or does not know, will be read from there."""
    index = staged(repository)
    vault = repository.vault
    files, links = dict(index.files), dict(index.links)
    changed = run(vault, "diff-files", "--raw", "-z", "--no-renames", "--relative", "--", ".") or b""
    words = changed.split(b"\0")
    for facts, path in zip(words[::2], words[1::2], strict=False):
        here = vault_path(path)
        if here in files or here in links:
            _take(vault, os.fsdecode(path), here, facts.split(b" ")[1:2] == [b"120000"], files, links)
    for path in _untracked(vault):
        here = vault_path(path)
        if here not in files and not _in_another_vault(vault, here):
            stored = os.fsdecode(path)
            _take(vault, stored, here, os.path.islink(vault / stored), files, links)
    return replace(index, name="", label=WORKING_TREE, files=files, links=links, unmerged={})


@dataclass
class Contents:
    """Reads what the trees of one vault name, from git or from the disk. A context manager."""

    repository: Repository
    _blobs: Blobs = field(init=False)

    def __post_init__(self) -> None:
        self._blobs = Blobs(self.repository.vault, self.repository.objects)

    def __enter__(self) -> Contents:
        return self

    def __exit__(self, *_: object) -> None:
        self._blobs.close()

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """Contents by the names that trees have; what cannot be read is missing."""
        return dict(self.stream(names))

    def stream(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The same one by one: git reads the next while the last is looked at. Nothing else may be asked meanwhile."""
        wanted = []
        for name in dict.fromkeys(names):
            if name.startswith(_DISK):
                with suppress(OSError):
                    yield name, _bytes(self.repository.vault / name.removeprefix(_DISK))
            elif name:
                wanted.append(name)
        if wanted:
            yield from self._blobs.stream(wanted)


def _take(vault: Path, stored: str, here: str, is_link: bool, files: dict[str, str], links: dict[str, str]) -> None:
    files.pop(here, None)
    links.pop(here, None)
    if is_link:
        links[here] = f"{_DISK}{stored}"
    elif os.path.isfile(vault / stored) and not os.path.islink(vault / stored):
        files[here] = f"{_DISK}{stored}"


def _untracked(vault: Path) -> list[bytes]:
    """Artifact files also where git is told to ignore them: they are part of the vault all the same."""
    artifacts = run(vault, "ls-files", "-o", "-z", "--", ARTIFACTS) or b""
    others = run(vault, "ls-files", "-o", "-z", "--exclude-standard", "--", ".") or b""
    return [path for path in {*artifacts.split(b"\0"), *others.split(b"\0")} if path]


def _in_another_vault(vault: Path, here: str) -> bool:
    folders = here.split("/")[:-1]
    if folders[:1] == [ARTIFACTS]:
        return False
    return any(os.path.isfile(vault.joinpath(*folders[:number], SETTINGS)) for number in range(1, len(folders) + 1))


def _bytes(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError("too large")
    return data
