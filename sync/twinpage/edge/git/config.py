"""The settings of one clone, which git reads and writes itself: its quoting and its lock."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from twinpage.edge.git.run import run
from twinpage.errors import NotWritten


class GitConfig(Struct, frozen=True):
    """The settings that belong to the repository around a folder, and to nobody else's."""

    folder: Path

    def all(self, key: str) -> tuple[str, ...]:
        """All values of a key, in their order."""
        said = run(self.folder, "config", "--local", "-z", "--get-all", key) or b""
        return tuple(os.fsdecode(value) for value in said.split(b"\0")[:-1])

    def get(self, key: str) -> str:
        """The value in force; empty when there is none."""
        return (self.all(key) or ("",))[-1]

    def set(self, key: str, value: str) -> None:
        """Raises NotWritten."""
        if self.all(key) != (value,):
            self._change("--replace-all", key, value)

    def add(self, key: str, value: str) -> None:
        """One value more. Raises NotWritten."""
        self._change("--add", key, value)

    def unset(self, key: str, value: str) -> None:
        """Take one value of a key away, if it is there. A section goes with its last key. Raises NotWritten."""
        if value in self.all(key):
            self._change("--unset-all", "--fixed-value", key, value)

    def _change(self, *words: str) -> None:
        if run(self.folder, "config", "--local", *words) is None:
            raise NotWritten("The configuration of this git repository", "git refused, or another git is writing it")
