"""How fast a diff and a review are: two commits of a large model with a tenth of it changed between them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import watched
from benchmark_figures import MEMORY, Figure, Run, median, seconds_of, twinpage
from benchmark_gate import change_notes

CHANGED = 1_000
"""Artifacts."""
REFERENCE = "git ls-tree -r, twice"
LIMIT = 60_000
"""Characters of the report for a pull request."""
REVIEW = ("review", "HEAD~1..HEAD", "--output-format", "markdown")


def review_figures(vault: Path, size: int, dialect: str) -> list[Figure]:
    """The base is known from an earlier review, as it is in daily work; then nothing is, and then everything."""
    if vault.exists():
        watched.must(vault, sys.executable, "-m", "twinpage", "sync")
        watched.git(vault, "init", "-q", "-b", "main")
        watched.commit(vault, "all")
    else:
        watched.make(vault, size, dialect)
    notes = sorted(path for path in vault.rglob("*.md") if b"artifact-id" in path.read_bytes()[:200])
    change_notes(vault, notes, 2 * CHANGED)
    watched.commit(vault, "a tenth of it")
    listed = 2 * seconds_of(5, lambda: watched.git(vault, "ls-tree", "-r", "HEAD"))
    compared = median(3, lambda: twinpage("diff", "HEAD~1..HEAD", folder=vault))
    first = median(3, lambda: _after_the_base(vault))
    again = median(3, lambda: _review(vault))
    shutil.rmtree(vault / ".twinpage/revisions")
    cold = _review(vault)
    command = [sys.executable, "-m", "twinpage", *REVIEW]
    told = subprocess.run(command, cwd=vault, capture_output=True, check=False).stdout.decode()
    if not 0 < len(told) <= LIMIT or "### What changed" not in told:
        raise SystemExit(f"The report has {len(told):,} characters.")
    shutil.rmtree(vault / ".git")
    shutil.rmtree(vault / ".twinpage/revisions")
    full = size >= 10_000
    return [
        _figure(f"diff, {CHANGED:,} artifacts changed", size, compared, listed, 0.6 if full else None),
        _figure(f"review, {CHANGED:,} artifacts changed", size, first, listed, 2 if full else None),
        _figure("review, the same again", size, again, listed),
        _figure("review, nothing known", size, cold, listed),
    ]


def _figure(what: str, size: int, of: Run, listed: float, most: float | None = None) -> Figure:
    return Figure(what, size, of.seconds, of.memory, REFERENCE, listed, most, None, MEMORY, processor=of.processor)


def _after_the_base(vault: Path) -> Run:
    """Both slots hold the base, and the other side is new."""
    shutil.rmtree(vault / ".twinpage/revisions", ignore_errors=True)
    twinpage("review", "HEAD~1..HEAD~1", folder=vault)
    return _review(vault)


def _review(vault: Path) -> Run:
    return twinpage(*REVIEW, folder=vault)
