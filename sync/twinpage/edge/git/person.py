"""Who git says is at work here."""

from __future__ import annotations

import shutil
from pathlib import Path

from twinpage.edge.git.run import run
from twinpage.errors import Usage


def person(folder: Path) -> tuple[str, str]:
    """Name and email of the person, as commits made in this folder would have them by git's settings.

    Raises Usage when git does not know.
    """
    if shutil.which("git") is None:
        raise Usage("git is not installed, and it is git that knows who you are: install it, then run this again.")
    name, email = _setting(folder, "user.name"), _setting(folder, "user.email")
    missing = [key for key, said in (("user.name", name), ("user.email", email)) if not said]
    if missing:
        examples = {"user.name": '"Your Name"', "user.email": "you@example.org"}
        ways = " and ".join(f"`git config --global {key} {examples[key]}`" for key in missing)
        raise Usage(f"git does not know who you are: say it with {ways}, then run this again.")
    return name, email


def _setting(folder: Path, key: str) -> str:
    return (run(folder, "config", "--get", key) or b"").decode("utf-8", "replace").strip()
