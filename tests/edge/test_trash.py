"""What leaves the disk can come back."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from twinpage.edge import disk as disk_module
from twinpage.edge import trash as trash_module
from twinpage.edge.bundle import Bundle, read_bundle
from twinpage.edge.disk import Disk
from twinpage.edge.trash import Trash
from twinpage.errors import ChangedMeanwhile, NotRead, NotWritten, OutsideVault
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


def test_what_is_put_away_can_be_read(vault: Path, trash: Trash) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    assert not (vault / "Topics/Steam.md").exists()
    (bundle,) = trash.bundles()
    assert (bundle.artifact, bundle.because) == ("topics/steam", "it was removed")
    assert set(bundle.files) == {path for path, _ in BOTH}
    assert (bundle.missing, bundle.restored, bundle.undo) == ((), False, False)
    assert trash.read(bundle, "Topics/Steam.md") == NOTE
    assert trash.read(bundle, "artifacts/topics/steam.json") == FILE
    trash.mark_restored(bundle)
    (again,) = trash.bundles()
    assert again.restored
    trash.mark_restored(again)


def test_nothing_to_keep_makes_no_bundle(trash: Trash) -> None:
    trash.put("topics/steam", "it was removed", ())
    assert not trash.home.exists()
    assert trash.bundles() == []


def test_texts_are_kept_besides(vault: Path, trash: Trash) -> None:
    trash.put("topics/steam", "its note was removed", BOTH[:1], [("Topics/Steam.md", b"as it last was")])
    (bundle,) = trash.bundles()
    assert bundle.read("Topics/Steam.md") == b"as it last was"
    assert bundle.read("artifacts/topics/steam.json") == FILE


def test_the_newest_comes_first_and_each_stays(vault: Path, trash: Trash) -> None:
    for text in (b"one", b"two", b"three"):
        (vault / "Topics/Steam.md").write_bytes(text)
        trash.put("topics/steam", text.decode(), [("Topics/Steam.md", digest(text))])
    again = Trash(Disk(vault))
    assert [bundle.because for bundle in again.bundles()] == ["three", "two", "one"]
    assert [bundle.read("Topics/Steam.md") for bundle in again.bundles()] == [b"three", b"two", b"one"]


@pytest.mark.parametrize("number", [0, 1])
def test_where_one_file_cannot_be_taken_none_is(vault: Path, trash: Trash, number: int) -> None:
    changed = vault / BOTH[number][0]
    changed.write_bytes(b"typed meanwhile")
    with pytest.raises(ChangedMeanwhile):
        trash.put("topics/steam", "it was removed", BOTH)
    assert changed.read_bytes() == b"typed meanwhile"
    assert all((vault / path).exists() for path, _ in BOTH)
    assert trash.bundles() == []


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
    def write(place: str, data: bytes, mode: int | None) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(trash_module, "write_safe", write)
    with pytest.raises(NotWritten):
        trash.put("topics/steam", "its note was removed", BOTH[:1], [("Topics/Steam.md", b"as it last was")])
    monkeypatch.undo()
    assert (vault / "artifacts/topics/steam.json").read_bytes() == FILE
    assert trash.bundles() == []


def made(trash: Trash, name: str, record: object, **files: bytes) -> Path:
    """A bundle that somebody made by hand."""
    folder = trash.home / name
    (folder / "files").mkdir(parents=True)
    text = record if isinstance(record, str) else json.dumps(record)
    (folder / "trash.json").write_text(text)
    for path, data in files.items():
        (folder / "files" / path).write_bytes(data)
    return folder


def record(*files: object, **more: object) -> dict[str, object]:
    return {"artifact": "a", "when": "2026-01-01T00:00:00+00:00", "because": "why", "files": list(files), **more}


DAMAGED: dict[str, object] = {
    "empty": "",
    "cut": "{",
    "a list": "[]",
    "a number": "7",
    "no files": {"artifact": "a", "when": "", "because": ""},
    "an id that is none": record("A.md") | {"artifact": 1},
    "a time that is none": record("A.md") | {"when": ["x"]},
    "a reason that is none": record("A.md") | {"because": None},
    "files that are none": record("A.md") | {"files": 7},
    "files in a text": record("A.md") | {"files": "A.md"},
    "a file that is none": record(7),
    "what was left is none": record("A.md", left=[1]),
    "what was left is no text": record("A.md", left={"A.md": 7}),
    "deep": "[" * 100_000,
    "up": record("../../../../outside.md"),
    "up in the middle": record("A/../../../../outside.md"),
    "absolute": record("/etc/hostname.md"),
    "no name": record(""),
    "twice a slash": record("A//B.md"),
    "a nul": record("A\0.md"),
    "half a letter": record("\ud800.md"),
    "settings": record("twinpage.toml"),
    "a hook": record(".git/hooks/pre-commit"),
    "a note of a hidden folder": record(".obsidian/A.md"),
    "the state": record(".twinpage/state.db"),
    "json elsewhere": record("package.json"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_bundle_that_cannot_be_trusted_is_passed_over(vault: Path, trash: Trash, name: str) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    made(trash, "0000", DAMAGED[name])
    assert [bundle.artifact for bundle in trash.bundles()] == ["topics/steam"]
    assert trash.unread() == [".twinpage/trash/0000"]


def test_links_in_a_bundle_lead_nowhere(vault: Path, trash: Trash) -> None:
    (vault.parent / "secret.md").write_bytes(b"precious")
    (vault.parent / "secrets").mkdir()
    (vault.parent / "secrets/C.md").write_bytes(b"precious")
    folder = made(trash, "0000", record("A.md", "B/C.md", "D.md", "E.md", "F.md"), **{"F.md": b"fine"})
    (folder / "files/A.md").symlink_to(vault.parent / "secret.md")
    (folder / "files/B").symlink_to(vault.parent / "secrets")
    os.mkfifo(folder / "files/D.md")
    (folder / "files/E.md").mkdir()
    (bundle,) = trash.bundles()
    assert (bundle.files, bundle.missing) == (("F.md",), ("A.md", "B/C.md", "D.md", "E.md"))
    for path in bundle.missing:
        with pytest.raises(NotRead):
            trash.read(bundle, path)
    trash.discard(bundle)
    assert not folder.exists()
    assert (vault.parent / "secret.md").read_bytes() == b"precious"
    assert (vault.parent / "secrets/C.md").read_bytes() == b"precious"


def test_a_bundle_that_is_a_link_is_none(vault: Path, trash: Trash) -> None:
    elsewhere = vault.parent / "elsewhere"
    made(trash, "0000", record("A.md"), **{"A.md": b"x"}).rename(elsewhere)
    (bundle,) = read_bundle_at(elsewhere)
    (trash.home / "0000").symlink_to(elsewhere)
    assert trash.bundles() == []
    assert trash.unread() == []
    with pytest.raises(NotWritten):
        trash.discard(replace(bundle, folder=trash.home / "0000"))
    assert (elsewhere / "files/A.md").read_bytes() == b"x"


def read_bundle_at(folder: Path) -> list[Bundle]:
    bundle = read_bundle(folder)
    return [bundle] if bundle else []


@pytest.mark.parametrize("what", ["trash.json", "files"])
def test_a_part_of_a_bundle_that_is_a_link(vault: Path, trash: Trash, what: str) -> None:
    folder = made(trash, "0000", record("A.md"), **{"A.md": b"x"})
    (folder / what).rename(vault.parent / what)
    (folder / what).symlink_to(vault.parent / what)
    assert [bundle.files for bundle in trash.bundles()] == ([()] if what == "files" else [])
    for bundle in trash.bundles():
        trash.discard(bundle)
    assert (vault.parent / what).exists()
    assert what == "trash.json" or (vault.parent / "files/A.md").read_bytes() == b"x"


@pytest.mark.parametrize("what", ["a file", "a link out", "nothing"])
def test_a_trash_that_is_none(vault: Path, trash: Trash, what: str) -> None:
    (vault / ".twinpage").mkdir()
    if what == "a file":
        trash.home.write_text("no folder")
    if what == "a link out":
        outside = vault.parent / "outside"
        folder = made(trash, "0000", record("A.md"), **{"A.md": b"x"})
        trash.home.rename(outside)
        trash.home.symlink_to(outside)
        assert (outside / folder.name).is_dir()
    assert trash.bundles() == []
    assert trash.unread() == []


def test_folders_that_nobody_may_read(vault: Path, trash: Trash, monkeypatch: pytest.MonkeyPatch) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    made(trash, "unreadable", record("A.md"), **{"A.md": b"x"})
    real = os.open

    def refuse(path: str | Path, flags: int, *rest: int) -> int:
        if "unreadable" in Path(path).parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    assert [bundle.artifact for bundle in trash.bundles()] == ["topics/steam"]
    assert trash.unread() == [".twinpage/trash/unreadable"]
    monkeypatch.undo()

    def scandir(path: str | Path) -> object:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", scandir)
    assert trash.bundles() == []


def test_cut_short_at_every_step_a_bundle_is_still_told_of(
    vault: Path, trash: Trash, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is left can come back, what is gone of it is told, and the next time the rest goes, too."""
    for step in range(12):
        for path, data in (("Topics/Steam.md", NOTE), ("artifacts/topics/steam.json", FILE)):
            (vault / path).parent.mkdir(parents=True, exist_ok=True)
            (vault / path).write_bytes(data)
        trash.put("topics/steam", "it was removed", BOTH)
        (bundle,) = trash.bundles()
        left = [step]

        def stopping(real: Callable[..., None], left: list[int]) -> Callable[..., None]:
            def remove(*words: Any, **options: Any) -> None:
                if not left[0]:
                    raise KeyboardInterrupt
                left[0] -= 1
                real(*words, **options)

            return remove

        with monkeypatch.context() as patch:
            for name in ("unlink", "rmdir"):
                patch.setattr(os, name, stopping(getattr(os, name), left))
            try:
                trash.discard(bundle)
                stopped = False
            except KeyboardInterrupt:
                stopped = True
        assert trash.unread() == []
        for rest in trash.bundles():
            assert set(rest.files) | set(rest.missing) == {path for path, _ in BOTH}
            trash.discard(rest)
        assert trash.bundles() == []
        for folder in trash.home.iterdir():
            folder.rmdir()
        if not stopped:
            return
    raise AssertionError("it never ended")


def test_what_the_system_refuses_to_take_away_is_told(
    vault: Path, trash: Trash, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash.put("topics/steam", "it was removed", BOTH)
    (bundle,) = trash.bundles()

    def refuse(*words: Any, **options: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        with pytest.raises(NotWritten, match="may not"):
            trash.discard(bundle)
    (again,) = trash.bundles()
    assert set(again.files) == {path for path, _ in BOTH}


def test_the_size_of_a_bundle(vault: Path, trash: Trash) -> None:
    folder = made(trash, "0000", record("A.md"), **{"A.md": b"x" * 5_000})
    (folder / "files/link.md").symlink_to("/dev/zero")
    (bundle,) = trash.bundles()
    assert 5_000 < bundle.size() < 6_000


def test_a_link_that_leaves_the_vault_is_no_trash(vault: Path, trash: Trash) -> None:
    (vault / ".twinpage").mkdir()
    (vault.parent / "outside").mkdir()
    trash.home.symlink_to(vault.parent / "outside")
    with pytest.raises(OutsideVault):
        trash.put("topics/steam", "it was removed", BOTH)
    assert os.listdir(vault.parent / "outside") == []
    assert (vault / "Topics/Steam.md").read_bytes() == NOTE
