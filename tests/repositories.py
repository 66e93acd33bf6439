"""Real git for tests, with nobody's settings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

_IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")


def git(folder: Path, *words: str, fails: bool = False, **environment: str) -> str:
    """What git says, without white space around it. ``fails``: it has to."""
    command = ["git", *_IDENTITY, *words]
    variables = os.environ | environment
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=variables)
    assert bool(done.returncode) == fails, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a conftest to take in: no settings of the person or machine, and no repository around the test's folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
