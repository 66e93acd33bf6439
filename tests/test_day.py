"""scripts/day.py holds for half a minute; its long run is for people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells in /proc what a process needs")
@pytest.mark.parametrize(("dialect", "seed"), [("obsidian", 4), ("logseq", 5)])
def test_nothing_is_lost_and_the_watch_rests(dialect: str, seed: int) -> None:
    command = [sys.executable, "scripts/day.py", "--minutes", "0.3", "--dialect", dialect, "--seed", str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sync")}
    done = subprocess.run(
        [*command, "--twins", "60"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything held." in done.stdout


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A day over a vault of one note, with a watch that only has events."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from day_checks import Day
    from day_writer import Writer

    (tmp_path / "Note.md").write_text("artifact-id:: a/b\n\n- It is w1x here.\n- my own   w2x\n")
    writer = Writer(tmp_path, "logseq", Random(1), {"w1x", "w2x"}, {"w2x": "- my own   w2x\n"})
    return Day(tmp_path, writer, SimpleNamespace(events=[]), Random(1), 60)


def test_a_lost_word_and_a_changed_remark_are_seen(day: Any) -> None:
    day._nothing_is_lost()
    assert day.broken == []
    note = day.vault / "Note.md"
    note.write_text(note.read_text().replace("w1x", "").replace("own   w", "own w"))
    day._nothing_is_lost()
    assert day.broken == ["lost: w1x, private w2x"]


def test_what_is_in_the_trash_is_not_lost(day: Any) -> None:
    kept = day.vault / ".twinpage" / "trash" / "1" / "files"
    kept.mkdir(parents=True)
    (day.vault / "Note.md").rename(kept / "Note.md")
    day._nothing_is_lost()
    assert day.broken == []


@pytest.mark.parametrize(("writes", "loops"), [(2, False), (40, True)])
def test_a_loop_is_seen(day: Any, writes: int, loops: bool) -> None:
    day.writer.edited["a/b"] = 1
    day.watch.events += [(0.0, {"event": "change", "artifact": "a/b"})] * writes
    day._in_proportion()
    assert bool(day.broken) is loops
