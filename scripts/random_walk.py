"""Two people work at random on both sides of a vault, with crashes and passes between: nothing typed is ever lost.

    python scripts/random_walk.py [--minutes N] [--seed N] [--steps N]

Walks on every core, each walk with a seed of its own, until the time is over or a law is broken; then it prints the
fewest steps that break it and the line that takes them again.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from environment import environment, python_with

if find_spec("jsonschema_rs") is None:  # a fresh machine: the same, where everything is installed
    again = [str(python_with("dev", "-e", ".[dev]")), *sys.argv]
    sys.exit(subprocess.run(again, env=environment(), check=False).returncode)
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sync"))

from walk import Plan, Walker
from walk_steps import ALL
from walk_vault import folder_in_memory, prepared

DIALECTS = ("obsidian", "logseq")
BATCH = 50


def batch(seed: int, steps: int, end: float) -> tuple[int, int, str]:
    """Walks from this seed on, in both dialects; how many, their steps, and what broke."""
    with prepared(), folder_in_memory() as folder:
        walker = Walker(folder / "vault", ALL)
        for number in range(seed, seed + BATCH):
            failed = walker.walk(DIALECTS[number % 2], number, steps)
            if failed or time.monotonic() > end:
                return walker.walks, walker.done, str(failed or "")
        return walker.walks, walker.done, ""


def replay(dialect: str, seed: int, numbers: str) -> int:
    """Take the steps of a failure again."""
    pairs = [word.partition(":") for word in numbers.split(",") if word != "-"]
    plan: Plan = tuple((name, int(number)) for name, _, number in pairs)
    with prepared(), folder_in_memory() as folder:
        law = Walker(folder / "vault", ALL).replay(dialect, seed, plan)
    print(law or "All laws hold.")
    return int(bool(law))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=secrets.randbelow(10**9), help="the first one; default: a new one")
    options.add_argument("--steps", type=int, default=30, help="of each walk")
    options.add_argument("--replay", nargs=3, metavar=("DIALECT", "SEED", "STEPS"))
    asked = options.parse_args()
    if asked.replay:
        return replay(asked.replay[0], int(asked.replay[1]), asked.replay[2])
    walks = done = 0
    broken = ""
    started = time.monotonic()
    end, cores = started + 60 * asked.minutes, os.cpu_count() or 1
    seed = asked.seed
    with ProcessPoolExecutor(cores) as pool:
        while not broken and time.monotonic() < end:
            seeds = [seed + BATCH * core for core in range(4 * cores)]
            seed += BATCH * len(seeds)
            for some, steps, law in pool.map(batch, seeds, [asked.steps] * len(seeds), [end] * len(seeds)):
                walks, done, broken = walks + some, done + steps, broken or law
    took = (time.monotonic() - started) / 60
    print(f"{walks} walks of up to {asked.steps} steps, {done} steps in all, in {took:.1f} minutes.")
    print(f"Seeds {asked.seed} to {seed - 1}.")
    print(broken or "No law was broken.")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
