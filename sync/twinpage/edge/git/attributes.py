"""What git's attributes say of a path, wherever they say it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from twinpage.edge.git.run import run

_NO_INDEX = ".twinpage/no index of git"


def attributes_of(folder: Path, paths: Iterable[str], *names: str) -> dict[tuple[str, str], str]:
    """(path, attribute) -> value; ``unspecified``, ``set`` and ``unset`` as git says them. The paths need not exist.

    By what lies on the disk: of a .gitattributes that was removed, git would still go by its index.
    """
    said = run(folder, "check-attr", "-z", *names, "--", *paths, index=folder / _NO_INDEX) or b""
    words = [os.fsdecode(word) for word in said.split(b"\0")]
    return {(path, name): value for path, name, value in zip(words[::3], words[1::3], words[2::3], strict=False)}
