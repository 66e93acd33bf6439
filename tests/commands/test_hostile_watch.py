"""A watcher as people start it, and a world that means it no good."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TOPIC, NOTE, FILE = "topics/sourdough", "Topics/Sourdough.md", "artifacts/topics/sourdough.json"
PATIENCE = 30.0


def start(vault, out):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "twinpage", "watch", "--output-format", "jsonl", "--vault", str(vault.root)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)


class Watch:
    """The process, with everything that it told."""

    def __init__(self, vault):
        self.vault = vault
        self.told = vault.root.parent / "told"
        with self.told.open("w") as out:
            self.process = start(vault, out)
        self.until(lambda: self.events("started"))

    def until(self, met):
        deadline = time.monotonic() + PATIENCE
        while not met():
            assert self.process.poll() is None, self.told.read_text()
            assert time.monotonic() < deadline, self.told.read_text()
            time.sleep(0.02)

    def events(self, *whats):
        lines = self.told.read_text().split("\n")[:-1]
        return [event for event in map(json.loads, lines) if not whats or event["event"] in whats]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.told.read_text()


@pytest.fixture
def watch(vault):
    found = Watch(vault)
    yield found
    if found.process.poll() is None:
        found.process.kill()
        found.process.wait()


def test_a_state_that_another_program_locks_for_long_is_waited_for(watch, vault):
    other = sqlite3.connect(vault.root / ".twinpage/state.db", isolation_level=None)
    other.execute("begin exclusive")
    vault.edit(NOTE, "a week", "a month")
    watch.until(lambda: watch.events("refused"))
    time.sleep(7)
    other.execute("rollback")
    other.close()
    watch.until(lambda: "a month" in vault.text(FILE))
    told = [event["sentence"] for event in watch.events("refused")]
    assert len(told) == len(set(told))  # it could not be read, it could not be written: each once
    assert all("is writing in this vault" in sentence for sentence in told)
    watch.end()


def test_no_sign_of_life_is_given_through_a_link(watch, vault):
    outside = vault.root.parent / "outside"
    outside.mkdir()
    (outside / "watching.json").write_text("somebody else's")
    (vault.root / ".twinpage").rename(vault.root.parent / "former")
    (vault.root / ".twinpage").symlink_to(outside)
    vault.edit(NOTE, "a week", "a month")
    watch.until(lambda: watch.events("refused"))
    time.sleep(12)
    watch.end()
    assert {path.name: path.read_text() for path in Path(outside).iterdir()} == {"watching.json": "somebody else's"}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_under_what_is_told_does_not_end_the_work(vault):
    with open("/dev/full", "w") as full:
        process = start(vault, full)
    try:
        for number in range(3):
            vault.edit(NOTE, "It keeps", f"It keeps and{number} keeps")
            deadline = time.monotonic() + PATIENCE
            while f"and{number}" not in vault.text(FILE):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
