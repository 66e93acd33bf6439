"""Many blobs through one git process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from twinpage.edge.git.loose import read_loose
from twinpage.edge.git.run import start

LARGEST = 32 * 1024 * 1024
"""Bytes. A larger blob is passed over."""
_CHUNK = 1 << 20
_BUFFER = 1 << 16
_STEP = 64
"""Blobs. Twice as many are asked for ahead: the questions have to fit into a pipe while git is busy answering."""


@dataclass
class Blobs:
    """A running ``git cat-file --batch``, started with the first question. A context manager."""

    folder: Path
    objects: Path | None = None
    """Where the repository's objects lie, see ``loose``; None: git alone is asked."""
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            with suppress(OSError):
                self._process.kill()
            # What was not sent yet cannot be sent to a process that ended.
            with suppress(OSError):
                self._process.__exit__(None, None, None)
            self._process = None

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs by name; those that git does not have, or that are too large, are missing."""
        return dict(self.stream(names))

    def stream(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The same one by one: git reads the next while the last is looked at. Nothing else may be asked meanwhile."""
        wanted = []
        for name in dict.fromkeys(names):
            data = read_loose(self.objects, name) if self.objects is not None else None
            if data is None:
                wanted.append(name)
            else:
                yield name, data
        if not wanted:
            return
        if self._process is None:
            with suppress(OSError):
                self._process = start(self.folder, "cat-file", "--batch", buffer=_BUFFER)
        if self._process is None:
            return
        all_read = False
        try:
            with suppress(OSError, ValueError):
                yield from _answers(self._process, wanted)
                all_read = True
        finally:
            if not all_read:  # what it still says would be taken for other blobs
                self.close()


def _answers(process: subprocess.Popen[bytes], wanted: list[str]) -> Iterator[tuple[str, bytes]]:
    """Raises OSError when git ends before it has answered all."""
    asked, answers = process.stdin, process.stdout
    if asked is None or answers is None:
        return
    for number, name in enumerate(wanted):
        if number % _STEP == 0:
            more = wanted[number + _STEP if number else 0 : number + 2 * _STEP]
            asked.write("".join(f"{one}\n" for one in more).encode("ascii"))
            asked.flush()
        facts = answers.readline().split()
        if not facts:
            raise OSError("git has ended")
        if len(facts) != 3:
            continue
        size = int(facts[2])
        if size <= LARGEST:
            data = answers.read(size + 1)
            if len(data) <= size:
                raise OSError("git has ended")
            yield name, data[:-1]
        else:
            left = size + 1
            while left:
                left -= len(answers.read(min(left, _CHUNK))) or left
