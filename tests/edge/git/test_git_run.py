"""git as it is started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from twinpage.edge.git.run import run

ASK = """
import os, signal, sys
from pathlib import Path
from twinpage.edge.ending import done_whole
from twinpage.edge.git.run import run
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with done_whole():
        print(run(Path(sys.argv[1]), "version"), flush=True)
except KeyboardInterrupt:
    print("ended", flush=True)
"""
SLOW_GIT = """#!/bin/sh
touch "{asked}"
sleep 1
echo answered
"""


@pytest.mark.skipif(os.name != "posix", reason="a terminal's Ctrl-C reaches a whole group of processes")
def test_ctrl_c_takes_no_answer_away(tmp_path: Path) -> None:
    """What git was killed amid of must not count as its answer."""
    programs, asked = tmp_path / "bin", tmp_path / "asked"
    programs.mkdir()
    (programs / "git").write_text(SLOW_GIT.format(asked=asked))
    (programs / "git").chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PATH": f"{programs}:{os.environ['PATH']}"}
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while not asked.exists():
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        told, _ = process.communicate()
    assert told.split("\n")[:2] == ["b'answered\\n'", "ended"]


def test_a_git_that_fails_says_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "no-such-command") is None
    assert run(tmp_path / "nowhere", "version") is None
