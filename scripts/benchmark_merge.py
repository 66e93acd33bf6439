"""What git's merge driver costs: two branches that changed every twin, each another field of it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from random import Random

import watched
from benchmark_figures import MEMORY, Figure, Run, run

ARTIFACTS = 100
"""Each of them is two files that both branches changed, and git starts the driver for each of these."""
REFERENCE = "git's own merge of texts"


def merge_figures(vault: Path, dialect: str) -> list[Figure]:
    """One merge by the driver, and the same merge without it. The seconds are those of the processor, a file."""
    watched.make(vault, ARTIFACTS, dialect)
    watched.must(vault, sys.executable, "-m", "twinpage", "hooks", "install")
    watched.commit(vault, "attributes")
    watched.git(vault, "checkout", "-q", "-b", "theirs")
    _reword(vault, first=False)
    watched.git(vault, "checkout", "-q", "main")
    watched.must(vault, sys.executable, "-m", "twinpage", "sync")
    _reword(vault, first=True)
    files = watched.git(vault, "diff", "--name-only", "main...theirs").count("\n")
    by_driver = _merged(vault)
    watched.git(vault, "config", "--remove-section", "merge.twinpage")
    by_lines = _merged(vault)
    shutil.rmtree(vault)
    a_file = by_driver.processor / files
    return [
        Figure(
            "merge by the driver, a file", ARTIFACTS, a_file, by_driver.memory, REFERENCE, by_lines.processor / files,
            0.15, None, MEMORY, processor=a_file,
        )
    ]  # fmt: skip


def _merged(vault: Path) -> Run:
    """The merge is made, nothing clashed in it, and it is taken back."""
    measured = run("git", "-c", "gc.auto=0", "merge", "-q", "--no-commit", "theirs", folder=vault)
    if watched.git(vault, "ls-files", "-u").strip():
        sys.exit("The two branches clash, so there is nothing to compare.")
    watched.git(vault, "merge", "--abort")
    return measured


def _reword(vault: Path, first: bool) -> None:
    """Another text in the first or the last long field of every artifact, in both twins."""
    random = Random(f"{first}")
    for path in sorted((vault / "artifacts").rglob("*.json")):
        value = json.loads(path.read_text(encoding="utf-8"))
        holder, name = _places(value)[0 if first else -1]
        holder[name] = f"{holder[name]} And {random.randint(0, 10**9)} more."
        path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="")
    watched.must(vault, sys.executable, "-m", "twinpage", "sync")
    watched.commit(vault, "reworded")


def _places(value: dict[str, object]) -> list[tuple[dict[str, object], str]]:
    """Where a text of several words stands, in the order of the file."""
    found: list[tuple[dict[str, object], str]] = []
    for name, part in value.items():
        if isinstance(part, str) and part.count(" ") > 10:
            found.append((value, name))
        elif isinstance(part, list):
            for item in part:
                found += _places(item) if isinstance(item, dict) else []
    return found
