"""Who reviewed what: sign-offs, and the renames by which they follow their artifact."""

from __future__ import annotations

from msgspec import Struct

SIGNOFFS = "signoffs.jsonl"
"""Vault path of their file."""


class SignOff(Struct, frozen=True):
    """One person read an artifact, and it was right as it stood."""

    name: str
    email: str
    when: str
    """UTC, such as ``2030-01-02T03:04:05Z``: all are of one length, so that the order of texts is that of time."""
    fingerprint: str
    """Of what was read."""
    note: str = ""
    certain: bool = True
    """False: it was made under an id that the artifact had given up by then. It counts as long as it fits, and is
    never void: the id may have been given to something else."""

    @property
    def person(self) -> str:
        """By which two sign-offs are known to be of one person."""
        return self.email.casefold()

    @property
    def day(self) -> str:
        return self.when[:10]


class Signed(Struct, frozen=True):
    """The sign-offs of one artifact: of each person the latest, and those that are not certain; in order of time."""

    signoffs: tuple[SignOff, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    """(old id, new id) of the whole vault in order of time: what an artifact refers to is known by its first id."""


UNSIGNED = Signed()
