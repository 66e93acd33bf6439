"""Whose a file is that was written over."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twinpage.edge import former
from twinpage.edge.former import MARK, is_of_another


def kept_by(folder: Path, process: int) -> Path:
    path = folder / f"{process}-abc-old{MARK}1"
    path.write_bytes(b"before")
    return path


def test_a_process_that_runs_keeps_its_own(tmp_path: Path) -> None:
    assert is_of_another(kept_by(tmp_path, os.getpid()))
    assert not is_of_another(tmp_path.joinpath(kept_by(tmp_path, os.getpid()).rename(tmp_path / f"{os.getpid()}-new")))


def test_one_that_ended_keeps_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not is_of_another(kept_by(tmp_path, ended.pid))


def test_one_that_began_later_only_has_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept_by(tmp_path, os.getpid())
    monkeypatch.setattr(former, "started_at", lambda pid: time.time() + 60)
    assert not is_of_another(path)


def test_what_is_older_than_a_minute_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept_by(tmp_path, os.getpid())
    monkeypatch.setattr(former, "_LEFT_BEHIND", 0.0)
    assert not is_of_another(path)
