"""Patterns of vault paths, as settings write them."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from twinpage.model.names import fold


class Patterns:
    """Paths from the vault's top; case does not count. ``*`` stays within a folder, ``**`` crosses them.

    A pattern that names a folder covers all below it.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [fold(pattern).strip("/").split("/") for pattern in patterns]

    def cover(self, path: str) -> bool:
        """Some pattern covers this vault path or a folder above it."""
        parts = fold(path).split("/")
        return any(_covers(pattern, parts) for pattern in self._patterns)


def _covers(pattern: list[str], parts: list[str]) -> bool:
    if "**" not in pattern:
        return len(pattern) <= len(parts) and all(map(fnmatchcase, parts, pattern))
    # All places in the pattern that the parts so far can have reached: linear in both, whatever the pattern.
    reached = _past_stars({0}, pattern)
    for part in parts:
        reached = _past_stars({step for at in reached for step in _steps(pattern, at, part)}, pattern)
        if len(pattern) in reached:
            return True
    return False


def _steps(pattern: list[str], at: int, part: str) -> tuple[int, ...]:
    if at == len(pattern):
        return ()
    if pattern[at] == "**":
        return (at,)
    return (at + 1,) if fnmatchcase(part, pattern[at]) else ()


def _past_stars(reached: set[int], pattern: list[str]) -> set[int]:
    """``**`` also stands for no folder at all."""
    found = set(reached)
    for at in sorted(reached):
        while at < len(pattern) and pattern[at] == "**":
            at += 1
            found.add(at)
    return found
