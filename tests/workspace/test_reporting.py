"""What a watcher says of its passes."""

from __future__ import annotations

from twinpage.model.outcome import OpenConflict
from twinpage.workspace.carrying.carry import Tally, Waiting
from twinpage.workspace.carrying.passes import PassResult
from twinpage.workspace.opening import open_workspace
from twinpage.workspace.reporting import Reporting


def test_a_conflict_is_not_over_while_its_artifact_waits(tmp_path):
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n', encoding="utf-8")
    said: list[str] = []
    reporting = Reporting(lambda event: said.append(event.what))
    conflict = OpenConflict("runs/x", "artifacts/runs/x.json", "X.md", "/goal", "a", "b", "c", "note")
    waiting = Waiting("runs/x", "X.md", "git has just put this version there", 5.0)
    ws = open_workspace(tmp_path)
    for tally in (Tally(conflicts=[conflict]), Tally(waiting=[waiting]), Tally(conflicts=[conflict]), Tally()):
        reporting.passed(ws, PassResult(tally, 0, decided=frozenset({"runs/x"})), True)
    ws.close()
    assert said == ["conflict", "waiting", "agreed"]
