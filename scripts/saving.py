"""How programs save a text file. Each way is called with what the file held when it was read and what it shall hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random


class Overtaken(Exception):
    """Somebody else wrote the file since it was read: an app loads it again and does not save."""


def in_place(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """Over the old bytes, then cut to length."""
    with open(path, "r+b") as file:
        if file.read() != old:
            raise Overtaken
        file.seek(0)
        _in_pieces(file.fileno(), new, r)
        file.truncate(len(new))
    _ensure_still_there(path, new)


def truncated(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """Emptied, a pause, then written in pieces, as Logseq does."""
    _ensure(path, old)
    file = os.open(path, os.O_WRONLY | os.O_TRUNC)
    try:
        time.sleep(r.choice([0, 0, 0.05, 0.3]))
        _in_pieces(file, new, r)
    finally:
        os.close(file)
    _ensure_still_there(path, new)


def renamed(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """Written beside it and put in its place."""
    fresh = path.with_name(f".{path.name}.{r.randrange(10**6)}.tmp" if r.random() < 0.5 else f"{path.name}.tmp")
    fresh.write_bytes(new)
    try:
        _ensure(path, old)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def vim(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """With a swap file, a probe of the folder, the old file moved away as a backup, and a new file in its place."""
    swap, probe, backup = path.with_name(f".{path.name}.swp"), path.with_name("4913"), path.with_name(f"{path.name}~")
    swap.write_bytes(b"b0VIM 9.1")
    try:
        probe.touch()
        probe.unlink()
        _ensure(path, old)
        os.rename(path, backup)
        path.write_bytes(new)
        time.sleep(r.choice([0, 0, 0.05]))
        backup.unlink()
    finally:
        swap.unlink()
    _ensure_still_there(path, new)


def recreated(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """Deleted and made anew."""
    _ensure(path, old)
    path.unlink()
    time.sleep(r.choice([0, 0.05, 0.4]))
    path.write_bytes(new)
    _ensure_still_there(path, new)


def as_logseq(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """Truncated and written in the form in which Logseq puts a page together: nothing after the last block."""
    truncated(path, old, new.rstrip(b"\n"), r)


def by_sed(path: Path, old: bytes, new: bytes, r: Random) -> None:
    """``sed -i`` of the only line that differs; other changes are not for it."""
    program = shutil.which("sed")
    before, after = old.split(b"\n"), new.split(b"\n")
    lines = [number for number, (one, other) in enumerate(zip(before, after, strict=False), 1) if one != other]
    if program is None or len(before) != len(after) or len(lines) != 1 or b"\\" in after[lines[0] - 1]:
        return renamed(path, old, new, r)
    _ensure(path, old)
    script = b"%dc\\\n%s" % (lines[0], after[lines[0] - 1])
    subprocess.run([program, "-i", os.fsdecode(script), str(path)], check=True)
    return None


WAYS: tuple[Callable[[Path, bytes, bytes, Random], None], ...] = (
    in_place,
    truncated,
    renamed,
    vim,
    recreated,
    by_sed,
)


class Orphaned(Exception):
    """What was saved is not there: the file was replaced while a program had it open."""


def _ensure(path: Path, old: bytes) -> None:
    try:
        if path.read_bytes() != old:
            raise Overtaken
    except FileNotFoundError:
        raise Overtaken from None


def _ensure_still_there(path: Path, new: bytes) -> None:
    try:
        now = path.read_bytes()
    except FileNotFoundError:
        now = b""
    if now != new:
        raise Orphaned


def _in_pieces(file: int, data: bytes, r: Random) -> None:
    pieces = r.choice([1, 1, 2, 4])
    size = max(1, -(-len(data) // pieces))
    for start in range(0, len(data), size):
        if start:
            time.sleep(r.uniform(0, 0.1))
        rest = data[start : start + size]
        while rest:
            rest = rest[os.write(file, rest) :]
