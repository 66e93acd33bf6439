"""Commits by the words in which people name them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from twinpage.edge.git.run import run
from twinpage.errors import Usage
from twinpage.model.plain import plain_line
from twinpage.model.regex import regex

_ODD = ("", "-", "^")
_HEX = regex(r"[0-9a-fA-F]{4,40}")


class Commit(NamedTuple):
    """One commit."""

    name: str
    """Its id."""
    day: str
    """ISO date, where it was made."""


def commits_of(vault: Path, *words: str) -> list[Commit]:
    """Each as ``commit_of`` has it. Raises Usage."""
    plain = all(word[:1] not in _ODD and ".." not in word and "\0" not in word for word in words)
    found = _told(vault, *(f"{word}^{{commit}}" for word in words)) if plain else []
    if len(found) == len(words):
        return found
    # Some word is none, or two mean the same commit, which git tells once.
    names = [commit_of(vault, word) for word in words]
    days = {name: day for one in dict.fromkeys(names) for name, day in _told(vault, one)}
    return [Commit(name, days.get(name, "")) for name in names]


def _told(vault: Path, *words: str) -> list[Commit]:
    said = run(vault, "log", "--no-walk=unsorted", "--date=short", "--format=%H %cd", *words, "--")
    lines = (said or b"").decode("ascii", "replace").split("\n")[:-1]
    return [Commit(*line.split(" ", 1)) for line in lines if " " in line]


def commit_of(vault: Path, words: str) -> str:
    """The id of a commit: of a branch, a tag, ``HEAD~2``. Raises Usage with a sentence that says what to do."""
    said = None
    if words and not words.startswith("-") and "\0" not in words:
        said = run(vault, "rev-parse", "--verify", "--quiet", f"{words}^{{commit}}")
    if said is None:
        raise Usage(_why_not(vault, words))
    return said.strip().decode("ascii")


def _why_not(vault: Path, words: str) -> str:
    if words == "HEAD":
        return "This repository has no commit yet, so there is nothing to look at; commit once first."
    meant = run(vault, "rev-parse", f"--disambiguate={words}") if _HEX.fullmatch(words) else None
    if meant and meant.count(b"\n") > 1:
        return f"`{words}` may mean several commits; write more of its characters."
    return (
        f"There is no revision `{plain_line(words)}` in this repository: check the name, or fetch it with `git fetch` "
        "(a shallow clone has the last commits only)."
    )
