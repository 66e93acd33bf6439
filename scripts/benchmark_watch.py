"""How fast ``watch`` follows, and what it needs while nobody does anything."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import watched
from benchmark_figures import Figure, seconds_of

EDITS = 60
"""Of notes, and as many of artifact files."""
PAUSES = (0.3, 0.6, 1.6)
"""Seconds between two edits: the watch is at work, has just done it, or has done its sums, too."""
IDLE = 15.0
REFERENCE = "temp file, fsync, replace, fsync"
FOLLOWED = "watch, note at rest to file on disk"
BACK = "watch, file at rest to note on disk"


def watch_figures(vault: Path, size: int, dialect: str) -> list[Figure]:
    """A watch from its start to edits of random notes, in a git repository with everything committed."""
    if vault.exists():
        watched.must(vault, sys.executable, "-m", "twinpage", "sync")
        watched.git(vault, "init", "-q", "-b", "main")
        watched.commit(vault, "all")
    else:
        watched.make(vault, size, dialect)
    random = Random(watched.SEED)
    notes = sorted(path for path in vault.rglob("*.md") if b"artifact-id" in path.read_bytes()[:200])
    with watched.watch(vault) as watch:
        started = watch.wait_for("started")
        watch.quiet(4, 60)
        at_first, used = _idle(watch)
        referred = [_written(vault) for _ in range(40)]
        seconds: dict[str, list[float]] = {FOLLOWED: [], BACK: []}
        for number, note in enumerate(random.sample(notes, min(2 * EDITS, len(notes)))):
            way = (FOLLOWED, BACK)[number % 2]  # each of another twin: a note that was just saved would have to rest
            seconds[way].append(_followed(vault, note, of_file=way == BACK))
            time.sleep(random.choice(PAUSES))
        watch.quiet(4, 60)
        then, used_then = _idle(watch)
    edits, reference = sum(map(len, seconds.values())), statistics.median(referred)
    followed = []
    for way, taken in seconds.items():
        half, most = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        followed.append(Figure(f"{way}, p50", size, half, None, REFERENCE, reference))
        followed.append(Figure(f"{way}, p95", size, most, None, REFERENCE, reference, most_seconds=0.05))
    return [
        Figure("watch, until it has started", size, started, at_first),
        *followed,
        Figure(f"watch, processor in {IDLE:.0f} s of rest", size, max(used, used_then), None, most_seconds=IDLE / 200),
        Figure(f"watch, at rest after {edits} edits", size, None, then, most_memory=120),
    ]


def watch_growth(figures: list[Figure]) -> Figure:
    """How much longer the slow ones take in the larger vault."""
    small, full = (one for one in figures if one.what == f"{FOLLOWED}, p95")
    of_small = f"{small.twins} twins"
    return Figure(f"growth: {full.what}", full.twins, full.seconds, None, of_small, small.seconds, most_ratio=1.3)


def _idle(watch: watched.Watched) -> tuple[float, float]:
    """Memory in MB, and seconds of processor time while nothing happens."""
    before = watch.processor
    time.sleep(IDLE)
    return watch.memory, watch.processor - before


def _followed(vault: Path, note: Path, of_file: bool) -> float:
    """Add a word to a note, or to its artifact file, and wait until the other has it: seconds beyond those of rest."""
    from twinpage.core.settling import SHORTEST  # not before the environment is made

    identity = note.read_text(encoding="utf-8").partition("artifact-id")[2].split(maxsplit=2)[1]
    artifact = vault / "artifacts" / f"{identity}.json"
    changed, other = (artifact, note) if of_file else (note, artifact)
    text, before = changed.read_text(encoding="utf-8"), os.stat(other).st_mtime_ns
    at = text.rindex('."' if of_file else ".")
    changed.write_text(f"{text[:at]} again{text[at:]}", encoding="utf-8", newline="")
    saved = time.perf_counter()
    while os.stat(other).st_mtime_ns == before:
        time.sleep(0.0005)
        if time.perf_counter() > saved + 20:
            sys.exit(f"The change of {changed.name} did not reach {other.name}, so there is nothing to measure.")
    return time.perf_counter() - saved - SHORTEST


def _written(vault: Path) -> float:
    """What the system itself needs to put 2 KB safely in the place of another file."""
    with tempfile.TemporaryDirectory(dir=vault / ".twinpage") as folder:
        target, fresh = Path(folder) / "target", Path(folder) / "fresh"

        def write() -> None:
            with open(fresh, "wb") as file:
                file.write(b"x" * 2000)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, target)
            place = os.open(folder, os.O_RDONLY)
            os.fsync(place)
            os.close(place)

        return seconds_of(1, write)
