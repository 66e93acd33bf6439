"""All files of a vault as git has them: staged in its index, or in a commit. Only names are read, no content."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, field

from twinpage.edge import clock
from twinpage.edge.git.commits import commits_of
from twinpage.edge.git.log import Change
from twinpage.edge.git.place import index_of
from twinpage.edge.git.repository import Repository
from twinpage.edge.git.run import Answer, run
from twinpage.edge.place import SETTINGS
from twinpage.edge.walk import ARTIFACTS
from twinpage.errors import Usage
from twinpage.model.plain import plain_line
from twinpage.model.regex import regex

_FEW = 40
"""Up to so many paths are asked for by name; for more it is quicker to hear of all."""
_EMPTY = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""The blob without content, in both forms of names."""
_INTENT_TO_ADD = 1 << 29


class _Form(NamedTuple):
    """How git tells the facts of a file, before a tab and its path: words, one of them the blob's name."""

    word: int
    """Which of the words is the blob."""
    before: int
    """How many letters stand before the blob of a plain file."""
    end: str
    """What stands after it, up to the path, when no merge of the file waits to be ended."""


_STAGED = _Form(1, len("100644 "), " 0\t")
_COMMITTED = _Form(2, len("100644 blob "), "\t")
_DEBUG = regex(r"(?:  [^\n]*\n){4}  size: [0-9]+\tflags: ([0-9a-f]{1,16})\n")


class Tree(Struct, frozen=True):
    """One state of a vault in git. Paths are relative to the vault and in NFC.

    Files of folders that are vaults of their own are left out, as they are on the disk. Dot-folders are there.
    """

    vault: Path
    name: str
    """The commit's id; empty for the index."""
    label: str
    """As the person said it: ``main``, or ``the index``."""
    date: str
    """ISO date of the commit, where it was made; today's for the index."""
    files: Mapping[str, str]
    """Vault path -> name of the blob, of every plain file. Of a file whose merge is not ended, our side's."""
    unmerged: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Blobs of files whose merge is not ended: what both sides had, ours, theirs; empty where one has none."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Symbolic links, with the blob that says where they lead. They are never followed."""
    doubles: tuple[str, ...] = ()
    """Files whose path is another file's but for how its letters are composed (NFD beside NFC), as git has them."""
    unnamed: tuple[str, ...] = ()
    """Paths that are no text in UTF-8, with their odd bytes written as ``\\xff``."""
    objects: Path | None = None
    """Where git keeps the contents."""

    def changed(self, other: Tree) -> list[Change]:
        """What has to change so that this tree becomes the other one, by path: the old blob is ours, the new theirs."""
        mine, its = self.files, other.files
        paths = [path for path, blob in mine.items() if its.get(path) != blob]
        paths += [path for path in its if path not in mine]
        return [Change(path, path, mine.get(path, ""), its.get(path, "")) for path in sorted(paths)]


def staged(repository: Repository) -> Tree:
    """The model that would be committed now: the index, in a hook that of the commit under way. Raises Usage."""
    index = index_of(repository)
    said = run(repository.vault, "ls-files", "-s", "-z", index=index)
    if said is None:
        raise Usage("git cannot read what is staged here; run `git status` to see why.")
    entries = _entries(said)
    if any(blob.encode() in said for blob in _EMPTY):
        empty = [entry for entry in entries if entry.split(" ", 2)[_STAGED.word] in _EMPTY]
        announced = _announced(repository, index, [_path(entry) for entry in empty])
        entries = [entry for entry in entries if _path(entry) not in announced]
    return _tree(repository, "", "the index", clock.today(), entries, _STAGED, _may_have_inner(said))


def at_revision(repository: Repository, words: str) -> Tree:
    """The model of a commit, named as git names them: a branch, a tag, an id, ``HEAD~2``. Raises Usage."""
    return at_revisions(repository, words)[0]


def at_revisions(repository: Repository, *words: str, meanwhile: Callable[[], object] = lambda: None) -> list[Tree]:
    """The models of several commits: git lists one while the other is read. Raises Usage.

    ``meanwhile``: done while git is at it.
    """
    vault = repository.vault
    with ExitStack() as asked:
        commits = commits_of(vault, *words)
        told = [asked.enter_context(Answer(vault, "ls-tree", "-r", "-z", commit.name)) for commit in commits]
        meanwhile()
        found = []
        for (name, day), label, listing in zip(commits, words, told, strict=True):
            said = listing.read()
            if said is None or not day:
                raise Usage(f"git cannot read the revision `{plain_line(label)}`; run `git fsck` to see why.")
            found.append(_tree(repository, name, label, day, _entries(said), _COMMITTED, _may_have_inner(said)))
        return found


def _entries(said: bytes) -> list[str]:
    """Each has facts, a tab, and the path as git has it."""
    return os.fsdecode(said).split("\0")[:-1]


def _path(entry: str) -> str:
    return entry.partition("\t")[2]


def _announced(repository: Repository, index: Path | None, paths: list[str]) -> set[str]:
    """Those of these empty files that ``git add -N`` only announced: no commit made of this index has them."""
    asked = paths if len(paths) <= _FEW else ["."]
    said = run(repository.vault, "ls-files", "-z", "--debug", "--", *asked, index=index)
    found = set()
    path, *parts = os.fsdecode(said or b"").split("\0")
    for part in parts:  # what git says of one path, then the next path
        facts = _DEBUG.match(part)
        if facts is None:
            break  # a git that tells it in another way
        if int(facts[1], 16) & _INTENT_TO_ADD:
            found.add(path)
        path = part[facts.end() :]
    return found.intersection(paths)


def _tree(
    repository: Repository, name: str, label: str, date: str, entries: list[str], form: _Form, may_have_inner: bool
) -> Tree:
    gathered = _gathered(entries, form)
    is_own = _ownership(gathered.files) if may_have_inner else None
    found: list[dict[str, Any]] = [gathered.files, gathered.unmerged, gathered.links]
    if is_own is not None:
        found = [{path: blob for path, blob in of.items() if is_own(path)} for of in found]
    files, unmerged, links = found
    doubles, unnamed = (
        tuple(path for path in of if is_own is None or is_own(path)) for of in (gathered.doubles, gathered.unnamed)
    )
    place = repository.vault, name, label, date
    return Tree(*place, files, unmerged, links, doubles, unnamed, repository.objects)


class _Gathered(Struct):
    """What is gathered while git's answer is read."""

    files: dict[str, str] = field(default_factory=dict)
    unmerged: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    _later: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Paths in another Unicode form: one in NFC comes first."""

    def take_odd(self, mode: str, blob: str, stage: str, path: str) -> None:
        """Whatever is no plain file, or has a name beyond ASCII."""
        if not path.isascii() and not _is_text(path):
            self.unnamed.append(os.fsencode(path).decode("utf-8", "backslashreplace"))
        elif unicodedata.is_normalized("NFC", path):
            self._take(mode, blob, stage, path)
        else:
            self._later.append((mode, blob, stage, path))

    def end(self) -> None:
        for mode, blob, stage, path in self._later:
            composed = unicodedata.normalize("NFC", path)
            if stage == "0" and (composed in self.files or composed in self.links):
                self.doubles.append(path)
            else:
                self._take(mode, blob, stage, composed)
        for path, (base, ours, theirs) in self.unmerged.items():
            self.files[path] = ours or theirs or base

    def _take(self, mode: str, blob: str, stage: str, path: str) -> None:
        if mode == "120000" and stage == "0":
            self.links[path] = blob
        elif not mode.startswith("100"):
            return  # a repository within the repository, which is none of ours
        elif stage == "0":
            self.files[path] = blob
        else:
            stages = list(self.unmerged.get(path, ("", "", "")))
            stages[int(stage) - 1] = blob
            self.unmerged[path] = (stages[0], stages[1], stages[2])


def _gathered(entries: list[str], form: _Form) -> _Gathered:
    start, end = form.before, form.end
    stop = start + len(entries[0].split(" ", form.word + 1)[form.word].partition("\t")[0]) if entries else 0
    at = stop + len(end)
    # Nearly all of many thousands are such: they are taken by their places, which is much quicker than by their words.
    plain = {
        entry[at:]: entry[start:stop]
        for entry in entries
        if entry[:3] == "100" and entry[stop:at] == end and entry.isascii()
    }
    gathered = _Gathered(plain)
    if len(plain) < len(entries):
        for entry in entries:
            if not (entry[stop:at] == end and entry.startswith("100") and entry.isascii()):
                facts, _, path = entry.partition("\t")
                words = facts.split(" ")
                gathered.take_odd(words[0], words[form.word], words[2] if form is _STAGED else "0", path)
        gathered.end()
    return gathered


def _may_have_inner(said: bytes) -> bool:
    """Some folder is a vault of its own; whether it counts as one, ``_ownership`` tells."""
    return f"/{SETTINGS}\0".encode() in said


def _ownership(paths: Iterable[str]) -> Callable[[str], bool] | None:
    """Tells whether a path is of this vault, and of none in a folder of it; None where there is none."""
    end = f"/{SETTINGS}"
    folders = [path.removesuffix(SETTINGS) for path in paths if path.endswith(end)]
    inner = tuple(folder for folder in folders if not folder.startswith(f"{ARTIFACTS}/"))
    return (lambda path: not path.startswith(inner)) if inner else None


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
