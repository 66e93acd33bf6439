"""Which commit is checked out, and whether git is merging, told by a few small files: asked in every pass, so no git
is started."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_LONGEST = 4096
_MERGING = ("AUTO_MERGE", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
"""``AUTO_MERGE`` is all that a squash or ``git stash pop`` leaves."""


def head_mark(vault: Path) -> str:
    """A mark that changes when another commit is checked out or made around a vault; empty without a repository."""
    git_dir = git_dir_of(vault)
    if git_dir is None:
        return ""
    head = _said(git_dir / "HEAD")
    if not head.startswith("ref:"):
        return head
    common = git_dir / (_said(git_dir / "commondir") or ".")
    name = head.removeprefix("ref:").strip()
    return f"{name} {_said(common / name) or _packed(common, name)}"


def may_be_merging(vault: Path) -> bool:
    """A merge, rebase or the like around a vault may not be ended: only then git's index can hold more than one version
    of a file."""
    git_dir = git_dir_of(vault)
    return git_dir is not None and any(os.path.lexists(git_dir / name) for name in _MERGING)


def git_dir_of(vault: Path) -> Path | None:
    """Where git keeps what it knows of the work tree around a vault; None without a repository."""
    vault = Path(os.path.realpath(vault))
    top = next((folder for folder in (vault, *vault.parents) if os.path.lexists(folder / ".git")), None)
    if top is None:
        return None
    git_dir = top / ".git"
    if git_dir.is_file():  # a linked work tree, or a submodule
        git_dir = top / _said(git_dir).removeprefix("gitdir:").strip()
    return git_dir


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
