"""How fast twinpage is: each figure absolute, and as a ratio to what the machine itself needs in the same run.

    python scripts/benchmark.py                    10,000 twins, and growth from 1,000
    python scripts/benchmark.py --size 2000        another number; no growth below 10,000
    python scripts/benchmark.py --watch            only how fast and how lightly ``watch`` follows
    python scripts/benchmark.py --gate             only the gate, ``review`` and the merge driver
    python scripts/benchmark.py --json             for machines
    python scripts/benchmark.py --dialect logseq   in the other dialect

Every command is run as people run it, as a process of its own. Exit code 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from benchmark_figures import Figure, Run, add, as_json, figure, median, run, seconds_of, twinpage
from benchmark_gate import gate_figures
from benchmark_merge import merge_figures
from benchmark_review import review_figures
from benchmark_watch import watch_figures, watch_growth
from environment import environment, python_with

FULL, SMALL = 10_000, 1_000
SEED = 7
HERE = Path(__file__).resolve().parent


def main() -> int:
    """Measure, print, and say by the exit code whether all budgets are met."""
    options = _options()
    if importlib.util.find_spec("twinpage") is None:
        python = python_with("run", "-e", ".")
        return subprocess.run([str(python), *sys.argv], env=environment(), check=False).returncode
    sizes = [SMALL, FULL] if options.size == FULL else [options.size]
    all_of_it = not options.watch and not options.gate
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="twinpage-benchmark-") as folder:
        if all_of_it:
            vault_figures(Path(folder) / "warm", 20, options.dialect)
            add(figures, start_figures(), options.json)
        if not options.watch:
            add(figures, merge_figures(Path(folder) / "merge", options.dialect), options.json)
        for size in sizes:
            vault = Path(folder) / str(size)
            if all_of_it:
                add(figures, vault_figures(vault, size, options.dialect), options.json)
            if not options.watch:
                add(figures, gate_figures(vault, size, options.dialect), options.json)
                add(figures, review_figures(vault, size, options.dialect), options.json)
            if not options.gate:
                add(figures, watch_figures(vault, size, options.dialect), options.json)
            shutil.rmtree(vault, ignore_errors=True)
    if len(sizes) == 2:
        growth = growth_figures(figures) if all_of_it else []
        add(figures, growth if options.gate else [*growth, watch_growth(figures)], options.json)
    missed = list(dict.fromkeys(figure.what for figure in figures if not figure.met))
    if options.json:
        print(json.dumps(as_json(figures), indent=2))
    else:
        print("\nAll budgets are met." if not missed else f"\nMissed: {', '.join(missed)}.")
    return int(bool(missed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=FULL, help="number of twins")
    parser.add_argument("--dialect", choices=("obsidian", "logseq"), default="obsidian")
    parser.add_argument("--watch", action="store_true", help="only the figures of watch")
    parser.add_argument("--gate", action="store_true", help="only the figures of the gate, of review and of merges")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


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


if __name__ == "__main__":
    sys.exit(main())
