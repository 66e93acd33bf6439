"""Making vaults: new ones, among notes, and in places where it cannot be done."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twinpage.commands import check, init, new, sync
from twinpage.edge import shipped
from twinpage.edge.terminal import Terminal
from twinpage.errors import AlreadyThere, NeedsOption, NotWritten, OutsideVault, TwinpageError, Usage

NOTES = {
    "Brief.md": b"---\ntitle: Brief\r\n---\nNo newline at the end",
    "deep/er/Idea.md": "\ufeff# Idea\n\n\n".encode(),
    "image.png": b"\x89PNG\x00",
}


class Heard:
    """A terminal that nobody sits at, and what was said on it."""

    def __init__(self) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        self.terminal = Terminal(self.out, self.err, {})


@pytest.fixture
def heard() -> Heard:
    return Heard()


def make(folder: Path, heard: Heard, dialect: str | None = None, content: str = "examples") -> int:
    return init.run(folder=folder, dialect=dialect, content=content, terminal=heard.terminal)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def without_state(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if not path.startswith(".twinpage/")}


# ---------------------------------------------------------------------- a new vault


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_a_new_vault_has_every_artifact_and_a_note_for_each(dialect: str, tmp_path: Path, heard: Heard) -> None:
    root = tmp_path / "my-vault"
    assert make(root, heard, dialect) == 0
    files = contents(root)
    shipped_artifacts = {path: data for path, data in shipped.template_files() if path.startswith("artifacts/")}
    assert {path: data for path, data in files.items() if path.startswith("artifacts/")} == shipped_artifacts
    mark = b"artifact-id: " if dialect == "obsidian" else b"artifact-id:: "
    notes = [path for path, data in files.items() if path.endswith(".md") and mark in data]
    assert len(notes) == len(shipped_artifacts)
    assert f'dialect = "{dialect}"'.encode() in files["twinpage.toml"]
    assert b"\nflags-note = true\n" in files["twinpage.toml"]
    flags = "Flags.md" if dialect == "obsidian" else "pages/Flags.md"
    assert b"generated-by" in files[flags]
    assert f"  {flags}" in heard.out.getvalue()
    ignored = files[".gitignore"].decode().split("\n")
    assert {".twinpage/", f"/{flags}", f"/{flags.replace('.md', ' (twinpage).md')}"} <= set(ignored)
    assert not [line for line in ignored if line.startswith("Flags")]
    assert (".obsidian/types.json" in files) == (dialect == "obsidian")
    assert ("logseq/config.edn" in files) == (dialect == "logseq")
    assert json.loads(files[".vscode/schemas/journey.schema.json"])["title"] == "Journey"
    told = heard.out.getvalue()
    assert str(root) in told
    assert f"{len(notes)} notes" in told
    assert "twinpage check" in told


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_a_second_sync_writes_nothing(dialect: str, tmp_path: Path, heard: Heard) -> None:
    make(tmp_path / "v", heard, dialect)
    before = without_state(contents(tmp_path / "v"))
    again = Heard()
    code = sync.run(
        vault=tmp_path / "v", dry_run=False, allow_mass_delete=False, output_format="json", terminal=again.terminal
    )
    assert code == 0
    assert json.loads(again.out.getvalue())["changes"] == []
    assert without_state(contents(tmp_path / "v")) == before


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_a_new_vault_has_two_flags_and_no_others(dialect: str, tmp_path: Path, heard: Heard) -> None:
    make(tmp_path / "v", heard, dialect)
    told = Heard()
    code = check.run(
        vault=tmp_path / "v",
        paths=(),
        fix=False,
        output_format="json",
        fail_on=None,
        statistics=False,
        terminal=told.terminal,
    )
    flags = json.loads(told.out.getvalue())["flags"]
    assert code == 0
    assert sorted((flag["code"], flag["artifact"]) for flag in flags) == [
        ("TP301", "exotic-pet-rental/profiles/museum-educator"),
        ("TP302", "underwater-restaurant/profiles/corporate-host"),
    ]


def test_an_empty_vault_has_settings_only(tmp_path: Path, heard: Heard) -> None:
    assert make(tmp_path / "v", heard, "logseq", "none") == 0
    files = contents(tmp_path / "v")
    assert not [path for path in files if path.startswith("artifacts/") or path.endswith(".md")]
    assert "logseq/config.edn" in files
    assert "twinpage check" not in heard.out.getvalue()


def test_a_folder_that_no_app_has_seen_becomes_an_obsidian_vault(tmp_path: Path, heard: Heard) -> None:
    make(tmp_path, heard, content="none")
    assert (tmp_path / ".obsidian" / "app.json").is_file()
    assert "Obsidian" in heard.out.getvalue()


def test_an_attempt_that_was_cut_short_can_be_repeated(tmp_path: Path, heard: Heard) -> None:
    files = dict(shipped.template_files())
    put(tmp_path, {path: data for path, data in files.items() if path.startswith("artifacts/space-x/")})
    assert make(tmp_path, heard) == 0
    assert "twinpage.toml" in contents(tmp_path)


def test_files_of_the_folder_stay_and_are_told(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {".vscode/settings.json": b"{}", "LICENSE": b"mine", ".obsidian/app.json": b"{ }"})
    assert make(tmp_path, heard) == 0
    files = contents(tmp_path)
    assert (files[".vscode/settings.json"], files[".obsidian/app.json"]) == (b"{}", b"{ }")
    assert ".vscode/settings.json was there before and stays as it was." in heard.out.getvalue()


def test_an_artifact_in_the_way_stops_it_before_anything_is_written(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {"artifacts/space-x.json": b"{}"})
    with pytest.raises(AlreadyThere):
        make(tmp_path, heard)
    assert contents(tmp_path) == {"artifacts/space-x.json": b"{}"}


# ---------------------------------------------------------------------- among notes


@pytest.mark.parametrize("dialect", ["obsidian", "logseq"])
def test_among_notes_only_settings_are_written(dialect: str, tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, NOTES)
    stats = {path: os.stat(tmp_path / path) for path in NOTES}
    assert make(tmp_path, heard, dialect) == 0
    files = contents(tmp_path)
    assert {path: files[path] for path in NOTES} == NOTES
    assert {path: os.stat(tmp_path / path).st_mtime_ns for path in NOTES} == {
        path: stat.st_mtime_ns for path, stat in stats.items()
    }
    assert set(without_state(files)) - set(NOTES) == {"twinpage.toml", ".gitignore"}
    assert b"\nflags-note = false\n" in files["twinpage.toml"]
    options = {"dry_run": False, "allow_mass_delete": False, "output_format": "text"}
    assert sync.run(vault=tmp_path, terminal=Heard().terminal, **options) == 0  # type: ignore[arg-type]
    assert without_state(contents(tmp_path)) == without_state(files)
    assert (tmp_path / ".twinpage").is_dir()
    assert "2 notes; none of them was changed" in heard.out.getvalue()


@pytest.mark.parametrize(("sign", "dialect"), [(".obsidian/app.json", "obsidian"), ("logseq/config.edn", "logseq")])
def test_the_dialect_is_seen_from_the_app_s_settings(sign: str, dialect: str, tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {**NOTES, sign: b"{:file/name-format :triple-lowbar}"})
    make(tmp_path, heard)
    files = contents(tmp_path)
    assert f'dialect = "{dialect}"'.encode() in files["twinpage.toml"]
    assert files[sign] == b"{:file/name-format :triple-lowbar}"


def test_both_apps_and_nobody_to_ask_names_the_option(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {".obsidian/app.json": b"{}", "logseq/config.edn": b"{:file/name-format :triple-lowbar}"})
    with pytest.raises(NeedsOption, match="--dialect"):
        make(tmp_path, heard)
    assert "twinpage.toml" not in contents(tmp_path)


def test_notes_that_no_app_has_seen_need_the_option(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, NOTES)
    with pytest.raises(NeedsOption, match="No app has left settings"):
        make(tmp_path, heard)
    assert contents(tmp_path) == NOTES


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    put(tmp_path, NOTES)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "twinpage", "init", str(tmp_path)]
    path = {**os.environ, "PYTHONPATH": str(Path(init.__file__).parents[2])}
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env=path) as process:
        os.write(ours, b"logseq\n")
        assert process.wait(60) == 0
    os.close(theirs)
    os.close(ours)
    assert b'dialect = "logseq"' in (tmp_path / "twinpage.toml").read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"*.log", b"*.log\n# This machine's own"),
        (b"*.log\r\n", b"*.log\r\n# This machine's own"),
        (b"", b"# This machine's own"),
    ],
)
def test_ignore_lines_are_added_after_the_others(before: bytes, after: bytes, tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {**NOTES, ".gitignore": before})
    make(tmp_path, heard, "obsidian")
    found = (tmp_path / ".gitignore").read_bytes()
    assert found.startswith(after)
    assert found.endswith(b".twinpage/\r\n" if b"\r" in before else b".twinpage/\n")
    assert b"Flags.md" not in found


@pytest.mark.parametrize("rule", [b"/.twinpage/\n", b"x\n.twinpage", b".twinpage/\r\n"])
def test_an_ignore_file_that_has_our_line_is_left_alone(rule: bytes, tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {**NOTES, ".gitignore": rule})
    make(tmp_path, heard, "obsidian")
    assert (tmp_path / ".gitignore").read_bytes() == rule


def test_a_graph_with_old_file_names_is_refused_with_the_way_out(tmp_path: Path, heard: Heard) -> None:
    files = {**NOTES, "logseq/config.edn": b"{:meta/version 1}"}
    put(tmp_path, files)
    with pytest.raises(Usage, match="Filename format"):
        make(tmp_path, heard)
    assert contents(tmp_path) == files


# ---------------------------------------------------------------------- places where it cannot be done


def test_a_vault_is_left_as_it_is(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {"twinpage.toml": b"# mine\n"})
    with pytest.raises(Usage, match="already a vault"):
        make(tmp_path, heard, "logseq")
    put(tmp_path, {"my vault/twinpage.toml": b""})
    with pytest.raises(Usage, match=r"doctor --vault '.*/my vault'` looks it over"):
        make(tmp_path / "my vault", heard)
    shutil.rmtree(tmp_path / "my vault")
    assert contents(tmp_path) == {"twinpage.toml": b"# mine\n"}


def test_a_vault_in_a_vault_is_refused_both_ways(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {"outer/twinpage.toml": b""})
    with pytest.raises(Usage, match="lies inside the vault"):
        make(tmp_path / "outer" / "deep" / "inner", heard)
    with pytest.raises(Usage, match="holds a vault already, in outer"):
        make(tmp_path, heard)
    assert contents(tmp_path) == {"outer/twinpage.toml": b""}


def test_a_file_in_the_way_is_named(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {"taken": b"x"})
    with pytest.raises(Usage, match="is a file; name a folder"):
        make(tmp_path / "taken", heard)
    with pytest.raises(Usage, match="taken is a file, so"):
        make(tmp_path / "taken" / "vault", heard)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_lead_nowhere_or_out_are_refused(tmp_path: Path, heard: Heard) -> None:
    (tmp_path / "loose").symlink_to(tmp_path / "nothing")
    with pytest.raises(Usage, match="leads nowhere"):
        make(tmp_path / "loose", heard)
    root, outside = tmp_path / "v", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "artifacts").symlink_to(outside)
    with pytest.raises(OutsideVault):
        make(root, heard)
    assert list(outside.iterdir()) == []
    assert not (root / "twinpage.toml").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_a_folder_is_followed(tmp_path: Path, heard: Heard) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert make(tmp_path / "link", heard, content="none") == 0
    assert (tmp_path / "real" / "twinpage.toml").is_file()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, heard: Heard) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(NotWritten):
        make(tmp_path / "locked" / "v", heard)


def test_a_name_that_the_system_refuses_is_an_error_with_a_sentence(tmp_path: Path, heard: Heard) -> None:
    with pytest.raises(TwinpageError, match="too long"):
        make(tmp_path / ("x" * 300), heard, content="none")


def test_a_logseq_graph_keeps_its_new_notes_among_its_pages(tmp_path: Path, heard: Heard) -> None:
    put(tmp_path, {"graph/pages/Mine.md": b"- hello", "graph/logseq/config.edn": b"{:file/name-format :triple-lowbar}"})
    make(tmp_path / "graph", heard)
    new.run(vault=tmp_path / "graph", kind="case", name="Acme", case="", target="", terminal=heard.terminal)
    assert (tmp_path / "graph/pages/Acme.md").is_file()
