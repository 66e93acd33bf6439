"""The person's own editor, named by their environment and never by a vault."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from twinpage.edge.clock import compact_stamp
from twinpage.edge.disk import STATE_FOLDER, Disk
from twinpage.errors import NotWritten, Usage


@dataclass
class Desk:
    """Where texts lie while somebody edits them: in the vault's own folder, until all of it has found its place."""

    disk: Disk
    _folder: Path | None = None
    _given: dict[Path, str] = field(default_factory=dict)

    def edit(self, name: str, text: str) -> str:
        """Let the person edit a text and return what they saved. Raises Usage, NotWritten."""
        try:
            path = self._path(name)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/edits", error.strerror or "the system refused") from error
        self._given[path] = text
        _run(path)
        try:
            return path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise Usage("What was saved is not UTF-8, so nothing was changed; save it as UTF-8.") from None
        except OSError:
            return ""  # the editor removed it: nothing was saved

    def typed(self) -> list[str]:
        """Vault paths of texts that are other than they were given."""
        return [path.relative_to(self.disk.root).as_posix() for path, text in self._given.items() if _other(path, text)]

    def clear(self) -> None:
        """Everything has found its place, or nothing was typed."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            with suppress(OSError):
                self._folder.parent.rmdir()

    def _path(self, name: str) -> Path:
        if self._folder is None:
            self._folder = self.disk.own_folder("edits") / compact_stamp()
            self._folder.mkdir()
        return self._folder / name


def _other(path: Path, text: str) -> bool:
    with suppress(OSError):
        saved = path.read_bytes()
        return bool(saved.strip()) and saved != text.encode("utf-8")
    return False


def _run(path: Path) -> None:
    try:
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    except ValueError:
        command = []
    if not command:
        raise Usage("VISUAL or EDITOR names no program: set it to your editor and run the command again.")
    try:
        ended = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        raise Usage(
            f"The editor `{command[0]}` did not start ({error.strerror}): set EDITOR to one that does."
        ) from error
    if ended.returncode:
        raise Usage(f"The editor `{command[0]}` ended with {ended.returncode}, so nothing was changed; try again.")
