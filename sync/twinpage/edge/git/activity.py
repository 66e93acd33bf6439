"""What git is doing right now beside a watcher, and which files are just as its index has them."""

from __future__ import annotations

import hashlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twinpage.edge import clock
from twinpage.edge.git.repository import Repository, repository
from twinpage.edge.git.run import run, vault_path
from twinpage.edge.holder import is_alive, started_at
from twinpage.model.regex import regex

_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
}
_MADE_HERE = regex(rb"([0-9a-f]+) HEAD@\{(\d+)\} commit\b")
_JUST = 120.0
"""Seconds for which a commit counts as just made."""
_STALE_LOCK = 60.0
"""Seconds. git holds its index for moments only; an older lock was left by a git that died."""
_PATCH = regex(r"(?:patch)?\d+-(\d+)(?:\.patch)?")
_OLD_PATCH = 3600.0
_FEW = 40
"""Up to so many paths are asked for one by one; for more it is quicker to hear of all."""


@dataclass
class GitActivity:
    """The repository around a vault, if there is one; it may come later."""

    vault: Path
    _repository: Repository | None = field(default=None, init=False)
    _stamp: tuple[int, ...] = field(default=(), init=False)
    _known: array[int] = field(default_factory=lambda: array("q"), init=False)
    """Of each file that the index has, as one number; sorted. So few objects are many files."""
    _length: int = field(default=0, init=False)
    """Of a blob's name in this repository."""
    _asked: set[str] = field(default_factory=set, init=False)
    _all_known: bool = field(default=False, init=False)

    def busy(self) -> str:
        """What git is in the middle of, as a clause; empty when it is at rest."""
        found = self._found()
        if found is None:
            return ""
        for name, what in _UNDER_WAY.items():
            if (found.git_dir / name).exists():
                return f"git is in the middle of a {what} (`git {what} --continue` or `--abort` ends it)"
        try:
            if 0 <= clock.now_ns() / 1e9 - (found.git_dir / "index.lock").stat().st_mtime < _STALE_LOCK:
                return "git is writing"
        except OSError:
            pass
        return "the hooks of a commit are running" if any(_stashing(found.top)) else ""

    def same_as_index(self, paths: Iterable[str]) -> set[str]:
        """Those of these vault paths whose bytes on the disk are what git's index has of them.

        Hooks that put unstaged changes aside leave just that for a moment (pre-commit#2803), and so does a checkout.
        """
        found, wanted = self._found(), list(paths)
        if found is None or not wanted:
            return set()
        self._ask(found, wanted)
        return {path for path in wanted if self._has(path)}

    def took_away(self, path: str) -> bool:
        """The file that is gone from this vault path went by git, such as by a checkout or ``git stash -u``: a commit
        has it, but neither the last one nor the index.

        What a person removes is still in the index; what ``git rm`` removes is still in the last commit; and who
        removes and commits within seconds has just made the commit that lacks it.
        """
        if self._found() is None:
            return False
        for words in (("ls-files",), ("ls-tree", "--name-only", "HEAD")):
            if run(self.vault, *words, "-z", "--", path) != b"":
                return False
        if self._just_committed_away(path):
            return False
        # The parent of a stash in which untracked files are kept is found in the full history only.
        return bool(run(self.vault, "log", "-1", "--format=%H", "--all", "--full-history", "--", path))

    def _just_committed_away(self, path: str) -> bool:
        """The commit that last had to do with this path was made here a moment ago, not brought by a checkout."""
        last = run(self.vault, "log", "-1", "--format=%H", "HEAD", "--", path)
        made = run(self.vault, "log", "-g", "-30", "--date=unix", "--format=%H %gd %gs", "HEAD") if last else None
        for line in (made or b"").split(b"\n"):
            found = _MADE_HERE.match(line)
            if found and last is not None and found[1] == last.strip():
                return clock.now_ns() / 1e9 - int(found[2]) < _JUST
        return False

    def put_aside_at(self, when: float, within: float) -> bool:
        """A hook put unstaged changes aside about then, in seconds since the epoch, even if it has ended since."""
        return self._found() is not None and any(abs(made - when) < within for _, _, made in _patches())

    def read_index(self) -> None:
        """Learn all of the index, should it have changed: in a quiet moment, so that the next question is answered at
        once."""
        found = self._found()
        if found is not None:
            self._ask(found, [], whole=True)

    def _found(self) -> Repository | None:
        if self._repository is None and any((above / ".git").exists() for above in (self.vault, *self.vault.parents)):
            self._repository = repository(self.vault)
        return self._repository

    def _ask(self, found: Repository, paths: list[str], whole: bool = False) -> None:
        try:
            info = os.stat(found.git_dir / "index")
            stamp: tuple[int, ...] = (info.st_mtime_ns, info.st_size, info.st_ino)
        except OSError:
            stamp = ()
        if stamp != self._stamp:
            self._stamp, self._all_known = stamp, False
            self._known = array("q")
            self._asked.clear()
        if self._all_known or (self._asked.issuperset(paths) and not whole):
            return
        self._asked.update(paths)
        few = not whole and len(self._asked) <= _FEW and all(path.isascii() for path in paths)
        said = run(self.vault, "ls-files", "-s", "-z", "--", *(paths if few else ["."])) or b""
        self._all_known = not few
        self._known.extend(self._entries(said))
        self._known = array("q", sorted(self._known))

    def _entries(self, said: bytes) -> Iterator[int]:
        start = 0
        while (end := said.find(b"\0", start)) >= 0:
            facts, _, path = said[start:end].partition(b"\t")
            mode, _, rest = facts.partition(b" ")
            start = end + 1
            if mode.startswith(b"100") and rest.endswith(b" 0"):
                blob = rest.partition(b" ")[0].decode("ascii")
                self._length = len(blob)
                yield hash((vault_path(path), blob))

    def _has(self, path: str) -> bool:
        if not self._known:
            return False
        try:
            data = (self.vault / path).read_bytes()
        except OSError:
            return False
        # Where git turns line ends around, the index has LF.
        names = (_blob(form, self._length) for form in {data, data.replace(b"\r\n", b"\n")})
        return any(_contains(self._known, hash((path, name))) for name in names)


def _contains(known: array[int], wanted: int) -> bool:
    at = bisect_left(known, wanted)
    return at < len(known) and known[at] == wanted


def _blob(data: bytes, length: int) -> str:
    name = hashlib.sha256 if length == 64 else hashlib.sha1
    return name(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _stashing(top: Path) -> Iterator[Path]:
    """Patches in which pre-commit or prek keeps unstaged changes of this repository while its hooks run.

    Neither deletes them later, so only that of a process which still lives, and began before it, counts.
    """
    for patch, pid, made in _patches():
        recent = clock.now_ns() / 1e9 - made < _OLD_PATCH
        if recent and is_alive(pid) and started_at(pid) <= made + 1 and _works_in(pid, top):
            yield patch


def _patches() -> Iterator[tuple[Path, int, float]]:
    """Each patch with the process that made it, and when, in seconds since the epoch."""
    for folder in _patch_folders():
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            found = _PATCH.fullmatch(name)
            if found is None:
                continue
            try:
                yield folder / name, int(found[1]), (folder / name).stat().st_mtime
            except OSError:
                continue


def _patch_folders() -> list[Path]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.path.expanduser("~")) / ".cache")
    return [
        Path(os.environ.get("PRE_COMMIT_HOME") or cache / "pre-commit"),
        Path(os.environ.get("PREK_HOME") or cache / "prek") / "patches",
    ]


def _works_in(pid: int, top: Path) -> bool:
    """The process stands in this repository; True where the system does not tell."""
    try:
        folder = Path(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        return True
    return folder == top or top in folder.parents
