"""Where the vault is."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

from twinpage.errors import NoVault, OutsideVault, Usage

SETTINGS = "twinpage.toml"
STATE_FOLDER = ".twinpage"


def find_vault(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds twinpage.toml, resolved. Raises NoVault."""
    folder = Path(os.path.abspath(start))
    for candidate in (folder, *folder.parents):
        if os.path.isfile(candidate / SETTINGS):
            return candidate.resolve()
    raise NoVault(str(folder))


def vault_or_none(start: Path) -> Path | None:
    """Like ``find_vault``, for commands that also work outside a vault."""
    try:
        return find_vault(start)
    except NoVault:
        return None


def vault_paths(
    root: Path, paths: tuple[Path, ...], elsewhere: Callable[[str], bool] = lambda path: False
) -> tuple[str, ...]:
    """Paths as people type them, seen from the current folder, as vault paths.

    Raises OutsideVault, and Usage where there is nothing: a mistyped path would have no flags. ``elsewhere``: something
    is at this vault path in another place that is looked at, too.
    """
    found = []
    for path in paths:
        real = Path(os.path.realpath(path))
        if real != root and root not in real.parents:
            raise OutsideVault(str(path))
        inside = unicodedata.normalize("NFC", real.relative_to(root).as_posix()).removeprefix(".")
        if not os.path.lexists(path) and not elsewhere(inside):
            raise Usage(f"There is nothing at {path}: check the path.")
        found.append(inside)
    return tuple(found)


def identity(folder: Path) -> tuple[int, int]:
    """It differs once another folder stands at this path, or none: a folder that was moved tells nobody."""
    try:
        info = os.stat(folder)
    except OSError:
        return -1, -1
    return info.st_dev, info.st_ino


def folder_of_logs(vault: Path | None) -> Path | None:
    """Where logs lie in a vault, unless there is nothing of ours or a link leads out."""
    if vault is None or not (vault / STATE_FOLDER).is_dir():
        return None
    inside = Path(os.path.realpath(vault / STATE_FOLDER / "log"))
    return inside if inside.is_relative_to(os.path.realpath(vault)) else None
