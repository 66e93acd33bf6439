"""The last commits of a folder with what each changed, read while git still writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from twinpage.edge.git.run import start, vault_path

_CHUNK = 1 << 16


class Change(Struct, frozen=True):
    """One file that a commit changed. The name of a blob is empty where there was, or is, no plain file."""

    old_path: str
    path: str
    old_blob: str
    blob: str


class Commit(Struct):
    """One commit that changed something in the folder. ``parents`` are the next older such commits."""

    name: str
    parents: tuple[str, ...]
    changes: list[Change] = field(default_factory=list)
    """Against the first parent, paths relative to the folder."""


def commits(folder: Path, number: int) -> Iterator[Commit]:
    """The last commits that changed something in a folder, none before its children; none when git cannot tell."""
    try:
        process = start(
            folder,
            "log",
            f"-{number}",
            "--format=%x01%H %P",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--date-order",
            # Shows each commit's parents among those that are listed.
            "--parents",
            "--diff-merges=first-parent",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            "--",
            ".",
        )
    except OSError:
        return
    with process:
        try:
            if process.stdin and process.stdout:
                process.stdin.close()
                yield from _parsed(_words(process.stdout))
        finally:
            with suppress(OSError):
                process.kill()


def _words(output: IO[bytes]) -> Iterator[bytes]:
    """What stands between zero bytes."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _parsed(words: Iterator[bytes]) -> Iterator[Commit]:
    commit: Commit | None = None
    for word in words:
        word = word.lstrip(b"\n")
        if word.startswith(b"\x01"):
            if commit is not None:
                yield commit
            name, *parents = word[1:].decode("ascii").split()
            commit = Commit(name, tuple(parents))
        elif word.startswith(b":") and commit is not None:
            old_mode, mode, old_blob, blob, status = word[1:].decode("ascii").split(" ")
            old_path = path = vault_path(next(words, b""))
            if status[0] in "RC":
                path = vault_path(next(words, b""))
            commit.changes.append(Change(old_path, path, _plain(old_mode, old_blob), _plain(mode, blob)))
    if commit is not None:
        yield commit


def _plain(mode: str, blob: str) -> str:
    return blob if mode.startswith("100") else ""
