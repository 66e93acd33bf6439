"""Revisions as people name two of them: ``main``, ``main..topic``, ``main...topic``."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from twinpage.edge.git.repository import Repository
from twinpage.edge.git.run import run
from twinpage.edge.git.trees import Tree, at_revision, at_revisions
from twinpage.errors import Usage
from twinpage.model.plain import plain_line

_DIGITS = 12
"""Of the name of a commit that nobody named."""


def is_revision(repository: Repository, words: str) -> bool:
    """git knows a commit of this name, or of both names of a range."""
    return all(_resolved(repository, name or "HEAD") for name in re.split(r"\.{2,3}", words, maxsplit=1))


def two_trees(
    repository: Repository, words: str, meanwhile: Callable[[], object] = lambda: None
) -> tuple[Tree, Tree | None]:
    """The trees that ``REV`` or ``REV..REV`` means; no second one for a single revision. Raises Usage.

    As in git, a side that is left out is HEAD, and ``A...B`` begins where the two parted. ``meanwhile``: done while git
    is at it.
    """
    first, dots, second = _split(words)
    if not dots:
        return at_revisions(repository, first or "HEAD", meanwhile=meanwhile)[0], None
    old, new = at_revisions(repository, first or "HEAD", second or "HEAD", meanwhile=meanwhile)
    if dots == "...":
        base = run(repository.vault, "merge-base", old.name, new.name)
        if not base:
            raise Usage(
                f"`{plain_line(words)}` have no commit in common; name two revisions with .. between them, or fetch "
                "more history with `git fetch --unshallow`."
            )
        name = base.strip().decode("ascii")
        old = replace(at_revision(repository, name), label=name[:_DIGITS])
    return old, new


def _split(words: str) -> tuple[str, str, str]:
    for dots in ("...", ".."):
        first, found, second = words.partition(dots)
        if found:
            return first, dots, second
    return words, "", ""


def _resolved(repository: Repository, words: str) -> bool:
    if not words or words.startswith("-") or "\0" in words:
        return False
    return bool(run(repository.vault, "rev-parse", "--verify", "--quiet", f"{words}^{{commit}}"))
