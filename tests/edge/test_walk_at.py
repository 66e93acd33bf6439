"""A look at some paths sees there what a walk over the whole vault sees."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from twinpage.edge.walk import Scan, walk, walk_at

NFC, NFD = "Caf\u00e9", unicodedata.normalize("NFD", "Caf\u00e9")


def everything(root: Path) -> list[str]:
    """Every path that exists, as it is stored and in NFC; folders with a final slash."""
    found = []
    for folder, folders, names in os.walk(root):
        inside = Path(folder).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        found += [prefix + name for name in names] + [f"{prefix}{name}/" for name in folders]
        found += [prefix + name for name in folders]
    texts = [path for path in found if path.isprintable()]
    return [*texts, *(unicodedata.normalize("NFC", path) for path in texts)]


def put(root: Path, path: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(path, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = Path(os.path.realpath(tmp_path)) / "vault"
    for path in (
        "a.md",
        "Notes/b.md",
        "Notes/deep/c.md",
        "artifacts/x.json",
        "artifacts/x/y/z.json",
        "artifacts/x.txt",
    ):
        put(root, path)
    for path in (".obsidian/d.md", "Notes/.hidden/e.md", ".f.md", "Templates/g.md", "Notes/h.txt", f"{NFC}/{NFC}.md"):
        put(root, path)
    put(root, f"Notes/{NFD}.md")
    for path in ("Other/twinpage.toml", "Other/j.md", "Other/deep/k.md", "Other/artifacts/l.json"):
        put(root, path)
    for path in (f"{NFD}e/twinpage.toml", f"{NFD}e/m.md", "artifacts/x/twinpage.toml"):
        put(root, path)
    outside = tmp_path / "outside"
    put(outside, "i.md")
    (root / "Notes/link.md").symlink_to(outside / "i.md")
    (root / "linked").symlink_to(outside)
    (root / "artifacts/link.json").symlink_to(outside / "i.md")
    (root / "inner").symlink_to(root / "Notes")
    return root


def excluded(path: str) -> bool:
    return path == "Templates" or path.startswith("Templates/") or path.endswith("b.md")


@pytest.mark.parametrize("excludes_files", [False, True])
def test_all_paths_together_are_the_whole_walk(root: Path, excludes_files: bool) -> None:
    whole = walk(str(root), excluded, excludes_files)
    parts = walk_at(str(root), everything(root), excluded, excludes_files)
    assert parts.notes == whole.notes
    assert parts.artifacts == whole.artifacts
    for name in ("strays", "outside", "doubles", "unnamed", "unreadable"):
        assert sorted(getattr(parts, name)) == sorted(getattr(whole, name)), name


@pytest.mark.parametrize("excludes_files", [False, True])
def test_each_path_alone_gives_its_part(root: Path, excludes_files: bool) -> None:
    whole = walk(str(root), excluded, excludes_files)
    for path in everything(root):
        part = walk_at(str(root), [path], excluded, excludes_files)
        plain = unicodedata.normalize("NFC", path)
        wanted = {p: s for p, s in whole.notes.items() if p == plain or p.startswith(plain.rstrip("/") + "/")}
        assert part.notes == wanted, path


def test_a_vault_within_is_passed_over(root: Path) -> None:
    whole = walk(str(root), excluded, False)
    assert not [path for path in whole.notes if path.startswith("Other/") or path.endswith("m.md")]
    assert walk_at(str(root), ["Other/j.md", "Other/deep/k.md", "Other/deep/", "Other/"], excluded, False).notes == {}
    (root / "Other/twinpage.toml").unlink()
    part = walk_at(str(root), ["Other/"], excluded, False)
    assert sorted(part.notes) == ["Other/deep/k.md", "Other/j.md"]


def test_what_is_not_there_is_left_out(root: Path) -> None:
    gone = ["no.md", "Notes/no.md", "no/no.md", f"{NFC}/no{NFC}.md", "no/", f"no{NFC}/a.md", "a.md/b.md"]
    assert walk_at(str(root), gone, excluded, False) == Scan({}, {}, (), (), ())


def test_two_names_that_differ_in_composition_are_told(root: Path) -> None:
    put(root, f"Notes/{NFC}.md")
    whole = walk(str(root), excluded, False)
    assert whole.doubles == (f"Notes/{NFD}.md",)
    for path in (f"Notes/{NFC}.md", f"Notes/{NFD}.md"):
        part = walk_at(str(root), [path], excluded, False)
        assert (part.doubles, list(part.notes)) == (whole.doubles, [f"Notes/{NFC}.md"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_what_cannot_be_read_is_not_gone(root: Path) -> None:
    (root / "Notes").chmod(0)
    try:
        assert walk_at(str(root), ["Notes/b.md"], excluded, False).unreadable == ("Notes",)
    finally:
        (root / "Notes").chmod(0o755)


def test_an_error_is_not_a_deletion(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.lstat

    def refuse(path: str, **named: object) -> os.stat_result:
        if str(path).endswith("b.md"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "lstat", refuse)
    assert walk_at(str(root), ["Notes/b.md"], lambda path: False, False).unreadable == ("Notes",)
