"""Many blobs through one git process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from twinpage.edge.git.run import start

LARGEST = 32 * 1024 * 1024
"""Bytes. A larger blob is passed over."""
_CHUNK = 1 << 20


@dataclass
class Blobs:
    """A running ``git cat-file --batch``, started with the first question. A context manager."""

    folder: Path
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
        """The contents of blobs by name; those that git does not have, or that are too large, are missing.

        Ask for some hundred at most at once: while git answers, nobody listens to more questions than fit in a pipe.
        """
        wanted = list(dict.fromkeys(names))
        contents: dict[str, bytes] = {}
        with suppress(OSError, ValueError):
            if self._process is None:
                self._process = start(self.folder, "cat-file", "--batch")
            asked, answers = self._process.stdin, self._process.stdout
            if asked is None or answers is None:
                return contents
            asked.write("".join(f"{name}\n" for name in wanted).encode("ascii"))
            asked.flush()
            for name in wanted:
                facts = answers.readline().split()
                if len(facts) != 3:
                    continue
                size = int(facts[2])
                if size <= LARGEST:
                    contents[name] = answers.read(size)
                else:
                    while size:
                        size -= len(answers.read(min(size, _CHUNK))) or size
                answers.read(1)
        return contents
