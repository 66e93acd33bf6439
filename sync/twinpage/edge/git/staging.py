"""What to type to stage files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from twinpage.edge.git.run import run, vault_path


def add_command(root: Path, paths: Iterable[str]) -> str:
    """What to type here to stage these vault paths, quoted for a shell; empty where git has them as they are.

    What is neither there nor in git's index is left out: git would refuse the whole command.
    """
    import shlex  # the gate and the merge driver hardly ever need it

    wanted = dict.fromkeys(paths)
    gone = {path for path in wanted if not os.path.lexists(root / path)}
    said = run(root, "ls-files", "-z") if gone else None  # by their names alone git would not find them in another form
    known = {vault_path(raw): os.fsdecode(raw) for raw in (said or b"").split(b"\0")}
    left = [known.get(path, path) for path in wanted if path not in gone or path in known or said is None]
    there = [] if os.path.realpath(os.curdir) == str(root) else ["-C", str(root)]
    words = ["git", *there, "add", *(f"./{path}" if path[:1] in "-:" else path for path in left)]
    return shlex.join(words) if left else ""
