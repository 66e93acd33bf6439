"""How fast twinpage is: each figure absolute, and as a ratio to what the machine itself needs in the same run.

    python scripts/benchmark.py                    10,000 twins, and growth from 1,000
    python scripts/benchmark.py --size 2000        another number; no growth below 10,000
    python scripts/benchmark.py --json             for machines
    python scripts/benchmark.py --dialect logseq   in the other dialect

Every command is run as people run it, as a process of its own. Exit code 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path

from environment import environment, python_with

FULL, SMALL = 10_000, 1_000
SEED = 7
HERE = Path(__file__).resolve().parent
MEGABYTE = 1_000_000
MEMORY = 250


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


def main() -> int:
    """Measure, print, and say by the exit code whether all budgets are met."""
    options = _options()
    if importlib.util.find_spec("twinpage") is None:
        python = python_with("run", "-e", ".")
        return subprocess.run([str(python), *sys.argv], env=environment(), check=False).returncode
    sizes = [SMALL, FULL] if options.size == FULL else [options.size]
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="twinpage-benchmark-") as folder:
        vault_figures(Path(folder) / "warm", 20, options.dialect)
        _add(figures, start_figures(), options.json)
        for size in sizes:
            vault = Path(folder) / str(size)
            found = vault_figures(vault, size, options.dialect)
            _add(figures, found, options.json)
            shutil.rmtree(vault, ignore_errors=True)
    if len(sizes) == 2:
        _add(figures, growth_figures(figures), options.json)
    missed = list(dict.fromkeys(figure.what for figure in figures if not figure.met))
    if options.json:
        print(json.dumps(_as_json(figures), indent=2))
    else:
        print("\nAll budgets are met." if not missed else f"\nMissed: {', '.join(missed)}.")
    return int(bool(missed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=FULL, help="number of twins")
    parser.add_argument("--dialect", choices=("obsidian", "logseq"), default="obsidian")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


# ---------------------------------------------------------------------- measuring


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


# ---------------------------------------------------------------------- figures


def start_figures() -> list[Figure]:
    """What every call costs before it does anything."""
    bare = median(9, lambda: run(sys.executable, "-c", "pass")).seconds
    figures = []
    for word, most in (("--version", 0.12), ("--help", 0.35)):
        one = median(9, lambda word=word: twinpage(word))  # type: ignore[misc]
        figures.append(figure(word, 0, one, "bare Python", bare, most_seconds=most))
    return figures


def vault_figures(vault: Path, size: int, dialect: str) -> list[Figure]:
    """A vault from nothing to checked. Budgets hold for the full size only."""
    twinpage("init", str(vault), "--dialect", dialect, "--with", "none")
    # Not in this process: what it grows to would count as memory of every process that it starts.
    run(sys.executable, str(HERE / "benchmark_vault.py"), str(vault), str(size), str(SEED))
    first = twinpage("sync", folder=vault)
    added = git_add(vault)
    scanned = seconds_of(5, lambda: scan(vault))
    hashed = seconds_of(3, lambda: read(vault))
    idle = median(5, lambda: twinpage("sync", folder=vault))
    notes = sorted(path for path in vault.rglob("*.md") if b"artifact-id" in path.read_bytes()[:200])
    changed = median(3, lambda: change_and_sync(vault, notes))
    shutil.rmtree(vault / ".twinpage")
    cold = twinpage("check", folder=vault)
    warm = median(3, lambda: twinpage("check", folder=vault))
    stat, digest = "scandir + stat", "read + blake2b"
    figures = [
        figure("first sync", size, first, "git add -A", added, most_seconds=30, most_ratio=4),
        figure("sync, nothing changed", size, idle, stat, scanned, most_seconds=0.5, most_ratio=4),
        figure("sync, one note changed", size, changed, "no change", idle.seconds, most_seconds=idle.seconds + 0.05),
        figure("check, cold", size, cold, digest, hashed, most_seconds=4),
        figure("check, warm", size, warm, digest, hashed, most_seconds=0.5),
    ]
    figures += lens_figures(vault, size, dialect)
    if size >= FULL:
        return figures
    return [
        one if one.what.startswith("lens") else replace(one, most_seconds=None, most_ratio=None, most_memory=None)
        for one in figures
    ]


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


def lens_figures(vault: Path, size: int, dialect: str) -> list[Figure]:
    """One note of about 3 KB read, and one field of it written with the laws checked."""
    command = [sys.executable, str(HERE / "benchmark_lens.py"), str(vault), dialect]
    got, put, parsed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return [
        Figure("lens get, 3 KB", size, got, None, "json.loads of its file", parsed, 0.0003),
        Figure("lens put, 3 KB", size, put, None, "json.loads of its file", parsed, 0.0008),
    ]


def growth_figures(figures: list[Figure]) -> list[Figure]:
    """Ten times the twins, in times the time and the memory."""
    found = []
    for what in ("first sync", "sync, nothing changed", "check, cold", "check, warm"):
        small, full = (next(one for one in figures if one.what == what and one.twins == size) for size in (SMALL, FULL))
        of_small = f"{SMALL} twins"
        found.append(
            Figure(f"growth in time: {what}", FULL, full.seconds, None, of_small, small.seconds, most_ratio=12)
        )
        if small.memory and full.memory:
            times = full.memory / small.memory
            most = f"{small.memory:.0f} MB for {SMALL}"
            found.append(Figure(f"growth in memory: {what}", FULL, None, full.memory, most, most_ratio=8, times=times))
    return found


# ---------------------------------------------------------------------- references


def git_add(vault: Path) -> float:
    """``git add -A`` of all that there is, into a new repository elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        place = [f"--git-dir={folder}/git", f"--work-tree={vault}"]
        run("git", *place, "init", "-q")
        return run("git", *place, "-c", "gc.auto=0", "add", "-A", folder=vault).seconds


def files_of(vault: Path) -> list[tuple[str, int]]:
    """Path and size of every file outside dot-folders, by scandir and stat."""
    found = []
    folders = [str(vault)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        folders.append(entry.path)
                else:
                    found.append((entry.path, entry.stat(follow_symlinks=False).st_size))
    return found


def scan(vault: Path) -> int:
    return len(files_of(vault))


def read(vault: Path) -> int:
    for path, _ in files_of(vault):
        with open(path, "rb") as file:
            blake2b(file.read()).digest()
    return 0


def change_and_sync(vault: Path, notes: list[Path]) -> Run:
    """Add a word to a text of one note, as an editor saves it, and carry it over."""
    note = notes.pop(len(notes) // 2)
    text = note.read_text(encoding="utf-8")
    artifact = vault / "artifacts" / f"{text.partition('artifact-id')[2].split(maxsplit=2)[1]}.json"
    before = artifact.read_bytes()
    at = text.rindex(".")
    note.write_text(f"{text[:at]} again{text[at:]}", encoding="utf-8", newline="")
    measured = twinpage("sync", folder=vault)
    if artifact.read_bytes() == before:
        sys.exit(f"The change of {note.name} did not reach its artifact file, so there is nothing to measure.")
    return measured


# ---------------------------------------------------------------------- telling


def _add(figures: list[Figure], new: list[Figure], quiet: bool) -> None:
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
        f"<= {figure.most_ratio:.0f} x" if figure.most_ratio else "",
        f"<= {figure.most_memory:.0f} MB" if figure.most_memory else "",
    ]
    budget = ", ".join(limit for limit in limits if limit)
    verdict = ("met" if figure.met else "MISSED") if budget else ""
    own = _said(figure.processor) if figure.processor else ""
    head = f"{figure.what:38} {figure.twins or '':>6} {time_said:>9} {own:>9} {memory:>8}"
    return f"{head}   {ratio:45} {verdict:7}{budget}"


def _said(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def _as_json(figures: list[Figure]) -> dict[str, object]:
    rows = [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures]
    return {"format": 1, "python": platform.python_version(), "cores": os.cpu_count(), "figures": rows}


if __name__ == "__main__":
    sys.exit(main())
