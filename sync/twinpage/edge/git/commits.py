"""Commits by the words in which people name them."""

from __future__ import annotations

from pathlib import Path

from twinpage.edge.git.run import run
from twinpage.errors import Usage
from twinpage.model.plain import plain_line
from twinpage.model.regex import regex

_HEX = regex(r"[0-9a-fA-F]{4,40}")


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
