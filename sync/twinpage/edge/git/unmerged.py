"""What git's index holds of files whose merge is not ended: both versions, and what they had in common."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from twinpage.edge.git.blobs import Blobs
from twinpage.edge.git.run import run, start, vault_path

_SECONDS = 60
_MOST_CONFLICTS = 127
"""``git merge-file`` ends with their number, and with more when it failed."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The versions of one file. None: that side does not have it, or it is no plain file."""

    base: bytes | None = None
    ours: bytes | None = None
    theirs: bytes | None = None

    @property
    def half_removed(self) -> bool:
        """One side removed what the other changed."""
        return self.base is not None and (self.ours is None) != (self.theirs is None)


def unmerged(vault: Path) -> dict[str, Stages]:
    """Vault path -> versions of every file whose merge is not ended; none where git cannot tell."""
    names: dict[str, dict[int, str]] = {}
    for entry in (run(vault, "ls-files", "-u", "-z") or b"").split(b"\0"):
        facts, _, raw = entry.partition(b"\t")
        if facts.startswith(b"100"):
            _, name, stage = facts.decode("ascii").split(" ")
            names.setdefault(vault_path(raw), {})[int(stage)] = name
    found: dict[str, Stages] = {}
    with Blobs(vault) as blobs:
        for path, stages in names.items():
            contents = blobs.read(stages.values())
            found[path] = Stages(*(contents.get(stages.get(stage, "")) for stage in (1, 2, 3)))
    return found


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
