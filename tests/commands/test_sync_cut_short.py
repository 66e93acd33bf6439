"""A command that is asked to end at any of its calls: whatever it did by then stands in the log."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from tests.commands.test_sync_killed import LAID, bytes_of, different, in_a_child, in_step, logged

from twinpage.edge import deeds

SCRIPTS = str(Path(__file__).resolve().parents[2] / "scripts")
if SCRIPTS not in sys.path:
    sys.path.append(SCRIPTS)

from faults import watched  # noqa: E402
from walk_vault import folder_in_memory, prepared  # noqa: E402

STEP = int(os.environ.get("TWINPAGE_KILL_STEP", "29"))
"""1: at every single call."""

pytestmark = [pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked and asked"), pytest.mark.slow]


class Asked(BaseException):
    """The process was asked to end."""


def ended(work, nth, number):
    """Do the work in a process that is asked to end right after its n-th call; its number of calls, 0 if it ended."""
    seen = 0

    def end(number, frame):
        raise Asked

    def act(call):
        nonlocal seen
        result = call.run()
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), number)
        return result

    def counted():
        try:
            signal.signal(number, end)
            with watched(act):
                work()
        except Asked:
            return 0
        return seen

    return int(in_a_child(counted)[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", list(LAID))
def test_the_log_tells_of_all_that_was_done(dialect, make_vault, name, number, record_property):
    with prepared(), folder_in_memory() as folder:
        vault = in_step(make_vault, folder, dialect)
        work, _ = LAID[name](vault)
        (vault.root / deeds.PLACE).unlink(missing_ok=True)
        before = folder / "before"
        shutil.copytree(vault.root, before, copy_function=shutil.copy2)
        was = bytes_of(vault)
        total = ended(work, 0, number)
        points = range(1 + list(LAID).index(name) % STEP, total + 1, STEP)
        ends = 0
        for nth in points:
            shutil.rmtree(vault.root)
            shutil.copytree(before, vault.root, copy_function=shutil.copy2)
            ends += ended(work, nth, number) == 0
            assert different(was, bytes_of(vault)).keys() <= logged(vault), nth
        assert ends
        record_property("points", len(points))
