"""Where the vault is."""

from __future__ import annotations

import os
from pathlib import Path

from twinpage.errors import NoVault

SETTINGS = "twinpage.toml"
STATE_FOLDER = ".twinpage"


def find_vault(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds twinpage.toml, resolved. Raises NoVault."""
    folder = Path(os.path.abspath(start))
    for candidate in (folder, *folder.parents):
        if os.path.isfile(candidate / SETTINGS):
            return candidate.resolve()
    raise NoVault(str(start))


def vault_or_none(start: Path) -> Path | None:
    """Like ``find_vault``, for commands that also work outside a vault."""
    try:
        return find_vault(start)
    except NoVault:
        return None
