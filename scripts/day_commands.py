"""The commands that people use while ``twinpage watch`` runs; none of them may fail because of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import watched
from day_vault import ID, everything, notes_of, text_of, words
from day_writer import Writer
from saving import Overtaken

from twinpage.core.choosing import conflicts

LONGEST = 60.0
IN_CONFLICT = "has an open conflict"
"""Why `rename` refuses rightly, whoever watches. 1 is the right code of others where conflicts are open."""
LEADS_NOWHERE = re.compile(r"No artifact's note is called (.+?)\. Link to one")
"""Why else: somebody just threw that note away."""
GIVES_UP = 25.0
"""Seconds after which what was thrown away must be in the trash."""


@dataclass
class Commands:
    """``failed`` has a sentence for each that did not end as it should."""

    vault: Path
    writer: Writer
    r: Random
    failed: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    _running: tuple[list[str], subprocess.Popen[str]] | None = None

    def something(self) -> None:
        """Start or do one at random."""
        choices = {"look": 8, "new": 2, "rename": 1, "decide": 3, "commit": 2}
        name = self.r.choices(list(choices), list(choices.values()))[0]
        try:
            getattr(self, name)()
        except Overtaken:
            return

    # ------------------------------------------------------------------ beside the edits

    def look(self) -> None:
        """One that may take a while; people do not wait for it."""
        if self._running is None:
            self._start(self.r.choice([["sync"], ["sync", "--dry-run"], ["status"], ["check"], ["conflicts"]]))

    def new(self) -> None:
        if self._running is None:
            name = f"Topic {self.writer.word()}"
            self.writer.owed |= words(name)
            self.writer.edited[""] += 1
            self._start(["new", "topic", name])

    def _start(self, command: list[str]) -> None:
        whole = [sys.executable, "-m", "twinpage", *command, "--vault", str(self.vault)]
        pipe = subprocess.PIPE
        self._running = command, subprocess.Popen(whole, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)

    def collect(self) -> None:
        """See whether the one that runs has ended."""
        if self._running is not None and self._running[1].poll() is not None:
            self.finish()

    def finish(self) -> None:
        """Wait for the one that runs, and bring back all that was thrown away."""
        if self._running is not None:
            command, process = self._running
            self._running = None
            try:
                said, complained = process.communicate(timeout=LONGEST)
            except subprocess.TimeoutExpired:
                process.kill()
                said, complained = process.communicate()
                self.failed.append(f"`{' '.join(command)}` did not end")
            self._judge(command, process.returncode, said + complained)
        while self.writer.thrown and time.monotonic() - max(self.writer.thrown.values()) < 2 * GIVES_UP:
            self.bring_back()
            time.sleep(0.3)

    def _judge(self, command: list[str], code: int, said: str) -> None:
        self.done[f"{command[0]}, exit code {code}"] += 1
        self.writer.note_down(f"`{' '.join(command)}` ended with {code}")
        if code not in (0, 1) and not (command[0] == "rename" and self._rightly_refused(said)):
            self.failed.append(f"`{' '.join(command)}` ended with {code}: {said.strip()[:300]}")

    def _rightly_refused(self, said: str) -> bool:
        nowhere = LEADS_NOWHERE.search(said)
        there = {path.stem for path in notes_of(self.vault)}
        return IN_CONFLICT in said or (nowhere is not None and nowhere[1] not in there)

    # ------------------------------------------------------------------ waited for

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        done = watched.twinpage(self.vault, *command)
        self._judge(list(command), done.returncode, done.stdout + done.stderr)
        return done

    def commit(self) -> None:
        """git's lock and index come and go under the watch."""
        watched.commit(self.vault, "some")
        self.done["git commit"] += 1

    def rename(self) -> None:
        _, _, artifact = self.writer.a_note()
        if "/" in artifact:
            new = f"{artifact.rpartition('/')[0]}/{artifact.rpartition('/')[2].partition('-w')[0]}-{self.writer.word()}"
            self._run("rename", artifact, new)
            self.writer.edited[artifact] += 1
            self.writer.edited[new] += 2

    def bring_back(self) -> None:
        """Restore what was thrown away, once its twin is in the trash, too."""
        for artifact, when in list(self.writer.thrown.items()):
            waited = time.monotonic() - when
            if waited < 4 or (self._is_there(artifact) and waited < GIVES_UP):
                continue
            del self.writer.thrown[artifact]
            if self._is_there(artifact):
                self.failed.append(f"{artifact} was thrown away, and its twin stayed for {waited:.0f} s")
                continue
            self._run("restore", artifact)
            self.writer.edited[artifact] += 2
            if not self._is_there(artifact):
                self.failed.append(f"{artifact} was restored, and is not there")

    def _is_there(self, artifact: str) -> bool:
        """Either side of it."""
        file = self.vault / "artifacts" / f"{artifact}.json"
        return file.is_file() or any(_claims(path, artifact) for path in notes_of(self.vault))

    def decide(self) -> None:
        """End one conflict."""
        found = self._open()
        if found:
            self._resolve(self.r.choice(found))

    def decide_all(self) -> None:
        for artifact in self._open():
            self._resolve(artifact)

    def _open(self) -> list[str]:
        said = watched.twinpage(self.vault, "conflicts", "--output-format", "json").stdout
        told = json.loads(said or '{"conflicts": []}')
        return sorted({str(one["artifact"]) for one in told["conflicts"]})

    def _resolve(self, artifact: str) -> None:
        """The side that is not taken goes away on purpose."""
        file = self.vault / "artifacts" / f"{artifact}.json"
        said = text_of(file)
        notes = [text_of(path) for path in notes_of(self.vault) if _claims(path, artifact)]
        data = json.dumps(json.loads(said).get("conflicts", []), ensure_ascii=False) if said else ""
        shown = "".join(words_of for text in notes for words_of in _shown(text, self.writer.dialect))
        before = words(said) | words("".join(notes))
        gives_up = (words(data) | words(shown)) & before
        self._run("resolve", artifact, "--take", self.r.choice(["note", "file"]))
        self.writer.edited[artifact] += 2
        there = words(everything(self.vault))
        self.writer.owed -= gives_up - there


def _shown(text: str, dialect: str) -> list[str]:
    """Words of a note that only its conflicts have."""
    return [f" {word}" for word in words(text) - words(conflicts.remove(text, dialect))]


def _claims(path: Path, artifact: str) -> bool:
    found = ID.search(text_of(path))
    return found is not None and found[1] == artifact
