"""What a pass took off the disk, with time and reason, ready to come back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twinpage.edge import deeds
from twinpage.edge.bundle import FILES, RECORD, RESTORED, Bundle, discard, read_bundle
from twinpage.edge.clock import compact_stamp, stamp
from twinpage.edge.disk import STATE_FOLDER, Disk
from twinpage.edge.new_files import write_safe
from twinpage.edge.refused import reason
from twinpage.errors import NotRead, NotWritten
from twinpage.model.edit import Digest

__all__ = ["Bundle", "Trash", "by_id"]


@dataclass
class Trash:
    """``.twinpage/trash`` of one vault."""

    disk: Disk
    _number: int = field(default=0)

    @property
    def home(self) -> Path:
        return self.disk.root / STATE_FOLDER / "trash"

    def put(
        self,
        artifact: str,
        because: str,
        files: Iterable[tuple[str, Digest]],
        texts: Iterable[tuple[str, bytes]] = (),
        left: Mapping[str, Digest] | None = None,
        undo: bool = False,
    ) -> None:
        """Move ``files`` (path, digest they must still have) here; ``texts`` are kept besides, as they last were.

        The record is written first: a crash in between leaves files in their place or here, never nowhere. ``left``
        tells what will stand where the files were; ``undo``, that this undoes a restore. Raises NotWritten,
        ChangedMeanwhile, OutsideVault.
        """
        moving, kept = list(files), list(texts)
        if not moving and not kept:
            return
        for path, expects in moving:
            self.disk.ensure(path, expects)
        self._number += 1
        paths = [path for path, _ in (*moving, *kept)]
        told: dict[str, Any] = {"artifact": artifact, "when": stamp(), "because": because, "files": paths}
        told |= ({"left": dict(left)} if left else {}) | ({"undo": True} if undo else {})
        record = json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace")
        try:
            folder = self.disk.own_folder("trash") / f"{compact_stamp()}-{self._number:04}"
            (folder / FILES).mkdir(parents=True)
            self._write(folder / RECORD, record)
            for path, data in kept:
                self._write(folder / FILES / path, data)
            self.disk.sync_folder(self.home)
            deeds.note(self.disk.root, (f"kept  {path}  ({because})  {artifact}" for path, _ in kept))
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/trash", reason(error)) from error
        for path, expects in moving:
            self.disk.remove(path, expects, folder / FILES, f"trashed  {path}  ({because})  {artifact}")

    def _write(self, place: Path, data: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_safe(str(place), data, None)
        self.disk.sync_folder(place.parent)

    def bundles(self) -> list[Bundle]:
        """All removals whose record can be read, newest first."""
        read = (read_bundle(folder) for folder in self._folders())
        return [bundle for bundle in read if bundle is not None]

    def unread(self) -> list[str]:
        """Folders, seen from the vault's top, whose record cannot be read; what is in them is left alone."""
        return [self._seen(folder) for folder in self._folders() if read_bundle(folder) is None]

    def place(self, bundle: Bundle) -> str:
        """The folder in which a bundle's files lie, seen from the vault's top."""
        return self._seen(bundle.folder / FILES)

    def read(self, bundle: Bundle, path: str) -> bytes:
        """The bytes of one file of a bundle. Raises NotRead."""
        try:
            return bundle.read(path)
        except OSError as error:
            raise NotRead(f"{self.place(bundle)}/{path}", reason(error)) from error

    def mark_restored(self, bundle: Bundle) -> None:
        """Remember that a bundle was brought back. Raises NotWritten."""
        try:
            if not bundle.restored:
                write_safe(str(bundle.folder / RESTORED), b"", None)
        except OSError as error:
            raise NotWritten(self._seen(bundle.folder), reason(error)) from error

    def discard(self, bundle: Bundle) -> None:
        """Take a bundle away for good. Raises NotWritten; what is left of it is still told of."""
        try:
            discard(bundle.folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise NotWritten(self._seen(bundle.folder), reason(error)) from error

    def _seen(self, folder: Path) -> str:
        return folder.relative_to(self.disk.root).as_posix()

    def _folders(self) -> Iterator[Path]:
        """Newest first. A link is no folder of ours, and an empty folder holds nothing."""
        if os.path.realpath(self.home) != str(self.home):
            return
        try:
            with os.scandir(self.home) as entries:
                names = sorted((entry.name for entry in entries if entry.is_dir(follow_symlinks=False)), reverse=True)
        except OSError:
            return
        for name in names:
            if not _is_empty(self.home / name):
                yield self.home / name


def by_id(bundles: Iterable[Bundle]) -> dict[str, Bundle]:
    """Which of them, newest first, comes back by an artifact's id: the newest that no restore put away, if any."""
    found: dict[str, Bundle] = {}
    for bundle in sorted((bundle for bundle in bundles if bundle.files), key=lambda bundle: bundle.undo):
        found.setdefault(bundle.artifact, bundle)
    return found


def _is_empty(folder: Path) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        return False
