"""What differs between two values of an artifact, and between two models, before anybody words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Action = Literal["added", "removed", "moved", "reordered", "renamed", "identified", "reworded", "changed", "followed"]
"""``renamed``: another name, the same id. ``identified``: another id, the same content. ``followed``: a reference that
names what it named before by its new id."""

Sort = Literal["artifact", "item", "element", "reference", "field"]
"""What a difference is about: the whole, an object in a list, a plain element of a list, a reference, another field."""


class Difference(Struct, frozen=True):
    """One difference between two values of an artifact. Texts are as the vault has them, which may be hostile."""

    action: Action
    sort: Sort
    pointer: str
    """By ids, in the new value; in the old one of what was removed."""
    label: str
    """What it is, in running text: ``stage``, ``touchpoint``, ``goal``."""
    name: str = ""
    """What an item or an element is called; empty for fields. Of what was renamed, the old name."""
    old: Any = None
    new: Any = None
    within: tuple[str, ...] = ()
    """Names of the items around it, the outermost first."""
    beside: str = ""
    """Of what was added or moved: the item that it follows now, or comes before (``first``)."""
    first: bool = False
    """It stands before ``beside``, at the head of its list."""
    old_name: str = ""
    new_name: str = ""
    """Of references: what the two artifacts are called."""
    field: str = ""
    """The JSON key of the field that differs, or that lists what differs."""


ArtifactAction = Literal["added", "removed", "moved", "renamed", "changed"]
"""``moved``: it belongs to another case now. ``renamed``: another id, and of the same case."""


class ArtifactDiff(Struct, frozen=True):
    """One artifact that differs between two models."""

    action: ArtifactAction
    artifact: str
    """Its id now; of a removed one, its last."""
    old_artifact: str
    """Its id before; the same unless it was renamed or moved."""
    kind: str
    title: str
    """What its kind is called: ``Sales strategy``."""
    name: str
    path: str
    old_path: str
    differences: tuple[Difference, ...]
    of: str = ""
    """Name of the profile that it belongs to; empty for other kinds."""
    case: str = ""
    segment: str = ""
    profile: str = ""
    """Ids of where it is told; empty where there is none."""
    case_name: str = ""
    segment_name: str = ""
    profile_name: str = ""
    example: bool = False
    """Of an example case."""


class Unread(Struct, frozen=True):
    """An artifact file that one side has and that cannot be read. ``message`` says why and what to do."""

    path: str
    side: str
    """The revision, as the person named it, or ``the working tree``."""
    line: int
    message: str


class ModelDiff(Struct, frozen=True):
    """Everything that differs between two models, in the order in which it is told: case, segment, profile; the
    method after the cases; example cases last."""

    artifacts: tuple[ArtifactDiff, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: int = 0
    """Notes that changed while the artifact they belong to, if any, did not."""
    renames: Mapping[str, str] | None = None
    """Old id -> new id of what was renamed or moved."""

    @property
    def is_empty(self) -> bool:
        """Nothing of the model differs, and all of it could be read."""
        return not self.artifacts and not self.unread


class Compared(Struct, frozen=True):
    """One side of a comparison: as the person said it, and the commit's id (empty for the working tree)."""

    label: str
    commit: str = ""


class DiffOutcome(Struct, frozen=True):
    """What ``diff`` found between two states of a model."""

    old: Compared
    new: Compared
    model: ModelDiff


class Told(Struct, frozen=True):
    """One commit that changed an artifact. Who, when and subject are as the commit has them, which may be hostile."""

    commit: str
    date: str
    """ISO day on which it was written."""
    author: str
    subject: str
    artifact: ArtifactDiff | None
    """What it changed; None where a side cannot be read."""
    unread: tuple[Unread, ...] = ()


class LogOutcome(Struct, frozen=True):
    """The history of one artifact, newest commit first."""

    artifact: str
    entries: tuple[Told, ...] = ()
    shallow: bool = False
    """Older commits were never fetched."""
