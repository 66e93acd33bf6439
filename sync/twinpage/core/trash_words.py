"""Words for why something lies in the trash, what it weighs, and what pruning it did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from twinpage.core.wording import counted

if TYPE_CHECKING:
    from twinpage.model.outcome import Removal

NOTE_REMOVED, NOTE_EMPTIED = "its note was removed", "its note was emptied"
NOTE_WRITTEN_ANEW = "its note was gone and is written anew"
NOTE_IS_OLDER = frozenset({NOTE_REMOVED, NOTE_EMPTIED, NOTE_WRITTEN_ANEW})
"""The note is as it was before it went, and the artifact file may have changed since."""


def readable_size(size: int) -> str:
    """Bytes as people read them: ``812 B``, ``4.5 kB``, ``1,200.0 MB``."""
    if size < 1_000:
        return f"{size} B"
    return f"{size / 1_000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


def spared_in_words(megabytes: int) -> str:
    """The trash is above its size, and all that would have to go is young."""
    from twinpage.core.pruning import NEVER_BELOW

    return (
        f"The trash is above {megabytes:,} MB, but the rest of it is younger than {NEVER_BELOW} days and stays. "
        f"`twinpage trash --prune --larger-than {megabytes}` takes the oldest away all the same."
    )


def taken_in_words(taken: Sequence[Removal], days: int, megabytes: int) -> str:
    """What a pruning that nobody asked for took."""
    size = readable_size(sum(removal.size for removal in taken))
    newest = max(taken, key=lambda removal: removal.when)
    return (
        f"Took {counted(len(taken), 'removal')} out of the trash for good ({size}), older than {days} days or beyond "
        f"{megabytes:,} MB; the newest was {newest.artifact} of {newest.when[:10]}. `twinpage trash` lists the rest."
    )
