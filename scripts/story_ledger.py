"""Who changed which file of a vault, and whether the log explains what nobody did by hand; for ``story.py``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LOGS = (".twinpage/log/done.1.log", ".twinpage/log/done.log")
APART = (".git", ".twinpage")
TAIL = 400
"""Characters of the log by which its end is found again when a new file was begun meanwhile."""


@dataclass
class Ledger:
    """What ``by_hand`` and ``by_git`` are not told of is twinpage's work, and ``look`` asks the log for it."""

    vault: Path
    typed: list[str] = field(default_factory=list)
    """Words that must be found somewhere for ever."""
    unexplained: list[str] = field(default_factory=list)
    _marks: dict[str, bytes] = field(default_factory=dict)
    _others: set[str] = field(default_factory=set)
    _tail: str = ""

    def begin(self) -> None:
        """What stands now is what everybody knows."""
        self._marks, self._tail = self._files(), self.log()[-TAIL:]
        self._others = set()

    def by_hand(self, path: Path) -> None:
        """Somebody writes, makes or takes away this file."""
        self._others.add(path.relative_to(self.vault).as_posix())

    @contextmanager
    def by_git(self) -> Iterator[None]:
        """What git does within."""
        before = self._files()
        yield
        self._others |= _differing(before, self._files())

    def look(self, step: str) -> tuple[int, int]:
        """Numbers of files that changed since the last look, and of those that twinpage changed."""
        now, told = self._files(), self.news()
        changed = _differing(self._marks, now)
        alone = changed - self._others
        missing = sorted(path for path in alone if f"  {path}  " not in told)
        self.unexplained += [f"{step}: {path} changed, and the log has no line for it" for path in missing]
        self.begin()
        return len(changed), len(alone)

    def news(self) -> str:
        """The log since the last look."""
        whole = self.log()
        return whole.rpartition(self._tail)[2] if self._tail else whole

    def log(self) -> str:
        places = [self.vault / path for path in LOGS]
        return "".join(place.read_text(encoding="utf-8") for place in places if place.exists())

    def lost(self) -> list[str]:
        """Typed words that stand nowhere: in no note, no artifact file, and not in the trash."""
        missing = set(self.typed)
        for place in (self.vault, self.vault / ".twinpage" / "trash"):
            for path in _below(place):
                data = path.read_bytes()
                missing = {word for word in missing if word.encode() not in data}
        return sorted(missing)

    def _files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.vault).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
            for path in _below(self.vault)
        }


def _below(place: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(place):
        folders[:] = [name for name in folders if name not in APART]
        yield from (Path(folder, name) for name in names)


def _differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}
