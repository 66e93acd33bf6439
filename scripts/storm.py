"""All artifact files changed at once under a running watch, as a git checkout of another branch does it.

    python scripts/storm.py                 10,000 twins
    python scripts/storm.py --size 1000 --dialect logseq
    python scripts/storm.py --alone         without other commands meanwhile

Tells how long it takes until every note follows, what memory the watch needs meanwhile and afterwards, and how long
other commands have to wait. Needs Linux, whose /proc tells. Exit code 1 when a note does not follow, a command is
refused, a sync afterwards finds something to write, or the memory does not come back.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import watched
from environment import environment, python_with
from watched import Watched

FULL = 10_000
MOST_MEMORY, MOST_MORE, MOST_GROWTH = 120.0, 15.0, 5.0
"""MB that the watch may have once it rests again; by how many more than before: of what it needed meanwhile Python
keeps a part for the next time; and by how many more after each further storm."""
REST = 75.0
"""Seconds: for a minute the watch remembers what it wrote."""
MARK = "Renamed "
PATIENCE = 600.0
BETWEEN = 2.0
"""Seconds between two commands of the people who go on working."""


@dataclass
class Told:
    """What the run showed."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    waited: dict[str, list[float]] = field(default_factory=dict)
    most: float = 0.0

    def row(self, what: str, figure: str) -> None:
        self.rows.append((what, figure))
        print(f"{what:58} {figure}", flush=True)


def main() -> int:
    """Set up, check out, wait, and say by the exit code whether all followed."""
    options = _options()
    if importlib.util.find_spec("twinpage") is None:
        python = python_with("run", "-e", ".")
        return subprocess.run([str(python), *sys.argv], env=environment(), check=False).returncode
    if not Path("/proc/self/status").exists():
        sys.exit("This needs Linux: only its /proc tells what the watch needs.")
    told = Told()
    told.row("load of the machine at the start", " ".join(f"{load:.1f}" for load in os.getloadavg()))
    with tempfile.TemporaryDirectory(prefix="twinpage-storm-", ignore_cleanup_errors=True) as folder:
        vault = Path(folder).resolve() / "vault"
        _prepare(vault, options.size, options.dialect)
        _storms(vault, options.size, told, options.alone, options.rest, options.times)
    told.row("load of the machine at the end", " ".join(f"{load:.1f}" for load in os.getloadavg()))
    for sentence in told.broken:
        print(f"BROKEN: {sentence}")
    return int(bool(told.broken))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=FULL, help="number of twins")
    parser.add_argument("--dialect", choices=("obsidian", "logseq"), default="obsidian")
    parser.add_argument("--rest", type=float, default=REST, help="seconds of rest afterwards")
    parser.add_argument("--times", type=int, default=2, help="storms, one after the other")
    parser.add_argument("--alone", action="store_true", help="no commands meanwhile")
    return parser.parse_args()


def _prepare(vault: Path, size: int, dialect: str) -> None:
    """Two branches: on the other one every artifact has another name, and every note is as before."""
    watched.make(vault, size, dialect)
    watched.git(vault, "checkout", "-q", "-b", "other")
    for path in (vault / "artifacts").rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        at = text.index('"name": "') + len('"name": "')
        path.write_text(text[:at] + MARK + text[at:], encoding="utf-8", newline="")
    watched.commit(vault, "other names")
    watched.git(vault, "checkout", "-q", "main")
    watched.must(vault, sys.executable, "-m", "twinpage", "sync")


def _storms(vault: Path, size: int, told: Told, alone: bool, rest: float, times: int) -> None:
    with watched.watch(vault) as watch:
        told.row("watch started after", f"{watch.wait_for('started'):.2f} s")
        watch.quiet(4, 60)
        told.row("memory at its start", f"{watch.memory:.1f} MB, at most {watch.most_memory:.1f} MB")
        _work_a_little(vault, watch)
        before = watch.memory
        told.row("memory before, after its first edits", f"{before:.1f} MB")
        allowed = min(MOST_MEMORY, before + MOST_MORE)
        for number in range(times):
            branch = ("other", "main")[number % 2]
            _storm(vault, branch, size, told, watch, alone)
            after = _rest(watch, told, rest)
            if after > allowed:
                told.broken.append(f"the memory did not come back: {after:.0f} MB, and {allowed:.0f} are allowed")
            allowed = min(allowed, after + MOST_GROWTH)
            _nothing_to_do(vault, told)
            odd = [path for path in _notes(vault) if (MARK in path.read_text(encoding="utf-8")) != (branch == "other")]
            if odd:
                told.broken.append(f"{len(odd)} notes do not have the name of {branch}, such as {odd[0].name}")


def _work_a_little(vault: Path, watch: Watched) -> None:
    """One edit of each kind, and back again: what the first work alone takes is not the storm's."""
    one_of_each = {json.loads(path.read_bytes())["kind"]: path for path in (vault / "artifacts").rglob("*.json")}
    was = {path: path.read_bytes() for path in one_of_each.values()}
    for texts in ({path: b' again."'.join(data.rsplit(b'."', 1)) for path, data in was.items()}, was):
        for path, data in texts.items():
            path.write_bytes(data)
        watch.quiet(8, 60)
    if watched.git(vault, "status", "--porcelain").strip():
        sys.exit("A text that was changed and changed back did not leave both twins as they were.")


def _storm(vault: Path, branch: str, size: int, told: Told, watch: Watched, alone: bool) -> None:
    notes = {path: path.stat().st_mtime_ns for path in _notes(vault)}
    seen = len(watch.events)
    over = threading.Event()
    people = threading.Thread(target=_go_on, args=(vault, told, over), daemon=True)
    begun = time.monotonic()
    watched.git(vault, "checkout", "-q", branch)
    told.row(f"git checkout {branch} took", f"{time.monotonic() - begun:.2f} s")
    if not alone:
        people.start()
    followed = _until_all_follow(watch, notes, told, seen)
    over.set()
    told.row("notes that followed", f"{len(followed)} of {size}")
    if followed:
        told.row("the first one after", f"{min(followed.values()) - begun:.2f} s")
        told.row("all of them after", f"{max(followed.values()) - begun:.2f} s")
    if len(followed) < size:
        told.broken.append(f"{size - len(followed)} notes did not follow within {PATIENCE:.0f} s")
    if not alone:
        people.join(PATIENCE)


def _until_all_follow(watch: Watched, before: dict[Path, int], told: Told, seen: int) -> dict[Path, float]:
    """When each note was written, to the second. Events from ``seen`` on are shown if they say what is in the way."""
    followed: dict[Path, float] = {}
    end = time.monotonic() + PATIENCE
    while len(followed) < len(before) and time.monotonic() < end:
        time.sleep(1)
        told.most = max(told.most, watch.memory)
        now = time.monotonic()
        followed |= {
            path: now for path, then in before.items() if path not in followed and path.stat().st_mtime_ns != then
        }
        for _, event in watch.events[seen:]:
            if event["event"] in ("refused", "remark", "resting", "going-on"):
                print(f"    {event['event']}: {event['sentence']}", flush=True)
        seen = len(watch.events)
    return followed


def _go_on(vault: Path, told: Told, over: threading.Event) -> None:
    """People call commands meanwhile; none may be refused because the watch is at work."""
    commands = [["sync", "--dry-run"], ["status"], ["check"], ["conflicts"]]
    number = 0
    while not over.wait(BETWEEN):
        command = commands[number % len(commands)]
        number += 1
        begun = time.monotonic()
        done = watched.twinpage(vault, *command)
        name = " ".join(command[:2]) if command[0] == "sync" else command[0]
        told.waited.setdefault(name, []).append(time.monotonic() - begun)
        if done.returncode not in (0, 1):
            told.broken.append(f"`{name}` ended with {done.returncode}: {(done.stdout + done.stderr).strip()[:300]}")


def _rest(watch: Watched, told: Told, seconds: float) -> float:
    """MB that the watch has once it rests again."""
    if not watch.quiet(seconds, seconds + 110):
        told.broken.append("the watch does not come to rest")
    told.row("memory meanwhile, seen and by the system, at most", f"{told.most:.1f}, {watch.most_memory:.1f} MB")
    told.row("memory afterwards", f"{watch.memory:.1f} MB")
    told.row("open files afterwards", str(watch.open_files))
    used = watch.processor
    time.sleep(10)
    told.row("processor afterwards", f"{(watch.processor - used) / 10:.2%}")
    return watch.memory


def _nothing_to_do(vault: Path, told: Told) -> None:
    for name, waited in told.waited.items():
        told.row(f"`{name}` meanwhile, {len(waited)} times, at most", f"{max(waited):.2f} s")
    begun = time.monotonic()
    done = watched.twinpage(vault, "sync", "--output-format", "json")
    told.row("a sync afterwards", f"{time.monotonic() - begun:.2f} s, exit code {done.returncode}")
    changes = json.loads(done.stdout)["changes"] if done.stdout else [done.stderr]
    told.row("files that it wrote", str(len(changes)))
    if done.returncode or changes:
        told.broken.append(f"a sync afterwards ended with {done.returncode} and wrote {changes[:3]}")


def _notes(vault: Path) -> list[Path]:
    """Those that have a twin."""
    return sorted(path for path in vault.rglob("*.md") if b"artifact-id" in path.read_bytes()[:200])


if __name__ == "__main__":
    sys.exit(main())
