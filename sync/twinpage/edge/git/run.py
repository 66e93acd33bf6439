"""Running git to read: no lock is taken, and nothing that a repository's settings name is started."""

from __future__ import annotations

import os
import subprocess
import unicodedata
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO, Self

_SECONDS = 60
_SAFE = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "log.showSignature=false"),
    # A partial clone would fetch what it lacks by a program of its settings.
    *("-c", "protocol.allow=never"),
    *("-c", "diff.renameLimit=400"),
)
_OF_A_HOOK = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_EXTERNAL_DIFF",
)
"""What git sets for its hooks would make it speak of another repository than the vault's."""


def run(folder: Path, *arguments: str, index: Path | None = None) -> bytes | None:
    """What git says; None when it fails or takes too long. ``index``: to be read instead of the repository's own."""
    try:
        with start(folder, *arguments, index=index) as process:
            try:
                said, _ = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return None
            except BaseException:  # it does not hear of Ctrl-C itself
                process.kill()
                raise
    except OSError:
        return None
    return said if process.returncode == 0 else None


class Answer:
    """What git is asked for now and says later: it need not be listened to meanwhile. A context manager.

    Where no temporary file can be made for what it says, it is asked only then.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._asked = folder, arguments
        self._said: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            from tempfile import TemporaryFile  # with all that it needs it takes longer to import than most answers do

            self._said = TemporaryFile()  # noqa: SIM115
            self._process = start(folder, *arguments, output=self._said.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.__exit__(None, None, None)
        if self._said is not None:
            self._said.close()

    def read(self) -> bytes | None:
        """All of it; None when git fails or takes too long."""
        if self._said is None or self._process is None:
            folder, arguments = self._asked
            return run(folder, *arguments)
        late = Timer(_SECONDS, self._process.kill)  # waiting with a limit, Popen sleeps up to 0.05 s too long
        late.start()
        try:
            if self._process.wait() != 0:
                return None
        finally:
            late.cancel()
            late.join()  # a process with threads is not copied
        self._said.seek(0)
        return self._said.read()


def start(
    folder: Path,
    *arguments: str,
    index: Path | None = None,
    buffer: int = -1,
    output: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """git as a running process with pipes to its input and output. Raises OSError when it cannot be started.

    A terminal's Ctrl-C does not reach it: what git said no more would be taken for its answer.

    ``buffer``: bytes that are taken from its output at once. ``output``: a file for it, instead of a pipe.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    return subprocess.Popen(
        ["git", *_SAFE, *arguments],
        cwd=folder,
        env=environment,
        bufsize=buffer,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.DEVNULL,
        process_group=0 if os.name == "posix" else None,
    )


def vault_path(path: bytes) -> str:
    """A path as git has it, as a vault path: NFC, whatever the machine that committed it preferred."""
    return unicodedata.normalize("NFC", os.fsdecode(path))
