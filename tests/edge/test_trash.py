"""What leaves the disk can come back."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from twinpage.edge import disk as disk_module
from twinpage.edge.disk import Disk
from twinpage.edge.trash import Trash
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault
from twinpage.model.edit import digest

NOTE, FILE = b"# Steam\n", b"{}\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "artifacts/topics").mkdir(parents=True)
    (root / "Topics").mkdir()
    (root / "Topics/Steam.md").write_bytes(NOTE)
    (root / "artifacts/topics/steam.json").write_bytes(FILE)
    return root


@pytest.fixture
def trash(vault: Path) -> Trash:
    return Trash(Disk(vault))


BOTH = [("artifacts/topics/steam.json", digest(FILE)), ("Topics/Steam.md", digest(NOTE))]


def test_there_and_back(vault: Path, trash: Trash) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    assert not (vault / "Topics/Steam.md").exists()
    (bundle,) = trash.bundles()
    assert (bundle.artifact, bundle.because) == ("topics/steam", "it was removed")
    assert set(bundle.files) == {path for path, _ in BOTH}
    assert sorted(trash.bring_back(bundle)) == sorted(path for path, _ in BOTH)
    assert (vault / "Topics/Steam.md").read_bytes() == NOTE
    assert (vault / "artifacts/topics/steam.json").read_bytes() == FILE
    assert trash.bring_back(bundle) == []


def test_texts_are_kept_besides(vault: Path, trash: Trash) -> None:
    trash.put("topics/steam", "its note was removed", BOTH[:1], [("Topics/Steam.md", b"as it last was")])
    (bundle,) = trash.bundles()
    assert bundle.read("Topics/Steam.md") == b"as it last was"
    assert bundle.read("artifacts/topics/steam.json") == FILE


def test_what_is_there_again_is_not_covered(vault: Path, trash: Trash) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    (bundle,) = trash.bundles()
    (vault / "Topics/Steam.md").write_bytes(b"written anew")
    with pytest.raises(ChangedMeanwhile):
        trash.bring_back(bundle)
    assert (vault / "Topics/Steam.md").read_bytes() == b"written anew"


def test_the_newest_comes_first_and_each_stays(vault: Path, trash: Trash) -> None:
    for text in (b"one", b"two", b"three"):
        (vault / "Topics/Steam.md").write_bytes(text)
        trash.put("topics/steam", text.decode(), [("Topics/Steam.md", digest(text))])
    again = Trash(Disk(vault))
    assert [bundle.because for bundle in again.bundles()] == ["three", "two", "one"]
    assert [bundle.read("Topics/Steam.md") for bundle in again.bundles()] == [b"three", b"two", b"one"]


def test_a_file_that_changed_is_not_taken(vault: Path, trash: Trash) -> None:
    (vault / "Topics/Steam.md").write_bytes(b"typed meanwhile")
    with pytest.raises(ChangedMeanwhile):
        trash.put("topics/steam", "it was removed", BOTH)
    assert (vault / "Topics/Steam.md").read_bytes() == b"typed meanwhile"
    (bundle,) = trash.bundles()
    assert bundle.files == ("artifacts/topics/steam.json",)


def test_a_crash_between_leaves_each_file_somewhere(vault: Path, trash: Trash, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace
    calls: list[object] = []

    def replace(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(disk_module.os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        trash.put("topics/steam", "it was removed", BOTH)
    (bundle,) = trash.bundles()
    assert bundle.read("artifacts/topics/steam.json") == FILE
    assert (vault / "Topics/Steam.md").read_bytes() == NOTE


def test_a_full_disk_takes_nothing_away(vault: Path, trash: Trash, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_bytes(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(NotWritten):
        trash.put("topics/steam", "its note was removed", BOTH[:1], [("Topics/Steam.md", b"as it last was")])
    monkeypatch.undo()
    assert (vault / "artifacts/topics/steam.json").read_bytes() == FILE


@pytest.mark.parametrize("text", ["", "{", "[]", '{"artifact": 1}', '{"artifact": "a", "when": "", "because": ""}'])
def test_a_bundle_that_cannot_be_read_is_passed_over(vault: Path, trash: Trash, text: str) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    (trash.home / "0000").mkdir()
    (trash.home / "0000/trash.json").write_text(text)
    assert len(trash.bundles()) == 1


@pytest.mark.parametrize("path", ["../../../../../outside.md", "/etc/hostname"])
def test_a_hostile_bundle_writes_nothing_outside(vault: Path, trash: Trash, path: str) -> None:
    folder = trash.home / "0000"
    (folder / "files").mkdir(parents=True)
    (vault.parent / "outside.md").write_bytes(b"precious")
    told = {"artifact": "a", "when": "", "because": "", "files": [path]}
    (folder / "trash.json").write_text(json.dumps(told))
    for bundle in trash.bundles():
        with pytest.raises(OutsideVault):
            trash.bring_back(bundle)
    assert (vault.parent / "outside.md").read_bytes() == b"precious"


def test_a_link_that_leaves_the_vault_is_no_trash(vault: Path, trash: Trash) -> None:
    (vault / ".twinpage").mkdir()
    (vault.parent / "outside").mkdir()
    trash.home.symlink_to(vault.parent / "outside")
    with pytest.raises(OutsideVault):
        trash.put("topics/steam", "it was removed", BOTH)
    assert os.listdir(vault.parent / "outside") == []
    assert (vault / "Topics/Steam.md").read_bytes() == NOTE
