"""The three files that git gives to a merge driver: read whole, written all at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from twinpage.edge.git.head import git_dir_of
from twinpage.model.conflict import REBASED

_MOST_CONFLICTS = 127
_SECONDS = 60


def read_three(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """Their bytes. Raises OSError."""
    return tuple(path.read_bytes() for path in paths)


def merged_by_lines(
    folder: Path, paths: Sequence[Path], size: int = 7, labels: tuple[str, str, str] = ("ours", "base", "theirs")
) -> tuple[bytes, int] | None:
    """What git's merge of texts makes of base, ours, theirs, and how many conflicts it has; None when it cannot."""
    import subprocess  # most merges need no other process

    from twinpage.edge.git.run import start

    base, ours, theirs = (str(path.absolute()) for path in paths)
    named = [word for label in labels for word in ("-L", label)]
    words = ["merge-file", "-p", "-q", f"--marker-size={size}", *named, ours, base, theirs]
    try:
        with start(folder, *words) as process:
            try:
                said, _ = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return None
    except OSError:
        return None
    return (said, process.returncode) if 0 <= process.returncode <= _MOST_CONFLICTS else None


def merged_texts(
    folder: Path, paths: Sequence[Path], ours: bytes, size: int, labels: tuple[str, str, str]
) -> tuple[bytes, int] | None:
    """The same where ``ours`` no longer stands at its path. Raises OSError."""
    kept = paths[1].with_name(f"{paths[1].name}.{os.getpid()}.ours")
    try:
        with kept.open("xb") as file:
            file.write(ours)
        return merged_by_lines(folder, (paths[0], kept, paths[2]), size, labels)
    finally:
        kept.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Put these bytes at a path at once: whoever reads it finds the former ones or these. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("xb") as file:
            file.write(data)
        if path.exists():
            os.chmod(fresh, path.stat().st_mode & 0o777)
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


FULL, SHOWN = 40, 12
"""Digits of a commit's name, and how many of them tell people which it is."""


def other_side(top: Path) -> str:
    """What git calls the branch that is merged in, a commit by its first digits, see ``REBASED`` for one that is
    rebased; empty where it does not tell."""
    heads = {value for name, value in os.environ.items() if name.startswith("GITHEAD_") and value != "HEAD"}
    if len(heads) == 1:
        name = heads.pop()
        return name[:SHOWN] if len(name) == FULL and set(name) <= set("0123456789abcdef") else name
    try:
        git = git_dir_of(top) or top
        for name in ("rebase-merge", "rebase-apply"):
            place = git / name / "head-name"
            if place.is_file():
                return place.read_text(encoding="utf-8", errors="replace").strip().removeprefix("refs/heads/") + REBASED
    except (OSError, UnicodeDecodeError):
        pass
    return ""
