"""What to do about one artifact: a closed union, consumed with ``match`` and ``assert_never``."""

from __future__ import annotations

from dataclasses import dataclass, field

from twinpage.model.conflict import Conflict
from twinpage.model.kind import Value


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing to write; remember it."""


@dataclass(frozen=True, slots=True)
class ToArtifact:
    """The artifact file follows the note."""

    view: Value


@dataclass(frozen=True, slots=True)
class ToPage:
    """The note follows the artifact file."""

    view: Value


@dataclass(frozen=True, slots=True)
class Merge:
    """Both changed, in different places: both follow."""

    view: Value


@dataclass(frozen=True, slots=True)
class Clash:
    """Both changed the same fields: each view has what merged and, at the conflicts, its side's own.

    ``agreed`` is the base to remember: what merged, and at the conflicts the base as it was.
    """

    note_view: Value
    file_view: Value
    conflicts: tuple[Conflict, ...]
    agreed: Value


@dataclass(frozen=True, slots=True)
class Gone:
    """One twin was removed and the other is as in the base: the other goes to the trash."""

    side: str


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing is carried over until a person has looked. ``because`` is a plain sentence."""

    because: str
    pointers: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Wait:
    """Something disappeared: look again in a moment. ``because`` is a clause such as ``its note is gone``."""

    because: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Both twins are gone: only the memory of them is left to put away."""


Decision = Same | ToArtifact | ToPage | Merge | Clash | Gone | Held | Wait | Forgotten
