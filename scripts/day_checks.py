"""The course of ``day.py``: work, pauses with what must hold in them, and the commands that people use meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import watched
from day_commands import Commands
from day_writer import Writer
from watched import Watched

WORK, PAUSE = 48.0, 10.0
"""Seconds of work between two pauses, and of rest in one after everything settled."""
LONG_PAUSE = 60.0
LONG_PAUSES = 10
"""Every so many pauses one is a minute long."""
SETTLED = 6.0
"""Seconds without an event: the longest wait of a watch is shorter."""
SETTLES_WITHIN = 90.0
MOST_GROWTH = 20.0
"""MB, from the first pause on; before that, libraries are loaded and caches filled."""
MOST_MEMORY = 120.0
MOST_FILES_MORE = 3
MOST_PROCESSOR = 0.002
"""Of one processor, in a long pause."""
MOST_BROKEN = 3
MOST_NOTED = 3
"""Writes of the state in a pause: a look for late saves, and the sums after it."""
MOST_WRITES = 4
"""Files that the watch writes for one edit of an artifact, links to it included."""
SPARE_WRITES = 6
MOST_WRITES_AN_EDIT = 2.5


@dataclass(frozen=True)
class Sample:
    """What the watch had in a pause."""

    minute: float
    memory: float
    files: int
    threads: int
    processor: float
    """Share of one processor while nothing happened."""
    over: float
    """For how many seconds that was measured."""


@dataclass
class Day:
    """One run. ``broken`` has a sentence for all that did not hold."""

    vault: Path
    writer: Writer
    watch: Watched
    r: Random
    seconds: float
    broken: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    edits: int = 0
    settling: list[float] = field(default_factory=list)
    _told: int = 0
    _shown: int = 0
    _began: float = 0.0
    _told_of: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.commands = Commands(self.vault, self.writer, self.r)

    # ------------------------------------------------------------------ the course

    def spend(self) -> None:
        """Work and pause until the time is over."""
        self.started = self.watch.wait_for("started")
        self._began = time.monotonic()
        self.pause(2.0)
        number = 0
        while (left := self._began + self.seconds - time.monotonic()) > 1 and len(self.broken) < MOST_BROKEN:
            self.work(min(WORK, max(left - PAUSE, 1.0)))
            number += 1
            self.pause(LONG_PAUSE if number % LONG_PAUSES == 0 else PAUSE if self.seconds > 60 else 5.0)
        self._agree_in_the_end()
        if self.seconds > 60:
            self.pause(LONG_PAUSE)

    def work(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.writer.edit()
            self.edits += 1
            if self.r.random() < 0.06:
                self.commands.something()
            self.commands.collect()
            self.commands.bring_back()
            time.sleep(self.r.choice([0.0, 0.0, 0.02, 0.1, 0.3, 0.8]))

    def pause(self, seconds: float) -> None:
        """Let everything settle, look whether all holds, and rest."""
        begun = time.monotonic()
        self.commands.finish()
        self._settle()
        self.settling.append(time.monotonic() - begun - SETTLED)
        self._nothing_is_lost()
        self._all_in_step()
        self._in_proportion()
        self.broken += self.commands.failed
        self.commands.failed = []
        self._settle()  # the commands that looked may have written what was left for them
        self._rest(seconds)
        for sentence in self.broken[self._shown :]:
            print(f"    BROKEN: {sentence}", flush=True)
        self._shown = len(self.broken)

    def _settle(self) -> None:
        if not self.watch.quiet(SETTLED, SETTLES_WITHIN):
            self.broken.append(f"the watch does not come to rest: {self._last_events()}")
        if self.watch.ended.is_set():
            self.broken.append(f"the watch ended: {self.watch.errors()}")

    def _rest(self, seconds: float) -> None:
        before, events = self._files(), len(self.watch.events)
        used, begun = self.watch.processor, time.monotonic()
        noted = self._state_written(seconds)
        took = time.monotonic() - begun
        share = (self.watch.processor - used) / took
        now = self.watch
        minute = (time.monotonic() - self._began) / 60
        self.samples.append(Sample(minute, now.memory, now.open_files, now.threads, share, took))
        after = self._files()
        wrote = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        if wrote:
            self.broken.append(f"written while nobody did anything: {wrote[:5]}")
        if noted > MOST_NOTED:
            self.broken.append(f"the state was written {noted} times in {took:.0f} s while nobody did anything")
        if len(self.watch.events) != events:
            self.broken.append(f"events while nobody did anything: {self._last_events()}")
        if share > MOST_PROCESSOR and took >= LONG_PAUSE:
            self.broken.append(f"{share:.1%} of a processor while nobody did anything, for {took:.0f} s")
        print(self._line(self.samples[-1]), flush=True)

    def _state_written(self, seconds: float) -> int:
        """How often, while so many seconds pass."""
        state = self.vault / ".twinpage" / "state.db"
        seen = {state.stat().st_mtime_ns}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.2)
            seen.add(state.stat().st_mtime_ns)
        return len(seen) - 1

    # ------------------------------------------------------------------ what must hold

    def _nothing_is_lost(self) -> None:
        lost = self.writer.lost()
        if lost:
            self.broken.append(f"lost: {', '.join(lost[:10])}")
            self.writer.note_down(self.broken[-1])
            self.writer.owed -= set(lost)
        for saved in self.writer.orphaned:
            self.broken.append(f"what was saved was gone at once: {saved}")
        self.writer.orphaned.clear()

    def _all_in_step(self) -> None:
        told = json.loads(watched.twinpage(self.vault, "status", "--output-format", "json").stdout or "{}")
        for word in ("ahead", "behind", "apart"):
            if told.get(word, ["no answer"]):
                self.broken.append(f"{word} although all is quiet: {told.get(word)}")
        self._told_of.update(f"held in a pause: {held}" for held in map(str, told.get("held", [])))

    def _in_proportion(self) -> None:
        """A loop would show as many writes of one artifact, or as more writes than edits."""
        events = [event for _, event in self.watch.events[self._told :] if event["event"] == "change"]
        self._told = len(self.watch.events)
        self._told_of["files written by the watch"] += len(events)
        by_artifact = Counter(event["artifact"] for event in events)
        for artifact, number in by_artifact.items():
            edits = self.writer.edited[artifact]
            if number > MOST_WRITES * edits + SPARE_WRITES:
                self.broken.append(f"{artifact} was edited {edits} times, and written {number} times")
        edits = self.writer.edited.total()
        if len(events) > MOST_WRITES_AN_EDIT * edits + 4 * SPARE_WRITES:
            self.broken.append(f"{len(events)} files written for {edits} edits")
        self.writer.edited.clear()

    def _files(self) -> dict[str, tuple[int, int]]:
        """All files with time and inode; git's own and the few that the watch writes at each of its looks set aside."""
        found = {}
        for folder, folders, names in os.walk(self.vault):
            folders[:] = [name for name in folders if name != ".git"]
            for name in names:
                if not name.startswith(("watching", "lock", "state.db")):
                    info = os.stat(os.path.join(folder, name))
                    found[os.path.relpath(os.path.join(folder, name), self.vault)] = info.st_mtime_ns, info.st_ino
        return found

    def _agree_in_the_end(self) -> None:
        """Open conflicts are decided; then a new process finds nothing to do, and the files alone say the same."""
        for _ in range(3):
            self.commands.decide_all()
            self._settle()
        self._nothing_is_lost()
        done = watched.twinpage(self.vault, "sync", "--output-format", "json")
        told = json.loads(done.stdout) if done.stdout else {"no answer": done.stderr}
        if done.returncode or told.get("changes", [1]) or told.get("held", [1]):
            self.broken.append(f"the last sync ended with {done.returncode}: {json.dumps(told)[:600]}")

    def after(self) -> None:
        """Without the watch, and without what twinpage remembers."""
        copy = self.vault.with_name("copy")
        shutil.copytree(self.vault, copy, ignore=shutil.ignore_patterns(".twinpage", ".git"))
        done = watched.twinpage(copy, "check", "--output-format", "json")
        flags = json.loads(done.stdout)["flags"] if done.stdout else [{"code": "TP501", "message": done.stderr}]
        bad = [flag for flag in flags if flag["code"] in ("TP001", "TP501", "TP502", "TP503", "TP521", "TP901")]
        self.broken += [f"{flag['code']}: {flag['message']} ({flag.get('path')})" for flag in bad[:5]]
        self._growth()
        unexpected = [event for _, event in self.watch.events if "unexpected" in event.get("sentence", "")]
        self.broken += [f"said by the watch: {event['sentence']}" for event in unexpected]

    def _growth(self) -> None:
        settled = self.samples[1] if len(self.samples) > 1 else self.samples[0]
        last, first = self.samples[-1], self.samples[0]
        if last.memory > settled.memory + MOST_GROWTH or last.memory > MOST_MEMORY:
            self.broken.append(f"memory grew from {settled.memory:.0f} to {last.memory:.0f} MB")
        if last.files > first.files + MOST_FILES_MORE or last.threads > first.threads + 1:
            self.broken.append(
                f"open files: {first.files}, then {last.files}; threads: {first.threads}, {last.threads}"
            )

    # ------------------------------------------------------------------ telling

    def keep(self) -> Path:
        """The vault and the history of both sides, for whoever looks for the cause."""
        kept = Path(tempfile.mkdtemp(prefix="twinpage-day-broken-"))
        shutil.copytree(self.vault, kept / "vault")
        told = [(when, f"    {json.dumps(event, ensure_ascii=False)}") for when, event in self.watch.events]
        lines = [f"{when - self._began:9.3f} {what}" for when, what in sorted(told + self.writer.history)]
        (kept / "history.txt").write_text("\n".join([*self.broken, *lines]) + "\n", encoding="utf-8")
        return kept

    def _last_events(self) -> str:
        return json.dumps([event for _, event in self.watch.events[-3:]])[:600]

    def _line(self, one: Sample) -> str:
        return (
            f"{one.minute:6.1f} min  {self.edits:6} edits  {one.memory:6.1f} MB  {one.files:3} files  "
            f"{one.threads} threads  {one.processor:7.2%} of a processor in {one.over:.0f} s"
        )

    def table(self) -> str:
        """All figures."""
        kinds = Counter(event["event"] for _, event in self.watch.events)
        shares = [one.processor for one in self.samples if one.over >= LONG_PAUSE]
        rows: list[tuple[str, object]] = [
            ("watch started after", f"{self.started:.2f} s"),
            ("edits", self.edits),
            ("words typed and not taken away", len(self.writer.owed)),
            ("private remarks", len(self.writer.private)),
            ("memory at start, in the first pause, at most, at the end", self._memories()),
            ("open files at start, at most, at the end", _span([one.files for one in self.samples])),
            (
                "processor in a minute while nobody did anything, at most",
                f"{max(shares):.2%}" if shares else "not measured",
            ),
            ("settled after a pause began, at most", f"{max(self.settling):.1f} s"),
            *sorted((f"events: {name}", number) for name, number in kinds.items()),
            *sorted((f"edits: {name}", number) for name, number in self.writer.done.items()),
            *sorted((f"saved: {name}", number) for name, number in self.writer.ways.items()),
            *sorted((f"commands: {name}", number) for name, number in self.commands.done.items()),
            *sorted(self._told_of.items()),
        ]
        return "\n".join(f"{name:58} {value}" for name, value in rows)

    def _memories(self) -> str:
        memory = [one.memory for one in self.samples]
        return f"{memory[0]:.1f}, {memory[min(1, len(memory) - 1)]:.1f}, {max(memory):.1f}, {memory[-1]:.1f} MB"


def _span(numbers: list[int]) -> str:
    return f"{numbers[0]}, {max(numbers)}, {numbers[-1]}"
