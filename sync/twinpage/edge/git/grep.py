"""Looking for words in all notes of a commit: git does it faster than anybody who reads them one by one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from twinpage.edge.git.run import run, vault_path


def notes_with(vault: Path, commit: str, words: str) -> list[str]:
    """Vault paths of the notes of a commit that hold these words on one line, in small letters or capitals."""
    if not words.strip() or any(char in words for char in "\n\0"):
        return []
    said = run(vault, "grep", "-z", "-l", "-I", "-i", "-F", "-e", words, commit, "--", ".")
    found: Iterable[str] = (vault_path(path.partition(b":")[2]) for path in (said or b"").split(b"\0")[:-1])
    return sorted(path for path in found if path.endswith(".md"))
