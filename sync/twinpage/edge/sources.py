"""Foreign documents on disk: files and folders that somebody names for an import."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twinpage.core.importing import LARGEST
from twinpage.edge.refused import reason
from twinpage.errors import Usage

ENDINGS = (".md", ".markdown", ".txt")


@dataclass
class Sources:
    """What was found. Paths are written as the person would write them."""

    documents: dict[str, bytes] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    """Path -> a plain clause that says why it was not read."""
    others: int = 0
    """Files with other endings, which are no notes."""


def read_sources(sources: Iterable[Path]) -> Sources:
    """Read all notes at and below ``sources``. Dot-folders and links that leave a named folder are not entered.

    Raises Usage when a source is not there.
    """
    found = Sources()
    for source in sources:
        if not os.path.lexists(source):
            raise Usage(f"There is nothing at {source}; check the path.")
        if source.is_dir():
            for path in _files(source, found):
                _read(path, Path(os.path.realpath(source)), found)
        else:
            _read(source, None, found)
    return found


def _files(folder: Path, found: Sources) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        found.unread[_shown(Path(error.filename))] = f"the folder cannot be listed ({reason(error)})"

    for here, folders, files in os.walk(folder, onerror=refused):
        for name in [name for name in folders if (Path(here) / name).is_symlink()]:
            found.unread[_shown(Path(here) / name)] = "it is a link to a folder; name that folder itself"
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not (Path(here) / n).is_symlink())
        for name in sorted(files):
            if name.lower().endswith(ENDINGS):
                yield Path(here) / name
            elif not name.startswith("."):
                found.others += 1


def _read(path: Path, inside: Path | None, found: Sources) -> None:
    shown = _shown(path)
    try:
        if inside is not None and inside not in Path(os.path.realpath(path)).parents:
            found.unread[shown] = "it is a link that leaves the folder; name that file itself"
            return
        # A named pipe would wait for ever to be opened.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as handle:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                found.documents[shown] = handle.read(LARGEST + 1)
            else:
                found.unread[shown] = "it is no regular file; leave it out"
    except OSError as error:
        found.unread[shown] = f"it cannot be read ({reason(error)})"


def _shown(path: Path) -> str:
    # Names that are no UTF-8 must not end up in artifact files.
    text = os.fsencode(path.as_posix()).decode("utf-8", "replace")
    return unicodedata.normalize("NFC", text)
