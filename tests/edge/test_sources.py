"""Reading what somebody names for an import: never out of it, never for ever."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from twinpage.edge.sources import read_sources
from twinpage.errors import Usage


def test_notes_of_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    (folder / "deep").mkdir(parents=True)
    (folder / ".obsidian").mkdir()
    (folder / "a.md").write_bytes(b"a")
    (folder / "deep" / "b.TXT").write_bytes(b"b")
    (folder / "deep" / "picture.png").write_bytes(b"p")
    (folder / ".obsidian" / "hidden.md").write_bytes(b"h")
    (tmp_path / "single.markdown").write_bytes(b"s")
    found = read_sources([folder, tmp_path / "single.markdown"])
    shown = {path.removeprefix(f"{tmp_path.as_posix()}/"): data for path, data in found.documents.items()}
    assert shown == {"graph/a.md": b"a", "graph/deep/b.TXT": b"b", "single.markdown": b"s"}
    assert (found.unread, found.others) == ({}, 1)


def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    folder.mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("s")
    (folder / "inside.md").write_text("i")
    (folder / "file.md").symlink_to(outside / "secret.md")
    (folder / "same.md").symlink_to(folder / "inside.md")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(outside)
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    found = read_sources([folder])
    assert sorted(Path(path).name for path in found.documents) == ["inside.md", "same.md"]
    assert sorted(Path(path).name for path in found.unread) == ["away", "file.md", "gone.md", "loop"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hold_the_import(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    found = read_sources([tmp_path])
    assert list(found.unread.values()) == ["it is no regular file; leave it out"]


def test_names_are_composed(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "é.md")).write_text("e")
    assert [Path(path).name for path in read_sources([tmp_path]).documents] == ["é.md"]


def test_a_source_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="There is nothing at"):
        read_sources([tmp_path / "no"])
