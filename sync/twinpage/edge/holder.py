"""Which process holds something: no later one is mistaken for it."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from pathlib import Path

from msgspec import Struct


class Holder(Struct, frozen=True):
    """A process that no later one is mistaken for: process ids are given again, also after a restart."""

    pid: int
    host: str
    boot: str
    start: str

    @staticmethod
    def this() -> Holder:
        return Holder(os.getpid(), platform.node(), _boot(), _start(os.getpid()))

    def is_gone(self) -> bool:
        """It certainly no longer runs. Of another machine nobody can tell."""
        if self.host != platform.node():
            return False
        if self.boot != _boot() or (self.start and _start(self.pid) not in ("", self.start)):
            return True
        return not is_alive(self.pid)

    def __str__(self) -> str:
        where = "" if self.host == platform.node() else f" on {self.host}"
        return f"Another twinpage (process {self.pid}{where})"


def parsed(data: bytes) -> Holder | None:
    """What a lock or a sign says of its holder; None when that is nothing of ours."""
    try:
        said = json.loads(data)
        return Holder(int(said["pid"]), str(said["host"]), str(said["boot"]), str(said["start"]))
    except (ValueError, KeyError, TypeError):
        return None


def is_alive(pid: int) -> bool:
    """A process of this number runs; where nobody can tell, it does."""
    if os.name == "nt":  # there a signal 0 is Ctrl-C
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return _facts(pid)[:1] != ["Z"]  # it ended, and nobody has asked yet how


def started_at(pid: int) -> float:
    """When a process started, in seconds since the epoch; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        kernel = Path("/proc/stat").read_text(encoding="ascii")
        booted = int(kernel.partition("\nbtime ")[2].split()[0])
        return booted + int(_start(pid)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _boot() -> str:
    """What changes when the machine starts anew; empty where the system does not tell."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _start(pid: int) -> str:
    """When a process started, in the system's own unit; empty where the system does not tell."""
    return next(iter(_facts(pid)[19:20]), "")


def _facts(pid: int) -> list[str]:
    """What the system tells of a process, from its state on; empty where it does not."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()
    return []
