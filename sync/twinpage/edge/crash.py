"""What is left behind after a bug: a log file that a person can send, never a traceback on their screen."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

from twinpage import __version__
from twinpage.edge.place import STATE_FOLDER


def write_log(error: BaseException, vault: Path | None) -> str:
    """Write what happened to a new file and return its path; empty when no folder takes it.

    The file lies in the vault's ``.twinpage/log``, else in the system's folder for temporary files.
    """
    report = f"twinpage {__version__}, Python {platform.python_version()}, {platform.system()}\n\n"
    report += "".join(traceback.format_exception(error))
    for folder in _folders(vault):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(prefix="twinpage-", suffix=".log", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
                log.write(report)
        except OSError:
            continue
        return path
    return ""


def _folders(vault: Path | None) -> list[Path]:
    folders = []
    if vault is not None and (vault / STATE_FOLDER).is_dir():
        inside = Path(os.path.realpath(vault / STATE_FOLDER / "log"))
        if inside.is_relative_to(os.path.realpath(vault)):
            folders.append(inside)
    with suppress(OSError):
        folders.append(Path(tempfile.gettempdir()))
    return folders
