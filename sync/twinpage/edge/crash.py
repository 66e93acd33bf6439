"""What is left behind after a bug: a log file that a person can send, never a traceback on their screen."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

from twinpage import __version__
from twinpage.edge.new_files import write_safe
from twinpage.edge.place import folder_of_logs
from twinpage.model.edit import digest


def write_log(error: BaseException, vault: Path | None) -> str:
    """Write what happened to a file and return its path; empty when no folder takes it.

    The same happening again has its file already: a watcher tries for days. The file lies in the vault's
    ``.twinpage/log``, else in the system's folder for temporary files.
    """
    report = f"twinpage {__version__}, Python {platform.python_version()}, {platform.system()}\n\n"
    report += "".join(traceback.format_exception(error))
    data = report.encode("utf-8", "backslashreplace")
    inside = folder_of_logs(vault)
    if inside is not None:
        path = str(inside / f"twinpage-{digest(data)[:12]}.log")
        with suppress(OSError):
            inside.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                write_safe(path, data, None)
            return path
    with suppress(OSError):
        handle, path = tempfile.mkstemp(prefix="twinpage-", suffix=".log")
        with os.fdopen(handle, "wb") as log:
            log.write(data)
        return path
    return ""
