"""The README is true: its tour is run as written, and its tables are what the program says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twinpage.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks() -> list[str]:
    """The shell blocks of the tour in order."""
    return re.findall(r"^```sh\n(.*?)^```$", section("Tour"), re.MULTILINE | re.DOTALL)


def test_the_table_of_flags_is_what_the_rules_say() -> None:
    rows = re.findall(r"^\| (TP\d+) \| ([a-z-]+) \| ([a-z]+) \|$", section("Flags"), re.MULTILINE)
    assert rows == [(code, rule.name, rule.severity) for code, rule in sorted(RULES.items())]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each block of the tour shows, with its exit code as the last line; all run in one shell."""
    home = tmp_path_factory.mktemp("tour")
    programs = home / "bin"
    programs.mkdir()
    shim = programs / "twinpage"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m twinpage "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    (programs / "python3").symlink_to(sys.executable)
    script = "\n".join(f"{block}echo \"exit $?\"; printf '\\001'" for block in blocks())
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "sync"),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        ["sh"],
        input=script,
        cwd=home,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.split("\1")


EXPECTED = (
    ("the editor", ()),
    ("two vaults", ("Made a vault for Obsidian", "Made a vault for Logseq")),
    ("a stage", ("### Ticketed evenings", "hangs it in the office")),
    ("note to file", ("1 file written", "frames it")),
    ("file to note", ("1 file written", "Eight Tuesdays go on sale", "Ask the owner about October.")),
    (
        "a conflict",
        (
            "exit code 1: somebody has to decide",
            "/stages/ticketed-evenings/description",
            "gone within the hour",
            "gone by midnight",
            "nothing to write",
        ),
    ),
    (
        "a journey less",
        ("moved to the trash", "TP301 Planning partner has a sales strategy but no journey", "no longer"),
    ),
    ("import", ("Corner bakery",)),
    ("a broken file", ("TP001", "exit code 1", "unreadable-file", "nothing to write")),
    (
        "git",
        (
            "pre-commit, pre-merge-commit",
            "1 profile of example cases lost its journey: Planning partner.",
            "stage *Ticketed evenings* renamed to *Booked evenings*",
            "The model as it is",
        ),
    ),
)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("sh") is None, reason="the tour is written for a POSIX shell")
@pytest.mark.parametrize("number", range(len(EXPECTED)), ids=[name.replace(" ", "-") for name, _ in EXPECTED])
def test_the_tour_goes_as_written(number: int, shown: list[str]) -> None:
    assert len(blocks()) == len(EXPECTED)
    block = shown[number]
    for words in EXPECTED[number][1]:
        assert words in block, block
    assert "Something unexpected" not in block, block
    assert block.rstrip().endswith("exit 0"), block
