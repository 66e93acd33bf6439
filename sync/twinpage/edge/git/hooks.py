"""The folder in which git looks for hooks, and the hooks in it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from twinpage.edge.git.repository import Repository
from twinpage.edge.git.run import run
from twinpage.edge.new_files import write_safe
from twinpage.edge.refused import reason
from twinpage.errors import ChangedMeanwhile, NotWritten

_LARGEST = 1 << 20
_MODE = 0o755


class HooksFolder(Struct, frozen=True):
    """Where the hooks of one repository lie."""

    path: Path
    because: str
    """Why it is this one, as a clause; empty for git's own."""
    shared: bool
    """It lies outside this repository, so others may run the same hooks."""
    in_work_tree: bool
    """What lies there can be committed, unless git ignores it."""

    def read(self, name: str) -> str | None:
        """The text of a hook; None when there is none. What is no plain file has no text of ours: it is empty."""
        place = self.path / name
        if not os.path.lexists(place):
            return None
        if place.is_symlink() or not place.is_file():
            return ""
        try:
            with open(place, "rb") as handle:
                return os.fsdecode(handle.read(_LARGEST))
        except OSError:
            return ""

    def runs(self, name: str) -> bool:
        """git can start this hook."""
        return os.access(self.path / name, os.X_OK)

    def ignored(self, name: str) -> bool:
        """git passes over this hook, which is there, when it adds what lies in the work tree."""
        return bool(run(self.path, "ls-files", "--others", "--ignored", "--exclude-standard", "--", name))

    def write(self, name: str, text: str, before: str | None) -> None:
        """Put a hook there, whole or not at all, provided that it still reads ``before``.

        Raises ChangedMeanwhile, NotWritten.
        """
        place = self.path / name
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            fresh = write_safe(f"{place}.twinpage-{os.getpid()}-{os.urandom(4).hex()}", os.fsencode(text), _MODE)
            try:
                if self.read(name) != before:
                    raise ChangedMeanwhile(str(place))
                os.replace(fresh, place)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(fresh)
        except OSError as error:
            raise NotWritten(str(place), reason(error)) from error

    def remove(self, name: str, before: str) -> None:
        """Raises ChangedMeanwhile, NotWritten."""
        place = self.path / name
        if self.read(name) != before:
            raise ChangedMeanwhile(str(place))
        try:
            place.unlink()
        except OSError as error:
            raise NotWritten(str(place), reason(error)) from error


def hooks_folder(repository: Repository) -> HooksFolder:
    """The folder in force, with ``core.hooksPath`` heeded, whoever says it."""
    named, origin = _named(repository.vault)
    if not origin:
        return folder_at(repository, "")
    # A path that is not absolute begins where git stands when it runs hooks: at the top. git adds a slash to the path,
    # so that an empty one is the top of the disk (tried with 2.39).
    return folder_at(repository, named or "/", f"{origin} says core.hooksPath")


def folder_at(repository: Repository, place: str, because: str = "") -> HooksFolder:
    """A folder for hooks at a path from the top of the work tree; git's own where the path is empty."""
    common = run(repository.vault, "rev-parse", "--path-format=absolute", "--git-common-dir")
    git = Path(os.fsdecode(common.removesuffix(b"\n"))) if common else repository.git_dir
    path = Path(os.path.normpath(repository.top / place)) if place else git / "hooks"
    real = Path(os.path.realpath(path))
    top, own = Path(os.path.realpath(repository.top)), Path(os.path.realpath(git))
    inside_git = real.is_relative_to(own)
    in_work_tree = real.is_relative_to(top) and not inside_git
    because = because or (f"{path} is a link" if path.is_symlink() else "")
    return HooksFolder(path, because, not (inside_git or in_work_tree), in_work_tree)


def _named(folder: Path) -> tuple[str, str]:
    """``core.hooksPath`` and where it is said; empty when it is not."""
    words = ("config", "-z", "--show-scope", "--show-origin", "--type=path", "--get-all", "core.hooksPath")
    said = [os.fsdecode(word) for word in (run(folder, *words) or b"").split(b"\0")]
    found = ("", "")
    for scope, origin, value in zip(said[::3], said[1::3], said[2::3], strict=False):
        if scope != "command":  # there we ourselves say that no hook runs
            found = value, origin.removeprefix("file:")
    return found
