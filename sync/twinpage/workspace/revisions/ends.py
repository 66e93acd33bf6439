"""Both ends of a review, before anything in them is read."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from twinpage.edge.git.repository import Repository
from twinpage.edge.git.revisions import two_trees
from twinpage.edge.git.trees import Tree


class Ends(Struct, frozen=True):
    """Both ends of a comparison."""

    base: Tree
    head: Tree | None
    """None: the files as they are."""


def ends_of(repository: Repository, words: str, meanwhile: Callable[[], object]) -> Ends:
    """What is compared with what, see ``two_trees``; where two parted has the name of the first. Raises Usage."""
    base, head = two_trees(repository, words, meanwhile)
    one, dots, _ = words.partition("...")
    return Ends(replace(base, label=one or "HEAD") if dots else base, head)
