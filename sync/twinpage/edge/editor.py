"""The person's own editor, named by their environment and never by a vault."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from twinpage.errors import Usage


def edit(text: str) -> str:
    """Let the person edit a text and return what they saved. Raises Usage when no editor can be started."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="twinpage-") as folder:
        path = Path(folder) / "conflict.md"
        path.write_text(text, encoding="utf-8")
        try:
            ended = subprocess.run([*command, str(path)], check=False)
        except OSError as error:
            raise Usage(f"The editor `{command[0]}` did not start ({error.strerror}): set EDITOR.") from error
        if ended.returncode:
            raise Usage(f"The editor `{command[0]}` ended with {ended.returncode}: nothing was changed.")
        return path.read_text(encoding="utf-8", errors="replace")
