"""Looking at the disk: what changed is read, what cannot be read is not gone, and many files are one pass."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from twinpage.commands.sync import sync
from twinpage.edge import walk as walk_module
from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import SyncOutcome
from twinpage.workspace.flagging.flags import all_flags, take_flags
from twinpage.workspace.look import Look, look
from twinpage.workspace.opening import open_workspace

TOPIC = """{{
  "kind": "topic",
  "id": "topics/{0}",
  "schema": "topic/1.0",
  "name": "Topic {0}",
  "body": "{1}"
}}
"""
OLD = 1_700_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n')
    (tmp_path / "artifacts/topics").mkdir(parents=True)
    for number in range(3):
        lay(tmp_path, number)
    return tmp_path


def lay(root: Path, number: int, body: str = "aaaa") -> Path:
    path = root / f"artifacts/topics/t{number}.json"
    path.write_text(TOPIC.format(f"t{number}", body))
    return path


def passed(root: Path) -> SyncOutcome:
    """A pass; nobody is typing in any note."""
    for path in root.rglob("*.md"):
        if not path.is_symlink():
            os.utime(path, (OLD, OLD))
    ws = open_workspace(root)
    try:
        outcome = sync(ws, Terminal(io.StringIO(), io.StringIO(), {}))
    finally:
        ws.close()
    return outcome


def looked(root: Path) -> Look:
    ws = open_workspace(root)
    with ws.state.transaction():
        found = look(ws)
    ws.close()
    return found


def test_after_a_pass_there_is_nothing_to_see(root: Path) -> None:
    passed(root)
    passed(root)
    assert looked(root).nothing


def test_a_change_that_size_and_time_do_not_tell(root: Path) -> None:
    passed(root)
    note = root / "Topics/Topic t1.md"
    before = note.stat()
    note.write_text(note.read_text().replace("aaaa", "bbbb"))
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert note.stat().st_size == before.st_size
    assert looked(root).affected == {"topics/t1"}


def test_a_change_right_after_our_own_write(root: Path) -> None:
    for round_ in ("bbbb", "cccc", "dddd", "eeee"):
        lay(root, 1, round_)
        passed(root)
        assert round_ in (root / "Topics/Topic t1.md").read_text()


def test_a_file_that_was_only_touched(root: Path) -> None:
    passed(root)
    os.utime(root / "artifacts/topics/t1.json")
    assert looked(root).affected == set()


def test_a_folder_that_cannot_be_listed_is_not_gone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed(root)
    real = os.scandir

    def scandir(path: str) -> object:
        if os.fspath(path).endswith("Topics"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(walk_module.os, "scandir", scandir)
    outcome = passed(root)
    assert outcome.changes == ()
    monkeypatch.undo()
    assert passed(root).changes == ()
    assert len(list((root / "artifacts/topics").iterdir())) == 3


@pytest.mark.parametrize("name", ["Topics/Topic t1.md", "artifacts/topics/t1.json"])
def test_a_file_that_cannot_be_read_is_not_gone(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    passed(root)
    real = os.open
    (root / name).write_bytes((root / name).read_bytes().replace(b"aaaa", b"bbbb"))

    def refuse(path: object, *rest: int, **named: int) -> int:
        if str(path).endswith(name):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    outcome = passed(root)
    assert outcome.changes == ()
    assert outcome.exit_code == 1
    assert name in outcome.held[0].because
    monkeypatch.undo()
    assert len(passed(root).changes) == 1
    assert "bbbb" in (root / "Topics/Topic t1.md").read_text()


def test_links_that_leave_the_vault_are_flagged_and_left(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("---\nartifact-kind: topic\n---\nsecret\n")
    (outside / "t9.json").write_text(TOPIC.format("t9", "x"))
    (root / "Secret.md").symlink_to(outside / "secret.md")
    (root / "Folder").symlink_to(outside)
    (root / "artifacts/topics/t9.json").symlink_to(outside / "t9.json")
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    passed(root)
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before
    assert not (root / "Topics/Topic t9.md").exists()
    ws = open_workspace(root, keep_state=False)
    assert take_flags(ws) == ()
    told = {flag.path for flag in all_flags(ws) if flag.code in ("TP001", "TP002")}
    ws.close()
    assert {"Secret.md", "Folder", "artifacts/topics/t9.json"} <= told


@pytest.mark.parametrize("many", [150, 250], ids=["row by row", "loaded whole"])
def test_large_passes_forget_nothing(root: Path, many: int) -> None:
    """From some size on the index is loaded whole; what is not touched then must stay in the state."""
    for number in range(many):
        lay(root, number)
    assert passed(root).exit_code == 0
    for number in range(3, many):
        lay(root, number, "bbbb")
    assert len(passed(root).changes) == many - 3
    ws = open_workspace(root)
    assert ws.state.count_cards() == many
    assert ws.vault.card("topics/t1") is not None
    assert ws.vault.resolve("Topic t1") == "topics/t1"
    ws.close()
    assert passed(root).changes == ()


def test_a_name_that_is_no_text_stops_nothing(root: Path) -> None:
    with open(os.fsencode(root) + b"/b\xff.md", "wb") as handle:
        handle.write(b"text")
    assert passed(root).exit_code == 0


def test_names_that_other_systems_forbid(root: Path) -> None:
    for name in ("Q: why.md", "a?b*c.md", "tab\there.md", "CON.md", "quote'\".md"):
        (root / name).write_text("---\nartifact-kind: topic\n---\n## Text\nWords.\n")
    assert passed(root).exit_code == 0
    assert len(list((root / "artifacts/topics").iterdir())) == 8
    assert passed(root).changes == ()
    (root / "line\nbreak.md").write_text("---\nartifact-kind: topic\n---\n## Text\nWords.\n")
    assert [held.path for held in passed(root).held] == ["line\nbreak.md"]


def test_deep_and_huge_things_are_flagged_and_stop_nothing(root: Path) -> None:
    (root / "artifacts/deep.json").write_text("[" * 100_000)
    (root / "artifacts/huge.json").write_text('{"a": "' + "x" * 9_000_000 + '"}')
    (root / "Yaml.md").write_text("---\nartifact-kind: topic\na: &a [x]\nb: [*a, *a]\n---\n")
    (root / "Blank lines.md").write_text("---\nartifact-kind: topic\n---\n" + "\n \t" * 100_000)
    outcome = passed(root)
    assert {held.path for held in outcome.held} >= {"artifacts/deep.json", "artifacts/huge.json"}
    assert len(list((root / "Topics").iterdir())) == 3
    assert passed(root).changes == ()
