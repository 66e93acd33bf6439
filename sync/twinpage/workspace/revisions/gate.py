"""The gate: what is staged or in a revision, to be checked, and the revision that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from twinpage.edge import clock
from twinpage.edge.git.place import find_repository
from twinpage.edge.git.trees import Tree, at_revision, staged
from twinpage.edge.place import SETTINGS
from twinpage.errors import SettingsMistakes
from twinpage.model.flag import Flag
from twinpage.workspace.ground import Ground
from twinpage.workspace.remembered import flags_and_examples
from twinpage.workspace.revisions.revision_ground import ground_at, settings_of


@dataclass
class Gate:
    """The trees of one check."""

    root: Path
    looked_at: Tree | None
    """None: the working tree."""
    slot: str
    base: Tree | None
    """None: it is compared with nothing."""
    remarks: list[str] = field(default_factory=list)

    def ground(self) -> Ground | None:
        """What is looked at, to be closed; None for the working tree. Raises what ``ground_at`` raises."""
        return None if self.looked_at is None else ground_at(self.root, self.looked_at, self.slot)

    def flags_of_base(self) -> tuple[Flag, ...] | None:
        """All flags of what it is compared with; None when that is nothing.

        They are taken as of the day of what is looked at: what only time brought was not introduced. Where the settings
        there have mistakes, which nobody can mend any more, it goes by those of now.
        """
        if self.base is None:
            return None
        try:
            return self._flags(self.base)
        except SettingsMistakes:
            told = f"{SETTINGS} in {self.base.label} has mistakes, so its flags are taken by the settings of now."
            self.remarks.append(told)
            return self._flags(self.base, settings_of(self.root, self.looked_at))

    def has(self, path: str) -> bool:
        """Something is at this vault path in one of the trees."""
        trees = [tree for tree in (self.looked_at, self.base) if tree is not None]
        return any(path in tree.files or any(one.startswith(f"{path}/") for one in tree.files) for tree in trees)

    def _flags(self, tree: Tree, settings: bytes | None = None) -> tuple[Flag, ...]:
        today = self.looked_at.date if self.looked_at else clock.today()
        ground: Ground = ground_at(self.root, tree, "base", settings, today)
        try:
            if not ground.unchanged():
                from twinpage.workspace.log import log_broken
                from twinpage.workspace.opening import workspace_on
                from twinpage.workspace.revisions.revision import bring_up

                ground = ws = workspace_on(ground)
                self.remarks += log_broken(self.root, bring_up(ws))
            own, examples = flags_and_examples(ground.state)
            return own + examples
        finally:
            ground.close()


def open_gate(root: Path, of_index: bool, revision: str | None, base: str | None) -> Gate:
    """Find what is meant in the repository around the vault. Raises Usage with a plain sentence."""
    place = find_repository(root)
    looked_at = None
    if of_index:
        looked_at = staged(place)
    elif revision is not None:
        looked_at = at_revision(place, revision)
    slot = "staged" if of_index else "head"
    return Gate(place.vault, looked_at, slot, None if base is None else at_revision(place, base))
