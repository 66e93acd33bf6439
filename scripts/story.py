"""A person's story with 10,000 twins under ``twinpage watch``: in the end nothing is lost, and the log explains it all.

    python scripts/story.py
    python scripts/story.py --size 1000 --dialect logseq

Edits, renames, deletes, restores and undoes, goes to and fro between branches, commits half of the work through
pre-commit, edits both twins at once and decides, and kills the watch amid much work. After each step every file that
neither the person nor git changed must have its line in the log. Needs Linux, whose /proc tells. Exit code 1 when
anything does not hold.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import environment, python_with

FULL, LEAST = 10_000, 400


def main() -> int:
    """Set up, live it through, and say by the exit code whether everything held."""
    options = _options()
    if importlib.util.find_spec("pre_commit") is None or importlib.util.find_spec("twinpage") is None:
        python = python_with("dev", "-e", ".[dev]")
        return subprocess.run([str(python), *sys.argv], env=environment(), check=False).returncode
    if not Path("/proc/self/status").exists():
        sys.exit("This needs Linux: only its /proc tells what the watch needs.")
    import watched
    from story_steps import Story

    print(f"{options.size:,} twins in {options.dialect}, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="twinpage-story-", ignore_cleanup_errors=True) as folder:
        vault = Path(folder).resolve() / "vault"
        watched.make(vault, max(options.size, LEAST), options.dialect)
        story = Story(vault)
        with watched.watch(vault) as story.watch:
            print(f"watch started after {story.watch.wait_for('started'):.1f} s", flush=True)
            story.watch.quiet(5, 60)
            story.ledger.begin()
            for step in story.until_the_kill():
                story.play(step)
            print(
                f"memory at the end {story.watch.memory:.1f} MB, at most {story.watch.most_memory:.1f} MB", flush=True
            )
            story.is_killed_amid_work()
        with watched.watch(vault) as story.watch:
            story.watch.wait_for("started")
            story.play(story.goes_on)
        story.after()
    for sentence in story.broken:
        print(f"BROKEN: {sentence}")
    print("Something broke." if story.broken else "Nothing was lost, and the log explains every change.")
    return int(bool(story.broken))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=FULL, help=f"number of twins, at least {LEAST}")
    parser.add_argument("--dialect", choices=("obsidian", "logseq"), default="obsidian")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
