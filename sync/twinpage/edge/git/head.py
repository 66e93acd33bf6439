"""Which commit is checked out, told by a few small files: asked in every pass, so no git is started."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_LONGEST = 4096


def head_mark(vault: Path) -> str:
    """A mark that changes when another commit is checked out or made around a vault; empty without a repository."""
    vault = Path(os.path.realpath(vault))
    top = next((folder for folder in (vault, *vault.parents) if os.path.lexists(folder / ".git")), None)
    if top is None:
        return ""
    git_dir = top / ".git"
    if git_dir.is_file():  # a linked work tree, or a submodule
        git_dir = top / _said(git_dir).removeprefix("gitdir:").strip()
    head = _said(git_dir / "HEAD")
    if not head.startswith("ref:"):
        return head
    common = git_dir / (_said(git_dir / "commondir") or ".")
    name = head.removeprefix("ref:").strip()
    return f"{name} {_said(common / name) or _packed(common, name)}"


def _said(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError), open(path, "rb") as handle:
        return handle.read(_LONGEST).decode("utf-8").strip()
    return ""


def _packed(common: Path, name: str) -> str:
    with suppress(OSError), open(common / "packed-refs", "rb") as handle:
        for line in handle:
            if line.rstrip().endswith(os.fsencode(f" {name}")):
                return os.fsdecode(line.split()[0])
    return ""
