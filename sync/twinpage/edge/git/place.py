"""Where the repository around a vault is, by git's plumbing alone: to load GitPython takes a tenth of a second."""

from __future__ import annotations

import os
from pathlib import Path

from twinpage.edge.git.repository import Repository
from twinpage.edge.git.run import run
from twinpage.edge.place import SETTINGS
from twinpage.edge.walk import ARTIFACTS
from twinpage.errors import Usage


def find_repository(vault: Path) -> Repository:
    """The repository whose work tree the vault lies in. Raises Usage with a plain sentence when there is none.

    ``.git`` may be a file, as in a linked work tree or a submodule, and the vault may lie anywhere below the top.
    """
    vault = Path(os.path.realpath(vault))
    if not in_repository(vault):
        raise Usage(
            f"{vault} is in no git repository, so there is nothing of it in git to look at; begin with `git init`, or "
            "leave out what asks about git."
        )
    # A path may hold line feeds: the first answer and the last cannot.
    said = run(vault, "rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--show-cdup")
    inside, _, rest = (said or b"").partition(b"\n")
    folder, _, up = rest.removesuffix(b"\n").rpartition(b"\n")
    if said is None and not _git_is_there():
        raise Usage("git is not installed, so nothing can be read from it; install git and run the command again.")
    if inside != b"true" or not folder:
        raise Usage("git does not let twinpage read the repository around this vault; run `git status` to see why.")
    git_dir = Path(os.fsdecode(folder))
    return Repository(vault, Path(os.path.realpath(vault / os.fsdecode(up))), git_dir, _branch(git_dir))


def in_repository(vault: Path) -> bool:
    """There is a repository at or above a vault, though git may refuse to read it."""
    vault = Path(os.path.realpath(vault))
    return any(os.path.exists(folder / ".git") for folder in (vault, *vault.parents))


def prefix_in_repository(vault: Path) -> str:
    """From the top of the repository to the vault, with a slash at its end; empty where that is the vault."""
    try:
        found = find_repository(vault)
        below = found.vault.relative_to(found.top).as_posix()
    except (Usage, ValueError):
        return ""
    return "" if below == "." else f"{below}/"


def is_staged_vault(folder: Path) -> bool:
    """What would be committed has a vault in just this folder. Raises Usage where git refuses to read it."""
    if not in_repository(folder):
        return False
    index = index_of(find_repository(folder))
    return bool(run(folder, "ls-files", "--", SETTINGS, ARTIFACTS, index=index))


def index_of(repository: Repository) -> Path | None:
    """The index that a running commit is made from, where git told its hook of another than its own; else None.

    ``git commit -a`` and ``git commit PATH`` fill one for the moment, and name it in the environment of their hooks,
    seen from the top of the work tree. A hook of another repository names one that is none of ours.
    """
    named = os.environ.get("GIT_INDEX_FILE", "")
    if not named or "\0" in named:
        return None
    index = Path(os.path.realpath(repository.top / named))
    if not index.is_file():
        return None
    ours = Path(os.path.realpath(repository.git_dir))
    if index.parent == ours:
        return index
    foreign = (index.parent / "HEAD").is_file()  # it lies in the folder of another repository
    told = os.environ.get("GIT_DIR", "")
    elsewhere = bool(told) and Path(os.path.realpath(repository.top / told)) != ours
    return None if foreign or elsewhere else index


def _git_is_there() -> bool:
    from shutil import which

    return which("git") is not None


def _branch(git_dir: Path) -> str:
    """Empty when HEAD names a commit, or cannot be read."""
    try:
        said = (git_dir / "HEAD").read_bytes()
    except OSError:
        return ""
    return os.fsdecode(said.strip()).partition("ref: refs/heads/")[2]
