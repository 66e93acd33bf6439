"""What to do about one artifact: a closed union, consumed with ``match`` and ``assert_never``."""

from __future__ import annotations

from msgspec import Struct, field

from twinpage.model.conflict import Conflict
from twinpage.model.kind import Value


class Same(Struct, frozen=True):
    """Nothing to write; remember it."""


class ToArtifact(Struct, frozen=True):
    """The artifact file follows the note."""

    view: Value


class ToPage(Struct, frozen=True):
    """The note follows the artifact file."""

    view: Value


class Merge(Struct, frozen=True):
    """Both changed, in different places: both follow."""

    view: Value


class Clash(Struct, frozen=True):
    """Both changed the same fields: each view has what merged and, at the conflicts, its side's own.

    ``agreed`` is the base to remember: what merged, and at the conflicts the base as it was.
    """

    note_view: Value
    file_view: Value
    conflicts: tuple[Conflict, ...]
    agreed: Value


class Gone(Struct, frozen=True):
    """One twin was removed and the other is as in the base: the other goes to the trash."""

    side: str


class Held(Struct, frozen=True):
    """Nothing is carried over until a person has looked. ``because`` is a plain sentence."""

    because: str
    pointers: tuple[str, ...] = field(default=())


class Wait(Struct, frozen=True):
    """Something disappeared: look again in a moment. ``because`` is a clause such as ``its note is gone``."""

    because: str


class Forgotten(Struct, frozen=True):
    """Both twins are gone: only the memory of them is left to put away."""


Decision = Same | ToArtifact | ToPage | Merge | Clash | Gone | Held | Wait | Forgotten
