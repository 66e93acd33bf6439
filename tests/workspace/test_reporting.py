"""What a watcher says of its passes."""

from __future__ import annotations

from twinpage.edge import clock
from twinpage.model.outcome import OpenConflict
from twinpage.workspace.carrying.carry import Tally, Waiting
from twinpage.workspace.carrying.passes import PassResult
from twinpage.workspace.opening import open_workspace
from twinpage.workspace.reporting import AGAIN, Reporting


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


def test_what_would_be_told_again_by_now_is_forgotten(tmp_path, monkeypatch):
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n', encoding="utf-8")
    reporting = Reporting(lambda event: None)
    waiting = [Waiting(f"runs/{number}", "X.md", "git has just put this version there", 5.0) for number in range(9)]
    ws = open_workspace(tmp_path)
    reporting.passed(ws, PassResult(Tally(waiting=waiting), 0), True)
    ws.close()
    reporting.forget_old()
    assert reporting.remembered == 9
    now = clock.monotonic()
    monkeypatch.setattr(clock, "monotonic", lambda: now + AGAIN + 1)
    reporting.forget_old()
    assert reporting.remembered == 0
