"""`textconv` as git calls it: from anywhere, fast, and whatever the file is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from twinpage.cli import run


def called(*words: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-X", "importtime", "-m", "twinpage", "textconv", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)


def test_it_needs_no_vault_and_no_library(clone: Any, tmp_path: Path) -> None:
    (tmp_path / "a b é.json").write_text('{"kind": "topic", "name": "Bread"}', encoding="utf-8")
    done = called("a b é.json", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"kind: topic\nname: Bread\n")
    loaded = {line.rpartition(b"|")[2].strip() for line in done.stderr.split(b"\n")}
    assert not loaded & {b"typer", b"jsonschema", b"git", b"sqlite3", b"twinpage.core.schema.kinds"}


def test_what_cannot_be_read(tmp_path: Path, capsys: Any) -> None:
    assert run(["textconv", str(tmp_path / "nope.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert run(["textconv"]) == 2


def test_git_diff_is_readable(clone: Any) -> None:
    journey = "artifacts/harbour/journeys/morning-run.json"
    (clone.top / ".gitattributes").write_text("artifacts/**/*.json diff=twinpage\n")
    clone.git("config", "diff.twinpage.textconv", f"'{sys.executable}' -m twinpage textconv")
    value = json.loads(clone.vault.text(journey))
    value["stages"].pop(1)
    clone.vault.put(journey, json.dumps(value, indent=2), new=True)
    said = clone.git("diff", "--no-ext-diff", "--", journey)
    assert "-  - Handing over  id: paying\n-      description: Bread against coins.\n" in said
    assert "{" not in said.partition("@@")[2]
