"""The demo: a vault at once, never over something that is there."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from twinpage.commands import demo
from twinpage.edge.terminal import Terminal


def run(folder: Path | None, path: str = "") -> str:
    out = io.StringIO()
    assert demo.run(folder=folder, terminal=Terminal(out, io.StringIO(), {"PATH": path})) == 0
    return out.getvalue()


def test_the_demo_is_synced_checked_and_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run(None)
    root = tmp_path / "twinpage-demo"
    assert str(root) in told
    assert (root / demo.NOTE).is_file()
    assert (root / demo.FILE).is_file()
    assert "TP301" in told
    assert "TP302" in told
    assert "Museum educator has a sales strategy but no journey" in told
    assert "What to try next" in told


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "mine.txt").write_text("mine")
    (tmp_path / "d-2").write_text("a file")
    told = run(tmp_path / "d")
    assert str(tmp_path / "d-3") in told
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["mine.txt"]
    assert (tmp_path / "d-2").read_text() == "a file"


@pytest.mark.skipif(sys.platform == "win32", reason="programs are found otherwise there")
def test_it_says_how_to_call_the_program_where_the_shell_would_not_find_it(tmp_path: Path) -> None:
    assert f"alias twinpage='{sys.executable} -m twinpage'" in run(tmp_path / "d")
    program = tmp_path / "twinpage"
    program.touch(mode=0o755)
    assert "alias" not in run(tmp_path / "d", str(tmp_path))
