"""What hand-checking found wrong in the real documents is what the content rules find, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from twinpage.commands import import_
from twinpage.edge.terminal import Terminal
from twinpage.workspace.flagging.flags import all_flags, take_flags
from twinpage.workspace.opening import open_workspace

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not at ../shared/seeds")
def test_the_strategy_that_speaks_of_another_case_and_the_one_of_bare_titles(tmp_path):
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n', encoding="utf-8")
    said = io.StringIO()
    import_.run(vault=tmp_path, sources=(SEEDS,), terminal=Terminal(said, said, {}))
    ws = open_workspace(tmp_path)
    try:
        assert take_flags(ws) == ()
        flags = [flag for flag in all_flags(ws) if flag.code in ("TP403", "TP404", "TP405")]
    finally:
        ws.close()
    foreign, stub = flags if flags[0].code == "TP404" else reversed(flags)
    assert foreign.artifact.startswith("vein-visualizer/sales-strategies/")
    assert "names Space X 7 times, and vein visualizer never" in foreign.message
    assert stub.artifact.startswith("underwater-restaurant/sales-strategies/")
    assert (stub.code, stub.pointer) == ("TP405", "/items")
    assert "5 bare titles" in stub.message
