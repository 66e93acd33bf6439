"""Looking for words in all notes of a commit: git does it faster than anybody who reads them one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from twinpage.edge.git.run import run, vault_path


def notes_with(vault: Path, commit: str, words: str) -> list[str]:
    """Vault paths of the notes of a commit that hold these words on one line, in small letters or capitals."""
    return _notes(vault, commit, words, "-i", "-F") if words.strip() else []


def notes_with_property(vault: Path, commit: str, name: str, value: str) -> list[str]:
    """Vault paths of the notes of a commit with a line that gives a property this value, as either app writes it."""
    return _notes(vault, commit, f"^{re.escape(name)}::? +{re.escape(value)}[[:space:]]*$", "-E")


def _notes(vault: Path, commit: str, pattern: str, *how: str) -> list[str]:
    if any(char in pattern for char in "\n\0"):
        return []
    said = run(vault, "grep", "-z", "-l", "-I", *how, "-e", pattern, commit, "--", ".")
    found: Iterable[str] = (vault_path(path.partition(b":")[2]) for path in (said or b"").split(b"\0")[:-1])
    return sorted(path for path in found if path.endswith(".md"))
