"""A day of eight hours in small: somebody edits both sides of a vault as apps do, while ``twinpage watch`` runs.

    python scripts/day.py                       30 minutes, with a seed that it prints
    python scripts/day.py --minutes 5 --seed 3 --dialect logseq

No two words that are typed are alike. In the pauses nothing that was typed and not taken away may be missing from
notes, artifact files, conflicts and trash, both sides must agree, and the watch must rest: no write, no growth of
memory or of open files, no processor time. Needs Linux, whose /proc tells. Exit code 1 when anything does not hold.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from environment import environment, python_with

TWINS = 200


def main() -> int:
    """Set up, write, rest, look, and say by the exit code whether everything held."""
    options = _options()
    if importlib.util.find_spec("twinpage") is None:
        python = python_with("run", "-e", ".")
        return subprocess.run([str(python), *sys.argv], env=environment(), check=False).returncode
    if not Path("/proc/self/status").exists():
        sys.exit("This needs Linux: only its /proc tells what the watch needs.")
    import watched
    from day_checks import Day
    from day_writer import Writer

    seed = options.seed if options.seed is not None else time.time_ns() % 10**6
    print(f"{options.minutes:g} minutes in {options.dialect}, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="twinpage-day-", ignore_cleanup_errors=True) as folder:
        vault = Path(folder).resolve() / "vault"
        watched.make(vault, options.twins, options.dialect, seed)
        writer = Writer(vault, options.dialect, Random(seed))
        with watched.watch(vault) as watch:
            day = Day(vault, writer, watch, Random(seed + 1), options.minutes * 60)
            day.spend()
        day.after()
        if day.broken:
            print(f"What was done and told, and the vault as it is now, are in {day.keep()}.")
    print(day.table())
    for sentence in day.broken:
        print(f"BROKEN: {sentence}")
    print(f"Something broke; seed {seed}." if day.broken else "Everything held.")
    return int(bool(day.broken))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, help="without it, another one each time")
    parser.add_argument("--dialect", choices=("obsidian", "logseq"), default="obsidian")
    parser.add_argument("--twins", type=int, default=TWINS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
