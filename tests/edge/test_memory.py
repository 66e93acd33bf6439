"""What a process has of the system's memory, after much work."""

from __future__ import annotations

import subprocess
import sys

import pytest

GROWS = """
import sys
from pathlib import Path
from twinpage.edge.memory import give_back, keep_large_apart

def has():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "apart":
    keep_large_apart()
bytes(30_000_000)  # freed at once: from now on glibc would take as much from its heap
before, small = has(), []
for number in range(60):
    large = bytes(1_000_000)
    small.append(bytes(700))  # stays, and lies behind it
    hold = large, bytes(1_000_000)
    small.append(bytes(700))
del large, hold
print(has() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only its /proc tells")
def test_what_is_large_goes_back_at_once() -> None:
    def grows(how: str) -> int:
        done = subprocess.run([sys.executable, "-c", GROWS, how], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert grows("apart") < 1_000_000
