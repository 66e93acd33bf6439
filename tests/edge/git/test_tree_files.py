"""A tree of git in the place of the disk: the same files are seen, and read, as if they lay there."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.config import parse
from twinpage.edge.disk import Disk
from twinpage.edge.git.place import find_repository
from twinpage.edge.git.tree_files import TreeFiles
from twinpage.edge.git.trees import Tree, at_revision, staged
from twinpage.edge.processes import halves
from twinpage.edge.walk import Scan
from twinpage.errors import NotWritten

SETTINGS = 'dialect = "obsidian"\nexclude = ["Templates/", "Drafts/*.tmp.md", "**/old"]\n'


def put(folder: Path, path: str, text: str = "1") -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode("utf-8"))


@pytest.fixture(params=["sha1", "sha256"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    git(folder, "init", "-q", f"--object-format={request.param}")
    return folder


@pytest.fixture
def full(vault: Path) -> Path:
    """One of everything that a walk tells apart."""
    for path in (
        *("A.md", "Deep/er/B.md", "Größe/Ü.md", "Drafts/C.md", "Drafts/C.tmp.md", "Drafts/old/D.md", "Templates/E.md"),
        *(".obsidian/app.json", ".hidden/F.md", ".G.md", "picture.png", "signoffs.jsonl", "Deep/signoffs.jsonl"),
        *("artifacts/a.json", "artifacts/case/journeys/b.json", "artifacts/Templates/c.json", "artifacts/.d.json"),
        *("artifacts/stray.txt", "artifacts/.hidden/e.json", "artifacts/old/f.json", "schemas/own.json"),
        *("Inner/twinpage.toml", "Inner/G.md", "Inner/Deep/H.md", "artifacts/inner/twinpage.toml"),
        *("artifacts/inner/g.json", "artifacts.md", "UPPER.MD", "artifacts/note.md"),
    ):
        put(vault, path, f"this is {path}")
    put(vault, "twinpage.toml", SETTINGS)
    (vault / "Within.md").symlink_to("A.md")
    (vault / "Without.md").symlink_to("../elsewhere.md")
    (vault / "artifacts/within.json").symlink_to("a.json")
    (vault / "artifacts/without.json").symlink_to("/etc/hostname")
    (vault / "Templates/Without.md").symlink_to("../../elsewhere.md")
    for link, target in (("Nowhere.md", "nobody.md"), ("Loop.md", "Loop.md"), ("artifacts/gone.json", "../gone.json")):
        (vault / link).symlink_to(target)
    for link, target in (("Twice.md", "Within.md"), ("Folder", "Deep"), ("Via.md", "Folder/er/B.md"), ("Up.md", ".")):
        (vault / link).symlink_to(target)
    git(vault, "add", "-A", "-f")
    git(vault, "commit", "-qm", "all")
    return vault


def names(scan: Scan) -> tuple[object, ...]:
    lists = (scan.notes, scan.artifacts, scan.strays, scan.outside, scan.doubles, scan.unnamed, scan.unreadable)
    return (*(sorted(paths) for paths in lists), scan.signoffs is None)


def opened(tree: Tree) -> TreeFiles:
    config, _ = parse(SETTINGS)
    return TreeFiles(tree, config.excludes, excludes_files=True)


def test_the_same_files_as_on_the_disk(full: Path) -> None:
    config, _ = parse(SETTINGS)
    disk = Disk(full, config.excludes, excludes_files=True)
    seen = disk.scan()
    assert "Deep/er/B.md" in seen.notes
    outside = ("Loop.md", "Nowhere.md", "Without.md", "artifacts/gone.json", "artifacts/without.json")
    assert tuple(sorted(seen.outside)) == outside
    place = find_repository(full)
    for tree in (staged(place), at_revision(place, "HEAD")):
        files = opened(tree)
        scan = files.scan()
        assert names(scan) == names(seen)
        assert {path: files.read(path) for path in (*scan.notes, *scan.artifacts)} == {
            path: disk.read(path) for path in (*seen.notes, *seen.artifacts)
        }
        assert names(files.scan(["A.md", "Inner/G.md", "nowhere.md", "artifacts/stray.txt", "Without.md"])) == names(
            disk.scan(["A.md", "Inner/G.md", "nowhere.md", "artifacts/stray.txt", "Without.md"])
        )
        files.close()


@pytest.mark.skipif(sys.platform != "linux", reason="names in other forms, and that are no text")
def test_odd_names_as_on_the_disk(vault: Path) -> None:
    git(vault, "config", "core.precomposeUnicode", "false")
    for name in ("é.md", unicodedata.normalize("NFD", "é.md"), unicodedata.normalize("NFD", "ö.md")):
        put(vault, name, name)
    (vault / os.fsdecode(b"bad\xff.md")).write_text("1")
    git(vault, "add", "-A")
    files, disk = opened(staged(find_repository(vault))), Disk(vault)
    scan = files.scan()
    assert scan.doubles
    assert scan.unnamed == ("bad\\xff.md",)
    assert names(scan) == names(disk.scan())
    assert files.read("é.md") == disk.read("é.md")
    files.close()


def test_what_tells_that_a_file_is_unchanged(full: Path) -> None:
    place = find_repository(full)
    before = opened(staged(place))
    put(full, "A.md", "another")
    put(full, "Deep/er/B.md", "this is A.md")
    git(full, "add", "-A")
    after = opened(staged(place))
    one, two = before.scan().notes, after.scan().notes
    assert {path for path in one if one[path] != two[path]} == {"A.md", "Deep/er/B.md"}
    assert two["Deep/er/B.md"] == one["A.md"] == before.stat("A.md")
    assert all(0 <= number < 2**63 for stat in one.values() for number in stat)
    assert after.stat("nowhere.md") is None
    assert len({*one.values()}) == len(one)
    before.close()
    after.close()


def test_nothing_is_written(full: Path) -> None:
    files = opened(staged(find_repository(full)))
    files.begin("A.md", b"2")
    for refused in (
        lambda: files.write("A.md", b"2", None, ""),
        lambda: files.remove("A.md", "", full / "trash", ""),
        lambda: files.ensure("A.md", None),
    ):
        with pytest.raises(NotWritten):
            refused()
    assert (full / "A.md").read_text() == "this is A.md"
    files.close()


def test_what_git_cannot_give(vault: Path) -> None:
    put(vault, "A.md", "1")
    put(vault, "B.md", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    put(
        vault,
        "C.md",
        "version https://git-lfs.github.com/spec/v1 is what the first line of a pointer says." + "x" * 2000,
    )
    git(vault, "add", "-A")
    tree = staged(find_repository(vault))
    blob = tree.files["A.md"]
    (vault / ".git/objects" / blob[:2] / blob[2:]).unlink()
    files = opened(tree)
    files.scan()
    with pytest.raises(OSError, match="not in this repository"):
        files.read("A.md")
    with pytest.raises(OSError, match="LFS"):
        files.read("B.md")
    assert files.read("C.md").endswith(b"x")
    with pytest.raises(FileNotFoundError):
        files.read("D.md")
    with pytest.raises(FileNotFoundError):
        files.read("../outside.md")
    files.close()


def test_in_any_order_and_in_a_copy_of_the_process(vault: Path) -> None:
    many = {f"{number}.md": f"this is {number}" for number in range(700)}
    for path, text in many.items():
        put(vault, path, text)
    git(vault, "add", "-A")
    files = opened(staged(find_repository(vault)))
    order = list(files.scan().notes)
    ways = (order, order[::-1], order[::7] + order[::5], [order[-1], *order, order[0]])
    for way in ways:
        files.scan()
        assert {path: files.read(path).decode() for path in way} == {path: many[path] for path in way}

    def read(paths: list[str]) -> dict[str, str]:
        return {path: files.read(path).decode() for path in paths}

    files.scan()
    read(order[:10])
    here, there = halves(lambda: read(order[:350]), lambda: json.dumps(read(order[350:])).encode())
    assert there is not None
    assert here | json.loads(there) == many
    assert read(order) == many
    files.close()
