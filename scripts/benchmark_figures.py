"""What a figure of the benchmark is: measured, held against a reference and a budget, and told."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

MEGABYTE = 1_000_000
MEMORY = 250
"""MB that sync and check may have."""


@dataclass(frozen=True)
class Run:
    """One process: wall time and processor time in seconds, and the most memory that it had in MB."""

    seconds: float
    memory: float
    processor: float


@dataclass(frozen=True)
class Figure:
    """One line of the result. Budgets that are None do not apply."""

    what: str
    twins: int
    seconds: float | None
    memory: float | None = None
    reference: str = ""
    reference_seconds: float | None = None
    most_seconds: float | None = None
    most_ratio: float | None = None
    most_memory: float | None = None
    times: float | None = None
    """The ratio itself, where it is not one of times."""
    processor: float | None = None
    """Processor time: what is left of the time on a machine that does other things besides."""

    @property
    def ratio(self) -> float | None:
        if self.seconds is None or not self.reference_seconds:
            return self.times
        return self.seconds / self.reference_seconds

    @property
    def met(self) -> bool:
        limits = ((self.seconds, self.most_seconds), (self.ratio, self.most_ratio), (self.memory, self.most_memory))
        return all(limit is None or value is None or value <= limit for value, limit in limits)


def run(*command: str, folder: Path | None = None) -> Run:
    """Run a program to its end, its output thrown away."""
    # An installed package is compiled; a checkout is after its first run, unless Python is told not to keep that.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=kept, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"`{' '.join(command)}` ended with {process.returncode}:\n{said.decode(errors='replace')}")
    kilobytes = usage.ru_maxrss / 1024 if platform.system() == "Darwin" else usage.ru_maxrss
    return Run(seconds, kilobytes * 1024 / MEGABYTE, usage.ru_utime + usage.ru_stime)


def twinpage(*arguments: str, folder: Path | None = None) -> Run:
    return run(sys.executable, "-m", "twinpage", *arguments, folder=folder)


def median(number: int, measured: Callable[[], Run]) -> Run:
    runs = [measured() for _ in range(number)]
    return Run(
        statistics.median(one.seconds for one in runs),
        max(one.memory for one in runs),
        statistics.median(one.processor for one in runs),
    )


def seconds_of(number: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(number):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def figure(
    what: str,
    twins: int,
    of: Run,
    reference: str,
    seconds: float,
    *,
    most_seconds: float,
    most_ratio: float | None = None,
) -> Figure:
    return Figure(
        what, twins, of.seconds, of.memory, reference, seconds, most_seconds, most_ratio, MEMORY, processor=of.processor
    )


def add(figures: list[Figure], new: list[Figure], quiet: bool) -> None:
    if not figures and not quiet:
        print(f"{'':38} {'twins':>6} {'time':>9} {'processor':>9} {'memory':>8}   ratio to the reference")
    for figure in new:
        figures.append(figure)
        if not quiet:
            print(_line(figure), flush=True)


def _line(figure: Figure) -> str:
    time_said = _said(figure.seconds) if figure.seconds is not None else ""
    memory = f"{figure.memory:.0f} MB" if figure.memory else ""
    ratio = f"{figure.ratio:6.1f} x {figure.reference}" if figure.ratio else ""
    if figure.reference_seconds:
        ratio += f" ({_said(figure.reference_seconds)})"
    limits = [
        f"<= {_said(figure.most_seconds)}" if figure.most_seconds else "",
        f"<= {figure.most_ratio:g} x" if figure.most_ratio else "",
        f"<= {figure.most_memory:.0f} MB" if figure.most_memory else "",
    ]
    budget = ", ".join(limit for limit in limits if limit)
    verdict = ("met" if figure.met else "MISSED") if budget else ""
    own = _said(figure.processor) if figure.processor else ""
    head = f"{figure.what:38} {figure.twins or '':>6} {time_said:>9} {own:>9} {memory:>8}"
    return f"{head}   {ratio:45} {verdict:7}{budget}"


def _said(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def as_json(figures: list[Figure]) -> dict[str, object]:
    rows = [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures]
    return {"format": 1, "python": platform.python_version(), "cores": os.cpu_count(), "figures": rows}
