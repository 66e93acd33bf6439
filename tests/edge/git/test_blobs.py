"""Contents of blobs, loose or packed: the same either way, and nothing of one is taken for another's."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from tests.repositories import git

from twinpage.edge.git.blobs import Blobs
from twinpage.edge.git.loose import objects_of, read_loose
from twinpage.edge.git.place import find_repository

CONTENTS = [
    b"",
    b"\0",
    b"blob 3\0abc\n",
    "é\r\n".encode(),
    random.Random(1).randbytes(90_000),
    b"x" * 3_000_000,
    *(f"note {number}\n".encode() * (1 + number % 40) for number in range(300)),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A repository with one commit, and what its blobs hold."""
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q", "-b", "main")
    for number, content in enumerate(CONTENTS):
        (folder / f"{number}.md").write_bytes(content)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    names = git(folder, "hash-object", "--no-filters", *(f"{number}.md" for number in range(len(CONTENTS)))).split()
    return folder, dict(zip(names, CONTENTS, strict=True))


@pytest.fixture
def repository(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    """A copy of it, to be changed."""
    folder, contents = made
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    return copy, contents


def loose_file(folder: Path, name: str) -> Path:
    return folder / ".git/objects" / name[:2] / name[2:]


def test_loose_packed_and_by_git_alone_are_the_same(repository: tuple[Path, dict[str, bytes]]) -> None:
    folder, contents = repository
    objects = find_repository(folder).objects
    assert read_loose(objects, next(name for name, content in contents.items() if content == b"\0")) == b"\0"
    for repack in (False, True):
        if repack:
            git(folder, "repack", "-adq")
            git(folder, "prune-packed")
        for place in (objects, None):
            with Blobs(folder, place) as blobs:
                assert blobs.read(contents) == contents
                assert dict(blobs.stream(contents)) == contents


def test_a_linked_work_tree_has_the_objects_of_its_repository(repository: tuple[Path, dict[str, bytes]]) -> None:
    folder, contents = repository
    git(folder, "worktree", "add", "-q", "--detach", "../linked")
    objects = find_repository(folder.parent / "linked").objects
    assert objects.resolve() == (folder / ".git/objects").resolve()
    assert objects_of(folder / ".git") == folder / ".git/objects"
    with Blobs(folder.parent / "linked", objects) as blobs:
        assert blobs.read(contents) == contents


@pytest.mark.parametrize("damage", [b"", b"no zlib", None])
def test_what_is_damaged_is_missing_and_nothing_else_is(
    repository: tuple[Path, dict[str, bytes]], damage: bytes | None
) -> None:
    folder, contents = repository
    names = list(contents)
    broken = loose_file(folder, names[20])
    whole = broken.read_bytes()
    broken.chmod(0o644)
    broken.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    objects = find_repository(folder).objects
    assert read_loose(objects, names[20]) is None
    with Blobs(folder, objects) as blobs:
        assert blobs.read(names) == {name: content for name, content in contents.items() if name != names[20]}
        assert blobs.read(names[21:]) == {name: contents[name] for name in names[21:]}


def test_an_object_that_is_no_blob_is_not_taken_for_one(repository: tuple[Path, dict[str, bytes]]) -> None:
    folder, _ = repository
    commit = git(folder, "rev-parse", "HEAD")
    assert loose_file(folder, commit).is_file()
    assert read_loose(find_repository(folder).objects, commit) is None


def test_unknown_names_are_missing_and_do_not_shift_the_rest(repository: tuple[Path, dict[str, bytes]]) -> None:
    folder, contents = repository
    names = [name for number, known in enumerate(contents) for name in (f"{number:040x}", known, f"{number}")]
    for place in (find_repository(folder).objects, None):
        with Blobs(folder, place) as blobs:
            assert blobs.read(names) == contents


def test_who_stops_half_way_gets_the_right_answers_afterwards(repository: tuple[Path, dict[str, bytes]]) -> None:
    folder, contents = repository
    with Blobs(folder) as blobs:
        for _ in zip(range(3), blobs.stream(contents), strict=False):
            pass
        last = list(contents)[-1]
        assert blobs.read([last]) == {last: contents[last]}
        assert blobs.read(contents) == contents
