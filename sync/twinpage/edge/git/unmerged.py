"""What git's index holds of files whose merge is not ended: both versions, and what they had in common."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from msgspec import Struct

from twinpage.edge.git.blobs import Blobs
from twinpage.edge.git.run import run, start, vault_path

_SECONDS = 60
_MOST_CONFLICTS = 127
"""``git merge-file`` ends with their number, and with more when it failed."""


class Stages(Struct, frozen=True):
    """The versions of one file. None: that side does not have it, or it is no plain file."""

    base: bytes | None = None
    ours: bytes | None = None
    theirs: bytes | None = None
    names: tuple[str, ...] = ()
    """What git calls these versions: they are the same wherever these are."""
    left_as_ours: bool = False
    """git could not merge it, and left our version there without a sign: its merge driver did not run."""
    decided: bool = False
    """Somebody said since what is right there."""

    @property
    def half_removed(self) -> bool:
        """One side removed what the other changed, and nobody decided yet."""
        removed = self.base is not None and (self.ours is None) != (self.theirs is None)
        return removed and not self.decided

    @property
    def as_ours(self) -> bool:
        """The other version is in no file, and nobody decided yet."""
        return self.left_as_ours and not self.decided


def unmerged(vault: Path) -> dict[str, Stages]:
    """Vault path -> versions of every file whose merge is not ended; none where git cannot tell."""
    names: dict[str, dict[int, str]] = {}
    for entry in (run(vault, "ls-files", "-u", "-z") or b"").split(b"\0"):
        facts, _, raw = entry.partition(b"\t")
        if facts.startswith(b"100"):
            _, name, stage = facts.decode("ascii").split(" ")
            names.setdefault(vault_path(raw), {})[int(stage)] = name
    left = _left(vault) if names else {}
    found: dict[str, Stages] = {}
    with Blobs(vault) as blobs:
        for path, stages in names.items():
            contents = blobs.read(stages.values())
            ours, theirs = stages.get(2), stages.get(3)
            base, mine, other = (contents.get(stages.get(stage, "")) for stage in (1, 2, 3))
            as_ours = left.get(path) == ours if left else _has(vault / path, mine)
            as_ours = as_ours and ours is not None and theirs not in (None, ours)
            three = tuple(stages.get(stage, "") for stage in (1, 2, 3))
            found[path] = Stages(base, mine, other, three, as_ours)
    return found


def _left(vault: Path) -> dict[str, str]:
    """What git left of each file when it stopped; nothing where it keeps no ``AUTO_MERGE`` (before 2.34)."""
    said = run(vault, "ls-tree", "-r", "-z", "AUTO_MERGE") or b""
    entries = (entry.partition(b"\t") for entry in said.split(b"\0") if entry)
    return {vault_path(raw): facts.split(b" ")[2].decode("ascii") for facts, _, raw in entries}


def _has(place: Path, data: bytes | None) -> bool:
    try:
        return data is not None and place.read_bytes().replace(b"\r\n", b"\n") == data.replace(b"\r\n", b"\n")
    except OSError:
        return False


def text_merge(vault: Path, stages: Stages) -> bytes | None:
    """What git's merge of texts makes of these versions, with its markers; None when it cannot tell."""
    if stages.ours is None or stages.theirs is None:
        return None
    try:
        with tempfile.TemporaryDirectory(prefix="twinpage-") as folder:
            paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
            for path, data in zip(paths, (stages.ours, stages.base or b"", stages.theirs), strict=True):
                path.write_bytes(data)
            with start(vault, "merge-file", "-p", "-q", *map(str, paths)) as process:
                said, _ = process.communicate(timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return said if 0 <= process.returncode <= _MOST_CONFLICTS else None
