"""The only place where a person's file is written: whole or not at all, never over something else, never outside."""

from __future__ import annotations

import errno
import os
import socket
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twinpage.edge import deeds
from twinpage.edge import disk as disk_module
from twinpage.edge.disk import Disk, Stat
from twinpage.edge.refused import reason
from twinpage.errors import ChangedMeanwhile, NotWritten, OutsideVault
from twinpage.model.edit import digest

OLD, NEW = b"as it was\n", b"as it should be\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.md").write_bytes(b"secret")
    return tmp_path / "vault"


@pytest.fixture
def disk(vault: Path) -> Disk:
    return Disk(vault)


def lay(vault: Path, path: str, data: bytes = OLD) -> Path:
    place = vault / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return place


def leftovers(vault: Path) -> list[str]:
    folder = vault / ".twinpage/tmp"
    return os.listdir(folder) if folder.exists() else []


class TestScan:
    def test_notes_artifacts_and_strays(self, vault: Path, disk: Disk) -> None:
        for path in ("A.md", "Deep/er/B.md", "artifacts/x.json", "artifacts/x/journeys/y.json", "artifacts/readme.txt"):
            lay(vault, path)
        for path in (".obsidian/C.md", ".twinpage/tmp/d.md", ".git/e.md", "picture.png", "artifacts/.hidden.json"):
            lay(vault, path)
        scan = disk.scan()
        assert sorted(scan.notes) == ["A.md", "Deep/er/B.md"]
        assert sorted(scan.artifacts) == ["artifacts/x.json", "artifacts/x/journeys/y.json"]
        assert scan.strays == ("artifacts/readme.txt",)
        assert (scan.outside, scan.unreadable) == ((), ())

    def test_a_note_under_artifacts_is_a_stray(self, vault: Path, disk: Disk) -> None:
        lay(vault, "artifacts/note.md")
        assert disk.scan().strays == ("artifacts/note.md",)

    def test_excluded_folders_are_not_entered_and_artifacts_always_are(self, vault: Path) -> None:
        for path in ("Templates/T.md", "Notes/N.md", "artifacts/x.json"):
            lay(vault, path)
        asked: list[str] = []

        def excluded(path: str) -> bool:
            asked.append(path)
            return path in ("Templates", "artifacts/x.json")

        scan = Disk(vault, excluded).scan()
        assert list(scan.notes) == ["Notes/N.md"]
        assert list(scan.artifacts) == ["artifacts/x.json"]
        assert "Notes/N.md" not in asked
        by_file = Disk(vault, lambda path: path == "Notes/N.md", excludes_files=True).scan()
        assert list(by_file.notes) == ["Templates/T.md"]

    def test_links_inside_are_passed_over_and_links_outside_are_told(self, vault: Path, disk: Disk) -> None:
        lay(vault, "Real/N.md")
        (vault / "Again").symlink_to(vault / "Real")
        (vault / "Twice.md").symlink_to(vault / "Real/N.md")
        (vault / "Loop").symlink_to(vault)
        (vault / "Secret.md").symlink_to(vault.parent / "outside/secret.md")
        (vault / "Folder").symlink_to(vault.parent / "outside")
        (vault / "picture.png").symlink_to(vault.parent / "outside/secret.md")
        scan = disk.scan()
        assert list(scan.notes) == ["Real/N.md"]
        assert sorted(scan.outside) == ["Folder", "Secret.md"]

    def test_a_link_loop_ends(self, vault: Path, disk: Disk) -> None:
        (vault / "a.md").symlink_to(vault / "b.md")
        (vault / "b.md").symlink_to(vault / "a.md")
        (vault / "Deep").mkdir()
        (vault / "Deep/up").symlink_to(vault)
        assert disk.scan().notes == {}

    def test_names_are_nfc_whatever_the_disk_holds(self, vault: Path, disk: Disk) -> None:
        lay(vault, unicodedata.normalize("NFD", "Café/Über.md"))
        assert list(disk.scan().notes) == ["Café/Über.md"]

    def test_a_name_that_is_no_text_stops_nothing(self, vault: Path, disk: Disk) -> None:
        with open(os.fsencode(vault) + b"/b\xff.md", "wb") as handle:
            handle.write(OLD)
        os.mkdir(os.fsencode(vault) + b"/d\xff")
        lay(vault, "Good.md")
        scan = disk.scan()
        assert list(scan.notes) == ["Good.md"]
        for path in (*scan.notes, *scan.strays, *scan.unreadable):
            path.encode("utf-8")

    def test_a_folder_that_cannot_be_listed_is_told(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lay(vault, "Locked/N.md")
        lay(vault, "Open/N.md")
        real = os.scandir

        def scandir(path: str) -> Any:
            if path.endswith("Locked"):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return real(path)

        monkeypatch.setattr(disk_module.os, "scandir", scandir)
        scan = disk.scan()
        assert list(scan.notes) == ["Open/N.md"]
        assert scan.unreadable == ("Locked",)

    def test_the_stat_is_that_of_the_file(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "A.md")
        info = place.stat()
        expected = Stat(len(OLD), info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
        assert disk.scan().notes["A.md"] == expected == disk.stat("A.md")


class TestPlace:
    @pytest.mark.parametrize(
        "path",
        ["", "/etc/passwd", "../outside/secret.md", "a/../../outside/x", "a//b.md", "a/..", "..", "x\0.md", "a/"],
    )
    def test_a_path_that_leads_out_by_its_form(self, disk: Disk, path: str) -> None:
        for touch in (disk.read, lambda p: disk.write(p, NEW, None, ""), disk.place):
            with pytest.raises(OutsideVault):
                touch(path)

    @pytest.mark.parametrize(
        "path", ["Link/secret.md", "Link/new.md", "Link/deep/new.md", "Secret.md", "Deep/Link/x.md"]
    )
    def test_a_path_that_leads_out_through_a_link(self, vault: Path, disk: Disk, path: str) -> None:
        (vault / "Deep").mkdir()
        for link in ("Link", "Deep/Link"):
            (vault / link).symlink_to(vault.parent / "outside")
        (vault / "Secret.md").symlink_to(vault.parent / "outside/secret.md")
        before = sorted(os.listdir(vault.parent / "outside"))
        for touch in (
            disk.read,
            lambda p: disk.write(p, NEW, None, ""),
            lambda p: disk.write(p, NEW, digest(b"secret"), ""),
            lambda p: disk.remove(p, digest(b"secret"), vault / ".twinpage/trash/x", ""),
        ):
            with pytest.raises(OutsideVault):
                touch(path)
        assert sorted(os.listdir(vault.parent / "outside")) == before
        assert (vault.parent / "outside/secret.md").read_bytes() == b"secret"

    def test_a_link_that_dangles_outside_is_not_written_through(self, vault: Path, disk: Disk) -> None:
        (vault / "New.md").symlink_to(vault.parent / "outside/new.md")
        with pytest.raises(OutsideVault):
            disk.write("New.md", NEW, None, "")
        assert not (vault.parent / "outside/new.md").exists()

    def test_a_link_inside_is_not_replaced_by_a_file(self, vault: Path, disk: Disk) -> None:
        lay(vault, "Real.md")
        (vault / "Link.md").symlink_to("Real.md")
        with pytest.raises(OutsideVault):
            disk.write("Link.md", NEW, digest(OLD), "")
        assert (vault / "Link.md").is_symlink()
        assert (vault / "Real.md").read_bytes() == OLD

    def test_a_vault_reached_through_a_link_is_a_vault(self, vault: Path) -> None:
        (vault.parent / "short").symlink_to(vault)
        lay(vault, "A.md")
        disk = Disk(vault.parent / "short")
        disk.write("A.md", NEW, digest(OLD), "")
        assert (vault / "A.md").read_bytes() == NEW

    def test_colons_are_ordinary_here(self, vault: Path, disk: Disk) -> None:
        lay(vault, "Q: why.md")
        lay(vault, "a:b/c.md")
        assert disk.read("Q: why.md") == OLD
        assert disk.read("a:b/c.md") == OLD

    def test_files_in_another_unicode_form_are_found(self, vault: Path, disk: Disk) -> None:
        stored = unicodedata.normalize("NFD", "Café/Über.md")
        place = lay(vault, stored)
        assert disk.read("Café/Über.md") == OLD
        assert disk.stat("Café/Über.md") is not None
        disk.write("Café/Über.md", NEW, digest(OLD), "")
        assert place.read_bytes() == NEW
        assert os.listdir(place.parent) == [place.name]

    def test_a_new_file_goes_into_the_folder_that_is_there(self, vault: Path, disk: Disk) -> None:
        lay(vault, unicodedata.normalize("NFD", "Café/Old.md"))
        disk.write("Café/Neu/New.md", NEW, None, "")
        folders = [name for name in os.listdir(vault) if name != ".twinpage"]
        assert folders == [unicodedata.normalize("NFD", "Café")]
        assert disk.read("Café/Neu/New.md") == NEW


class TestRead:
    def test_what_is_no_file_is_not_waited_for(self, vault: Path, disk: Disk) -> None:
        os.mkfifo(vault / "Pipe.md")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.relpath(vault / "Socket.md"))
            for path in ("Pipe.md", "Socket.md"):
                with pytest.raises(OSError):
                    disk.read(path)

    def test_a_folder_named_like_a_note(self, vault: Path, disk: Disk) -> None:
        (vault / "Folder.md").mkdir()
        assert disk.scan().notes == {}
        with pytest.raises(OSError):
            disk.read("Folder.md")

    def test_what_is_gone_is_gone(self, disk: Disk) -> None:
        with pytest.raises(FileNotFoundError):
            disk.read("None.md")
        assert disk.stat("None.md") is None

    def test_what_is_too_large_is_never_read_in_part(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(disk_module, "LARGEST_NOTE", 10)
        lay(vault, "Ten.md", b"x" * 10)
        lay(vault, "Eleven.md", b"x" * 11)
        assert disk.read("Ten.md") == b"x" * 10
        with pytest.raises(OSError) as refused:
            disk.read("Eleven.md")
        assert refused.value.errno == errno.EFBIG


class TestWrite:
    def test_a_new_file_with_its_folders(self, vault: Path, disk: Disk) -> None:
        told = disk.write("Deep/er/A.md", NEW, None, "")
        assert (vault / "Deep/er/A.md").read_bytes() == NEW
        assert told == disk.stat("Deep/er/A.md")
        assert leftovers(vault) == []

    def test_a_file_that_is_as_expected(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "A.md")
        told = disk.write("A.md", NEW, digest(OLD), "")
        assert place.read_bytes() == NEW
        assert told == disk.stat("A.md")

    def test_a_file_that_changed(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "A.md", b"typed meanwhile")
        with pytest.raises(ChangedMeanwhile):
            disk.write("A.md", NEW, digest(OLD), "")
        assert place.read_bytes() == b"typed meanwhile"
        assert leftovers(vault) == []

    def test_a_file_that_changed_while_the_new_one_was_made(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = lay(vault, "A.md")
        real = os.fsync

        def fsync(descriptor: int) -> None:
            real(descriptor)
            place.write_bytes(b"typed meanwhile")

        monkeypatch.setattr(disk_module.os, "fsync", fsync)
        with pytest.raises(ChangedMeanwhile):
            disk.write("A.md", NEW, digest(OLD), "")
        assert place.read_bytes() == b"typed meanwhile"
        assert leftovers(vault) == []

    def test_a_file_that_is_gone(self, vault: Path, disk: Disk) -> None:
        with pytest.raises(ChangedMeanwhile):
            disk.write("A.md", NEW, digest(OLD), "")
        assert not (vault / "A.md").exists()

    def test_a_new_file_covers_nothing(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "A.md")
        with pytest.raises(ChangedMeanwhile):
            disk.write("A.md", NEW, None, "")
        assert place.read_bytes() == OLD

    @pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
    def test_a_new_file_covers_nothing_that_comes_at_the_last_moment(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, links: bool
    ) -> None:
        place = vault / "A.md"
        real = os.link

        def link(source: Path, target: Path) -> None:
            place.write_bytes(b"came meanwhile")
            if not links:
                raise OSError(errno.EPERM, "Operation not permitted")
            real(source, target)

        monkeypatch.setattr(disk_module.os, "link", link)
        with pytest.raises(ChangedMeanwhile):
            disk.write("A.md", NEW, None, "")
        assert place.read_bytes() == b"came meanwhile"
        assert leftovers(vault) == []

    def test_who_saves_right_after_us_is_not_taken_for_us(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = lay(vault, "A.md")
        real = os.replace

        def replace(source: str, target: Path) -> None:
            real(source, target)
            if place.read_bytes() == NEW:
                with place.open("r+b") as handle:
                    handle.write(b"saved")

        monkeypatch.setattr(disk_module.os, "replace", replace)
        stat = disk.write("A.md", NEW, digest(OLD), "")
        assert place.read_bytes() != NEW
        assert stat != disk.stat("A.md")

    def test_a_file_system_without_hard_links(self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
        def link(source: Path, target: Path) -> None:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")

        monkeypatch.setattr(disk_module.os, "link", link)
        disk.write("A.md", NEW, None, "")
        assert (vault / "A.md").read_bytes() == NEW
        assert leftovers(vault) == []

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
    def test_the_mode_is_kept(self, vault: Path, disk: Disk, mode: int) -> None:
        place = lay(vault, "A.md")
        place.chmod(mode)
        disk.write("A.md", NEW, digest(OLD), "")
        assert stat.S_IMODE(place.stat().st_mode) == mode

    def test_a_read_only_file_is_respected(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "A.md")
        place.chmod(0o444)
        with pytest.raises(NotWritten, match="you may not write there"):
            disk.write("A.md", NEW, digest(OLD), "")
        assert place.read_bytes() == OLD

    def test_what_is_no_file_is_never_replaced(self, vault: Path, disk: Disk) -> None:
        os.mkfifo(vault / "Pipe.md")
        (vault / "Folder.md").mkdir()
        for path in ("Pipe.md", "Folder.md"):
            for expects in (None, digest(b"")):
                with pytest.raises((ChangedMeanwhile, NotWritten)):
                    disk.write(path, NEW, expects, "")
        assert stat.S_ISFIFO((vault / "Pipe.md").lstat().st_mode)
        assert (vault / "Folder.md").is_dir()

    def test_a_file_where_a_folder_should_be(self, vault: Path, disk: Disk) -> None:
        lay(vault, "Deep")
        with pytest.raises(NotWritten):
            disk.write("Deep/A.md", NEW, None, "")
        assert (vault / "Deep").read_bytes() == OLD

    def test_a_name_that_is_too_long(self, disk: Disk) -> None:
        with pytest.raises(NotWritten, match="too long"):
            disk.write("x" * 300 + ".md", NEW, None, "")


class TestWhatTheSystemRefuses:
    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS, errno.EDQUOT])
    @pytest.mark.parametrize("call", ["open", "fsync", "replace", "link"])
    def test_the_file_stays_as_it_was(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, call: str, number: int
    ) -> None:
        place = lay(vault, "A.md")
        real: Callable[..., Any] = getattr(os, call)

        def refuse(*arguments: Any, **named: Any) -> Any:
            if call == "open" and not arguments[1] & os.O_CREAT:
                return real(*arguments, **named)
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(disk_module.os, call, refuse)
        path, expects = ("New.md", None) if call == "link" else ("A.md", digest(OLD))
        with pytest.raises(NotWritten, match="stays as it was"):
            disk.write(path, NEW, expects, "")
        monkeypatch.undo()
        assert place.read_bytes() == OLD
        assert not (vault / "New.md").exists()
        assert leftovers(vault) == []

    def test_a_disk_that_fills_up_in_the_middle(self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
        import resource
        import signal

        place = lay(vault, "A.md")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
            with pytest.raises(NotWritten):
                disk.write("A.md", b"x" * 5000, digest(OLD), "")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        assert place.read_bytes() == OLD
        assert leftovers(vault) == []

    def test_reasons_are_clauses(self) -> None:
        assert reason(OSError(errno.ENOSPC, "No space left on device")) == "the disk is full"
        assert reason(OSError(errno.EIO, "")) == "the disk reported an error"
        assert reason(OSError(errno.EBUSY, "Device or resource busy")) == "device or resource busy"
        assert reason(OSError("?")) == "the system refused"


class TestRemove:
    def test_a_file_goes_to_the_trash(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "Deep/A.md")
        disk.remove("Deep/A.md", digest(OLD), vault / ".twinpage/trash/1/files", "")
        assert not place.exists()
        assert (vault / ".twinpage/trash/1/files/Deep/A.md").read_bytes() == OLD
        assert (vault / "Deep").is_dir()

    def test_empty_folders_of_artifacts_go_too(self, vault: Path, disk: Disk) -> None:
        lay(vault, "artifacts/x/journeys/a.json")
        lay(vault, "artifacts/x.json")
        disk.remove("artifacts/x/journeys/a.json", digest(OLD), vault / ".twinpage/trash/1/files", "")
        assert os.listdir(vault / "artifacts") == ["x.json"]
        disk.remove("artifacts/x.json", digest(OLD), vault / ".twinpage/trash/2/files", "")
        assert (vault / "artifacts").is_dir()

    def test_a_file_that_changed_stays(self, vault: Path, disk: Disk) -> None:
        place = lay(vault, "A.md", b"typed meanwhile")
        with pytest.raises(ChangedMeanwhile):
            disk.remove("A.md", digest(OLD), vault / ".twinpage/trash/1/files", "")
        assert place.read_bytes() == b"typed meanwhile"

    def test_a_move_that_fails_leaves_the_file(self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
        place = lay(vault, "A.md")

        def replace(source: Path, target: Path) -> None:
            raise OSError(errno.EXDEV, "Invalid cross-device link")

        monkeypatch.setattr(disk_module.os, "replace", replace)
        with pytest.raises(NotWritten):
            disk.remove("A.md", digest(OLD), vault / ".twinpage/trash/1/files", "")
        assert place.read_bytes() == OLD


class TestOurOwnFolder:
    def test_leftovers_of_a_crash_are_cleared(self, vault: Path, disk: Disk) -> None:
        lay(vault, ".twinpage/tmp/77-1-abcd")
        (vault / ".twinpage/tmp/folder").mkdir()
        disk.clear_leftovers()
        assert leftovers(vault) == ["folder"]

    @pytest.mark.parametrize("link", [".twinpage", ".twinpage/tmp"])
    def test_a_link_of_that_name_harms_nobody(self, vault: Path, disk: Disk, link: str) -> None:
        place = lay(vault, "A.md")
        target = vault.parent / "outside"
        if link == ".twinpage":
            (target / "tmp").mkdir()
            (target / "tmp/precious").write_bytes(b"precious")
        else:
            (vault / ".twinpage").mkdir()
        (vault / link).symlink_to(target)
        before = sorted(str(path) for path in target.rglob("*"))
        with pytest.raises(OutsideVault):
            disk.write("A.md", NEW, digest(OLD), "")
        with pytest.raises(OutsideVault):
            disk.clear_leftovers()
        assert sorted(str(path) for path in target.rglob("*")) == before
        assert place.read_bytes() == OLD

    def test_flushing_bears_what_is_gone(self, vault: Path, disk: Disk) -> None:
        disk.write("Deep/A.md", NEW, None, "")
        (vault / "Deep/A.md").unlink()
        (vault / "Deep").rmdir()
        disk.flush()
        disk.flush()
        assert not (vault / "Deep").exists()


def test_a_file_of_this_very_moment_is_not_trusted(vault: Path, disk: Disk) -> None:
    """Two saves within one tick of the clock, of equal length, differ in nothing that a stat tells."""
    place = lay(vault, "A.md")
    found = disk.stat("A.md")
    assert found is not None
    assert Disk.trusted(found) != found
    old = found._replace(mtime_ns=found.mtime_ns - 10**9, ctime_ns=found.ctime_ns - 10**9)
    assert Disk.trusted(old) == old
    touched = old._replace(ctime_ns=found.ctime_ns)
    assert Disk.trusted(touched) != touched
    os.utime(place, (1, 1))
    assert disk.stat("A.md") != found


class TestSavedAtThatVeryMoment:
    """Between the last look and the rename, by a program that had the file open."""

    @pytest.fixture
    def saving(self, vault: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        place = lay(vault, "a.md")
        real = os.replace

        def replace(source: Any, target: Any) -> None:
            monkeypatch.setattr(os, "replace", real)
            with open(place, "r+b") as handle:  # as an editor does that saves in place
                real(source, target)
                handle.truncate()
                handle.write(b"typed just now\n")

        monkeypatch.setattr(os, "replace", replace)
        return place

    def test_what_was_typed_stands_there_and_nothing_was_written(self, vault: Path, disk: Disk, saving: Path) -> None:
        with pytest.raises(ChangedMeanwhile):
            disk.write("a.md", NEW, digest(OLD), "")
        assert saving.read_bytes() == b"typed just now\n"
        assert os.listdir(vault / ".twinpage/tmp") == []

    def test_nothing_is_removed(self, vault: Path, disk: Disk, saving: Path) -> None:
        with pytest.raises(ChangedMeanwhile):
            disk.remove("a.md", digest(OLD), vault / ".twinpage/trash", "")
        assert saving.read_bytes() == b"typed just now\n"

    def test_where_there_are_no_links_it_is_written_as_ever(
        self, vault: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = lay(vault, "a.md")

        def refuse(source: Any, target: Any) -> None:
            raise PermissionError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", refuse)
        disk.write("a.md", NEW, digest(OLD), "")
        assert place.read_bytes() == NEW


class TestNobodyCanTellWhetherItWasSaved:
    """The disk reports an error on reading once more what was moved already: what was done stands, and is told."""

    @pytest.fixture
    def unreadable(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        def refuse(part: str) -> None:
            def opened(place: Any, *rest: Any, **named: Any) -> Any:
                if part in str(place):
                    raise OSError(errno.EIO, "the disk reported an error")
                return open(place, *rest, **named)

            monkeypatch.setattr(disk_module, "open", opened, raising=False)

        return refuse

    def test_it_is_written(self, vault: Path, disk: Disk, unreadable: Callable[[str], None]) -> None:
        place = lay(vault, "a.md")
        unreadable("-old")
        disk.write("a.md", NEW, digest(OLD), "updated  a.md  (x)")
        assert place.read_bytes() == NEW
        assert "not done" not in (vault / deeds.PLACE).read_text(encoding="utf-8")
        assert leftovers(vault) == []

    def test_it_is_removed(self, vault: Path, disk: Disk, unreadable: Callable[[str], None]) -> None:
        lay(vault, "a.md")
        unreadable("/trash/")
        disk.remove("a.md", digest(OLD), vault / ".twinpage/trash/1/files", "trashed  a.md  (x)")
        assert (vault / ".twinpage/trash/1/files/a.md").read_bytes() == OLD
        assert not (vault / "a.md").exists()
        assert "not done" not in (vault / deeds.PLACE).read_text(encoding="utf-8")
