"""A vault with a real ``twinpage watch`` beside it, and what that process costs; for the scripts. Needs /proc."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
SEED = 7
START = 300.0
"""Seconds that a watch may take until it says that it has started."""

Event = dict[str, Any]


def make(vault: Path, size: int, dialect: str, seed: int = SEED) -> None:
    """A vault of ``size`` twins in step, in a git repository with everything committed."""
    must(vault.parent, sys.executable, "-m", "twinpage", "init", str(vault), "--dialect", dialect, "--with", "none")
    must(vault, sys.executable, str(HERE / "benchmark_vault.py"), str(vault), str(size), str(seed))
    must(vault, sys.executable, "-m", "twinpage", "sync")
    git(vault, "init", "-q", "-b", "main")
    commit(vault, "all")


def git(vault: Path, *words: str) -> str:
    who = ("-c", "user.name=Writer", "-c", "user.email=writer@example.org", "-c", "commit.gpgsign=false")
    return must(vault, "git", "-c", "gc.auto=0", *who, *words)


def commit(vault: Path, message: str) -> None:
    """All that there is; again, as people do, when a file went while git was adding it."""
    for _ in range(5):
        adding = ("git", "-c", "gc.auto=0", "add", "-A")
        if (
            subprocess.run(adding, cwd=vault, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode
            == 0
        ):
            break
        time.sleep(0.5)
    else:
        git(vault, "add", "-A")
    git(vault, "commit", "-q", "--allow-empty", "-m", message)


def must(folder: Path, *command: str) -> str:
    """What a program prints that has to succeed."""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def twinpage(vault: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One command as people call it, beside the watch."""
    command = [sys.executable, "-m", "twinpage", *words, "--vault", str(vault)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


@dataclass
class Watched:
    """A running watch. ``events`` has all that it told, with the time at which it was heard."""

    process: subprocess.Popen[str]
    said: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    events: list[tuple[float, Event]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append((time.monotonic(), json.loads(line)))
        self.ended.set()

    def wait_for(self, what: str, seconds: float = START) -> float:
        """When the first event of this name was told, in seconds since the start."""
        end = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < end:
            over = self.ended.is_set()
            for heard, event in self.events[seen:]:
                seen += 1
                if event["event"] == what:
                    return heard - self.began
            if over:
                break
            time.sleep(0.005)
        sys.exit(f"The watch did not say {what!r}: {self.errors() or self.events[-3:]}")

    def errors(self) -> str:
        """What it wrote to stderr."""
        self.said.seek(0)
        return self.said.read().decode("utf-8", "replace")

    @property
    def memory(self) -> float:
        """MB that it has now."""
        return self._status("VmRSS")

    @property
    def most_memory(self) -> float:
        """MB that it had at most."""
        return self._status("VmHWM")

    def _status(self, name: str) -> float:
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii", errors="replace")
        if f"{name}:" not in text:  # it ended, and nobody has asked yet how
            self.ended.wait(5)
            sys.exit(f"The watch ended with {self.process.wait(5)}: {self.errors()} {self.events[-3:]}")
        return int(text.partition(f"{name}:")[2].split(maxsplit=1)[0]) * 1024 / 1_000_000

    @property
    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    @property
    def processor(self) -> float:
        """Seconds of processor time that it has used."""
        text = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii", errors="replace")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def quiet(self, seconds: float, longest: float) -> bool:
        """Wait until nothing is told for so long from now on; False when that does not come."""
        begun = time.monotonic()
        while time.monotonic() < begun + longest:
            last = self.events[-1][0] if self.events else self.began
            if time.monotonic() - max(last, begun) >= seconds:
                return True
            time.sleep(0.1)
        return False


@contextmanager
def watch(vault: Path) -> Iterator[Watched]:
    """Start ``twinpage watch`` and end it as a terminal that closes does. It has started when it says so."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # and it ends with who started it
    command = [sys.executable, "-m", "twinpage", "watch", "--output-format", "jsonl", "--vault", str(vault)]
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, text=True)
        watched = Watched(process, said, began)
        ears = threading.Thread(target=watched.listen, daemon=True)
        ears.start()
        try:
            yield watched
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            ears.join(5)
            assert process.stdout is not None
            process.stdout.close()
