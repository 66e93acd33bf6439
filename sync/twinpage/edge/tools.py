"""The programs around us, asked for what `doctor` tells. They are fixed here: no vault can name one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

_SECONDS = 10


def git_version() -> str:
    """Such as ``2.39.5``; empty when git is not there or does not answer."""
    said = _git(["version"], Path())
    return said.removeprefix("git version ").split(" ")[0] if said else ""


def is_ignored(root: Path, path: str) -> bool | None:
    """git would leave this path of the vault alone; None outside a repository or without git."""
    if _git(["rev-parse", "--is-inside-work-tree"], root) != "true":
        return None
    return _git(["check-ignore", "--no-index", path], root) is not None


def kept_out(root: Path, paths: Iterable[str]) -> list[str]:
    """Those of these paths of the vault that git would not take, and does not have; none outside a repository."""
    asked = b"\0".join(os.fsencode(path) for path in paths)
    said = _git(["check-ignore", "-z", "--stdin"], root, asked)
    return said.rstrip("\0").split("\0") if said else []


def is_writable(folder: Path) -> str:
    """Why a file cannot be made in this folder; empty when it can."""
    try:
        descriptor, path = tempfile.mkstemp(prefix=".twinpage-", dir=folder)
    except OSError as error:
        return error.strerror or "the system refused"
    os.close(descriptor)
    os.unlink(path)
    return ""


def _git(arguments: list[str], folder: Path, given: bytes = b"") -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *arguments], cwd=folder, input=given, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
