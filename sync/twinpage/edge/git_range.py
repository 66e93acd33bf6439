"""Two revisions in the words of git: ``main``, ``main..feature``, ``main...feature``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twinpage.edge.git import Repository
from twinpage.edge.git_run import run
from twinpage.edge.git_trees import Tree, at_revision
from twinpage.errors import Usage
from twinpage.model.plain import plain_line


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a comparison."""

    base: Tree
    head: Tree | None
    """None: the files as they are."""


def ends_of(repository: Repository, words: str) -> Ends:
    """What is compared with what.

    ``A``: the commit A with the files as they are. ``A..B``: two commits; an end that is not named is HEAD. ``A...B``:
    B with the commit in which it left A, as in a pull request. Raises Usage.
    """
    one, dots, other = words.partition("...")
    if dots:
        return _since_they_parted(repository, one or "HEAD", other or "HEAD")
    one, dots, other = words.partition("..")
    base = at_revision(repository, one or "HEAD")
    return Ends(base, at_revision(repository, other or "HEAD") if dots else None)


def _since_they_parted(repository: Repository, one: str, other: str) -> Ends:
    first, head = at_revision(repository, one), at_revision(repository, other)
    said = run(repository.vault, "merge-base", first.name, head.name)
    if said is None:
        raise Usage(
            f"`{plain_line(one)}` and `{plain_line(other)}` have no commit in common here: write two dots to compare "
            "them as they are, or fetch more of their history (`git fetch --unshallow`)."
        )
    parted = said.strip().decode("ascii")
    return Ends(first if parted == first.name else replace(at_revision(repository, parted), label=one), head)
