"""How fast the gate is: what is staged, and what was introduced since a revision."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import watched
from benchmark_figures import MEMORY, Figure, Run, median, run, seconds_of, twinpage

STAGED, CHANGED = 10, 1_000
"""Files: note and artifact file of half as many artifacts."""
REFERENCE = "git ls-files -s"


def gate_figures(vault: Path, size: int, dialect: str) -> list[Figure]:
    """Everything is committed; then artifacts are changed, brought in step and staged."""
    if vault.exists():
        watched.must(vault, sys.executable, "-m", "twinpage", "sync")
        watched.git(vault, "init", "-q", "-b", "main")
        watched.commit(vault, "all")
    else:
        watched.make(vault, size, dialect)
    listed = seconds_of(5, lambda: watched.git(vault, "ls-files", "-s"))
    notes = sorted(path for path in vault.rglob("*.md") if b"artifact-id" in path.read_bytes()[:200])
    cold = twinpage("check", "--staged", folder=vault)
    warm = median(5, lambda: _staged(vault, notes))
    shutil.rmtree(vault / ".twinpage/revisions")
    of_base = twinpage("check", "--rev", "HEAD", folder=vault)
    change_notes(vault, notes, CHANGED)
    since = twinpage("check", "--staged", "--base", "HEAD", folder=vault)
    again = median(3, lambda: twinpage("check", "--staged", "--base", "HEAD", folder=vault))
    shutil.rmtree(vault / ".git")
    shutil.rmtree(vault / ".twinpage/revisions")
    full = size >= 10_000
    alone = median(5, lambda: run(sys.executable, "-c", "pass"))
    return [
        Figure("Python alone, start", size, alone.seconds, None),
        _figure("check --staged, cold", size, cold, listed),
        _figure(f"check --staged, {STAGED} files staged", size, warm, listed, 0.35 if full else None),
        _figure("check --rev, cold", size, of_base, listed),
        _figure(f"check --base, {CHANGED:,} files changed", size, since, listed, 2 if full else None),
        _figure("check --base, the same again", size, again, listed),
    ]


def _figure(what: str, size: int, of: Run, listed: float, most: float | None = None) -> Figure:
    return Figure(what, size, of.seconds, of.memory, REFERENCE, listed, most, None, MEMORY, processor=of.processor)


def _staged(vault: Path, notes: list[Path]) -> Run:
    change_notes(vault, notes, STAGED)
    return twinpage("check", "--staged", folder=vault)


def change_notes(vault: Path, notes: list[Path], files: int) -> None:
    """Add a word to other notes each time, carry it over, and stage both twins."""
    for _ in range(min(files // 2, len(notes))):
        note = notes.pop(len(notes) // 2)
        text = note.read_text(encoding="utf-8")
        at = text.rindex(".")
        note.write_text(f"{text[:at]} again{text[at:]}", encoding="utf-8", newline="")
    watched.must(vault, sys.executable, "-m", "twinpage", "sync")
    watched.git(vault, "add", "-A")
