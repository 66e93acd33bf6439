"""What this machine shall not forget even if its state is lost: empty files in ``.twinpage/``."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from twinpage.edge.place import STATE_FOLDER
from twinpage.errors import NotWritten


def is_reminded(root: Path, name: str) -> bool:
    """Whether the vault at ``root`` has this reminder."""
    return os.path.lexists(root / STATE_FOLDER / name)


def remind(root: Path, name: str) -> None:
    """Keep a reminder. Raises NotWritten. That ``.twinpage`` is no link was seen when the state was opened."""
    try:
        os.close(os.open(root / STATE_FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))  # follows no link
    except FileExistsError:
        return
    except OSError as error:
        raise NotWritten(f"{STATE_FOLDER}/{name}", error.strerror or "the system refused") from error


def forget(root: Path, name: str) -> None:
    """Drop a reminder, if it is there."""
    with suppress(OSError):
        os.unlink(root / STATE_FOLDER / name)
