"""What the lens asks about the rest of the vault."""

from __future__ import annotations

from typing import Protocol


class Names(Protocol):
    """Names of notes and ids of artifacts, both ways."""

    def id_of(self, target: str) -> str | None:
        """Id of the artifact whose note a link names; None when no such note is known."""

    def link_to(self, artifact: str) -> str | None:
        """What to write between ``[[`` and ``]]`` so that it leads to the artifact's note; None when it has none."""
