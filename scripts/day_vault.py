"""What stands in the vault of ``day.py``, as its writer sees it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORD = re.compile(r"w\d+x")
"""Every word that is typed is one of these, and no two are alike."""
ID = re.compile(r"^artifact-id::? (\S+)$", re.MULTILINE)


def words(text: str) -> set[str]:
    return set(WORD.findall(text))


def notes_of(vault: Path) -> list[Path]:
    """All but the one that twinpage writes itself."""
    found = []
    for folder, folders, names in os.walk(vault):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "artifacts")
        found += [Path(folder, name) for name in sorted(names) if name.endswith(".md") and name != "Flags.md"]
    return found


def files_of(vault: Path) -> list[Path]:
    return sorted((vault / "artifacts").rglob("*.json"))


def everything(vault: Path) -> str:
    """All that a person could still find: names, notes, files with their conflicts, the trash."""
    texts = []
    for place in (vault, vault / ".twinpage" / "trash"):
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if not name.startswith(".")]
            texts += [part for name in names for part in (name, text_of(Path(folder, name)))]
    return "\n".join(texts)


def text_of(path: Path) -> str:
    """Empty where nothing is."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, IsADirectoryError):
        return ""


def objects(value: dict[str, Any]) -> list[dict[str, Any]]:
    """An artifact and its items."""
    found = [value]
    for part in value.values():
        if isinstance(part, list):
            found += [one for one in part if isinstance(one, dict)]
    return found


@dataclass(frozen=True)
class Undo:
    """What takes back one edit: the piece that stands there now, and the one before."""

    path: Path
    now: str
    before: str
