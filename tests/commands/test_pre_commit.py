"""The shipped hooks file under the real pre-commit. Only its environment is not built here: that takes the network."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from twinpage.core.hooks.hook_file import HOOKS_FILE, hooks_file

pytest.importorskip("pre_commit")

pytestmark = pytest.mark.slow

ONE = pytest.mark.parametrize("dialect", ["obsidian"], indirect=True)
"""How pre-commit calls us is the same in both dialects."""
JOURNEY, SEGMENT = "harbour/journeys/morning-run", "harbour/segments/boats"


@pytest.fixture
def with_pre_commit(make_clone: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Prepares a clone: its hooks are pre-commit's, which takes ours from a repository as anybody would."""

    def prepare(clone: Any, *arguments: str) -> None:
        ours = make_clone(tmp_path / "twinpage", clone.vault)
        ours.top.mkdir()
        text = hooks_file()
        assert text.count("language: python") == 1
        (ours.top / HOOKS_FILE).write_text(text.replace("language: python", "language: system"), encoding="utf-8")
        ours.begin()
        program = tmp_path / "bin" / "twinpage"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m twinpage "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(program.parent), os.environ["PATH"]]))
        monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
        hook: dict[str, Any] = {"id": "twinpage", **({"args": list(arguments)} if arguments else {})}
        rev = ours.git("rev-parse", "HEAD").strip()
        config = {"repos": [{"repo": str(ours.top), "rev": rev, "hooks": [hook]}]}
        (clone.top / ".pre-commit-config.yaml").write_text(json.dumps(config), encoding="utf-8")
        install = f'"{sys.executable}" -m pre_commit install -t pre-commit -t pre-merge-commit'
        clone.git("-c", f"alias.set-up=!{install}", "set-up")

    return prepare


def test_a_vault_in_a_folder_with_its_line_and_with_what_is_staged(nested_clone: Any, with_pre_commit: Any) -> None:
    clone = nested_clone
    with_pre_commit(clone, "--vault", clone.vault.root.name)
    clone.commit()
    assert "Passed" in clone.said
    clone.breaks()
    clone.commit(code=1)
    line = 1 + clone.vault.text(clone.vault.file(JOURNEY)).split('"naming"')[0].count("\n")
    assert f"{clone.vault.file(JOURNEY)}:{line}" in clone.said
    clone.vault.edit(clone.vault.file(JOURNEY), '"naming"', '"name"')
    clone.git("commit", "-qm", "still staged", code=1)  # pre-commit puts the mended file aside meanwhile
    clone.git("add", "-A")
    clone.git("commit", "-qm", "mended", "--allow-empty")


@ONE
def test_a_commit_that_only_removes_is_looked_at(clone: Any, with_pre_commit: Any) -> None:
    with_pre_commit(clone)
    clone.commit()
    clone.git("rm", "-q", clone.vault.file(SEGMENT), clone.vault.note(SEGMENT))
    clone.git("commit", "-qm", "bad", code=1)
    assert "TP201" in clone.said


@ONE
def test_our_own_hooks_go_on_under_pre_commit_and_are_taken_away_there(clone: Any, with_pre_commit: Any) -> None:
    clone.run("hooks", "install")
    with_pre_commit(clone)
    assert clone.hook("pre-commit.legacy").is_file()
    clone.breaks()
    clone.commit(code=1)
    assert "Failed" in clone.said
    clone.run("hooks", "install")
    assert "calls twinpage already" in clone.said
    clone.run("hooks", "uninstall")
    assert not clone.hook("pre-commit.legacy").exists()
    assert clone.hook("pre-commit").is_file()
