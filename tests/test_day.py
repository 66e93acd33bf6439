"""scripts/day.py holds for half a minute; its long run is for people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
