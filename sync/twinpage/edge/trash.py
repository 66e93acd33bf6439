"""What a pass took off the disk, with time and reason, ready to come back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twinpage.edge.clock import compact_stamp, stamp
from twinpage.edge.disk import STATE_FOLDER, Disk
from twinpage.errors import NotWritten
from twinpage.model.edit import Digest, digest

_MANIFEST = "trash.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One removal: an artifact with the files that went with it."""

    folder: Path
    artifact: str
    when: str
    because: str
    files: tuple[str, ...]
    """Vault paths where they lay."""

    def read(self, path: str) -> bytes:
        return (self.folder / "files" / path).read_bytes()


@dataclass
class Trash:
    """``.twinpage/trash`` of one vault."""

    disk: Disk
    _number: int = field(default=0)

    @property
    def home(self) -> Path:
        return self.disk.root / STATE_FOLDER / "trash"

    def put(
        self, artifact: str, because: str, files: Iterable[tuple[str, Digest]], texts: Iterable[tuple[str, bytes]] = ()
    ) -> None:
        """Move ``files`` (path, digest they must still have) here; ``texts`` are kept besides, as they last were.

        The manifest is written first: a crash in between leaves files in their place or here, never nowhere.
        """
        self._number += 1
        moving, kept = list(files), list(texts)
        paths = [path for path, _ in (*moving, *kept)]
        manifest = {"artifact": artifact, "when": stamp(), "because": because, "files": paths}
        try:
            folder = self.disk.own_folder("trash") / f"{compact_stamp()}-{self._number:04}"
            (folder / "files").mkdir(parents=True)
            (folder / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")
            for path, data in kept:
                place = folder / "files" / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/trash", error.strerror or "the system refused") from error
        for path, expects in moving:
            self.disk.remove(path, expects, folder / "files")

    def bundles(self) -> list[Bundle]:
        """All that could come back, newest first. A bundle that cannot be read is passed over."""
        found = []
        for manifest in sorted(self.home.glob(f"*/{_MANIFEST}"), reverse=True):
            try:
                told = json.loads(manifest.read_text(encoding="utf-8"))
                files = tuple(path for path in told["files"] if (manifest.parent / "files" / path).is_file())
                bundle = Bundle(manifest.parent, told["artifact"], told["when"], told["because"], files)
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if bundle.files:
                found.append(bundle)
        return found

    def place(self, bundle: Bundle) -> str:
        """The folder in which a bundle's files lie, seen from the vault's top."""
        return (bundle.folder / "files").relative_to(self.disk.root).as_posix()

    def bring_back(self, bundle: Bundle, files: Mapping[str, bytes] | None = None) -> list[str]:
        """Write a bundle's files to where they lay; the paths written. Raises when one of them is there again.

        ``files``: what to write instead, by path.
        """
        written = []
        for path, data in ({path: bundle.read(path) for path in bundle.files} if files is None else files).items():
            if self.disk.stat(path) is not None and digest(self.disk.read(path)) == digest(data):
                continue
            self.disk.write(path, data, None)
            written.append(path)
        self.disk.flush()
        return written
