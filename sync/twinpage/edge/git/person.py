"""Who git says is at work here."""

from __future__ import annotations

import shutil
from pathlib import Path

from twinpage.edge.git.run import run
from twinpage.errors import Usage
from twinpage.model.regex import regex

_IDENTITY = regex(r"(.+) <(.+)> \d+ [+-]\d+")


def person(folder: Path) -> tuple[str, str]:
    """Name and email of the author of a commit made in this folder now, by git's settings and environment.

    Raises Usage when git does not know.
    """
    if shutil.which("git") is None:
        raise Usage("git is not installed, and it is git that knows who you are: install it, then run this again.")
    said = (run(folder, "var", "GIT_AUTHOR_IDENT") or b"").decode("utf-8", "replace").strip()
    known = _IDENTITY.fullmatch(said)
    if known is None:
        raise Usage(
            'git does not know who you are: say it with `git config --global user.name "Your Name"` and `git config '
            "--global user.email you@example.org`, then run this again."
        )
    return known[1], known[2]
