"""What a command found out or did, before an output words it. What ``check`` found is in ``check_outcome``."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Action = Literal["created", "updated", "trashed", "merged"]


class Change(Struct, frozen=True):
    """One file that a pass wrote. ``because`` is a plain clause such as ``the note changed``."""

    path: str
    action: Action
    artifact: str
    because: str

    @property
    def deed(self) -> str:
        """A line of the log."""
        return f"{self.action}  {self.path}  ({self.because})  {self.artifact}"


class HeldTwin(Struct, frozen=True):
    """What was not carried over. ``because`` is a plain sentence that says what to do."""

    artifact: str
    path: str
    because: str
    line: int = 1
    pointers: tuple[str, ...] = ()


class ChangeTold(Struct, frozen=True):
    """One thing in which an artifact was changed, as a clause; of a text also the lines before and now."""

    clause: str
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


class OpenConflict(Struct, frozen=True):
    """One field that both twins changed. Values are plain JSON, None means absent; pointer ``""`` is the artifact."""

    artifact: str
    path: str
    """Vault path of the artifact file."""
    note: str
    """Vault path of the note; empty when it is gone."""
    pointer: str
    base: object
    mine: object
    """What the artifact file says now."""
    other: object
    from_: str
    """``note``, or ``theirs`` with the branch."""
    name: str = ""
    """What the artifact is called."""
    place: str = ""
    """The field as people say it, with a capital: ``Emotion of stage Trial week``."""
    words: tuple[tuple[str, ...], ...] = ()
    """Lines in which people read ``base``, ``other`` and ``mine``; empty where nobody made them."""
    changed: tuple[ChangeTold, ...] = ()
    """Where one side removed the whole artifact: what the other changed."""

    @property
    def by_git(self) -> bool:
        """It is between two branches, not between the twins."""
        return self.from_ != "note"

    @property
    def sides(self) -> tuple[str, str]:
        """How ``resolve`` calls the sides of ``other`` and ``mine``."""
        return ("theirs", "ours") if self.by_git else ("note", "file")


class Undone(Struct, frozen=True):
    """Twins with git's conflict markers in which nothing clashes by field: ``resolve`` writes the merge."""

    artifact: str
    name: str
    paths: tuple[str, ...]
    """Vault paths of those that have markers."""


class ConflictsOutcome(Struct, frozen=True):
    """Everything that waits for a decision."""

    conflicts: tuple[OpenConflict, ...] = ()
    undone: tuple[Undone, ...] = ()
    held: tuple[HeldTwin, ...] = ()
    """Twins whose markers cannot be understood."""
    vault: tuple[str, ...] = ()
    """Words that a command needs to find the vault from here, such as ``--vault`` and a folder."""
    unstaged: tuple[str, ...] = ()
    """Paths of twins that are merged, but git waits until somebody has looked at them and stages them."""

    @property
    def exit_code(self) -> int:
        """1 when something waits, else 0."""
        return int(bool(self.conflicts or self.undone or self.held))


class SyncOutcome(Struct, frozen=True):
    """One two-way pass."""

    changes: tuple[Change, ...] = ()
    held: tuple[HeldTwin, ...] = ()
    conflicts: tuple[OpenConflict, ...] = ()
    flags: int = 0
    """How many flags ``check`` shows now."""
    not_written: tuple[str, ...] = ()
    """Sentences about files that the system refused to write, for stderr: exit code 2."""
    planned: bool = False
    """Nothing was written: this is what a pass would do."""

    @property
    def exit_code(self) -> int:
        """2 when a file could not be written, 1 with a conflict or something held, else 0."""
        if self.not_written:
            return 2
        return 1 if self.held or self.conflicts else 0


class Watcher(Struct, frozen=True):
    """The process that watches a vault."""

    pid: int
    name: str
    """Such as ``process 4711``, with its machine where that is another."""
    since: str
    """When it began, ISO with zone."""
    age: float
    """Seconds since its last sign of life."""
    batches: int
    """How often it carried something since it began."""


class StatusOutcome(Struct, frozen=True):
    """How the twins stand to one another. Each list holds artifact ids, sorted."""

    in_step: int = 0
    ahead: tuple[str, ...] = ()
    """The note says something new."""
    behind: tuple[str, ...] = ()
    """The artifact file says something new."""
    apart: tuple[str, ...] = ()
    """Both say something new; a pass will merge them or find a conflict."""
    conflicts: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    last_pass: str = ""
    """When the last pass ended, ISO with zone; empty when there was none on this machine."""
    watcher: Watcher | None = None
    """Who watches the vault; None when nobody does."""


class Removal(Struct, frozen=True):
    """One thing in the trash."""

    name: str
    """By which it alone is brought back."""
    artifact: str
    when: str
    because: str
    files: tuple[str, ...]
    """Vault paths where they lay."""
    size: int
    """Bytes."""
    goes: bool = False
    """The next pruning takes it."""
    by_id: bool = True
    """The artifact's id brings back this one, not a later removal."""


class TrashOutcome(Struct, frozen=True):
    """What the trash holds, newest first, and what was taken out of it for good."""

    removals: tuple[Removal, ...] = ()
    taken: tuple[Removal, ...] = ()
    days: int = 0
    """What is older goes."""
    megabytes: int = 0
    """Beyond it, the oldest go first."""
    unread: tuple[str, ...] = ()
    """Folders that tell nothing of what is in them; they are left alone."""
    not_taken: tuple[str, ...] = ()
    """Sentences about what the system refused to take away, for stderr: exit code 2."""
    spared: bool = False
    """It is above its size, and all that would have to go is young."""
    pruned: bool = False
    """Pruning was asked for, not only told of."""

    @property
    def exit_code(self) -> int:
        return 2 if self.not_taken else 0
