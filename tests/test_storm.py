"""scripts/storm.py holds for a storm just large enough to be one; its long run is for people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from twinpage.core.settling import STORM

ROOT = Path(__file__).resolve().parent.parent
SIZE = STORM + 100


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells in /proc what a process needs")
def test_a_checkout_of_more_files_than_are_told_one_by_one_is_followed() -> None:
    command = [sys.executable, "scripts/storm.py", "--size", str(SIZE), "--times", "1", "--alone", "--rest", "5"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "sync")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{SIZE} of {SIZE}" in done.stdout
    assert "BROKEN" not in done.stdout
