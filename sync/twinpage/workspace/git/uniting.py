"""Files of one line for each thing that was said, to which two branches add: an attribute lets git unite them."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.attribute_lines import RULES, appended
from twinpage.edge import deeds
from twinpage.edge.disk import Disk
from twinpage.edge.git.attributes import attributes_of
from twinpage.edge.git.place import in_repository
from twinpage.errors import TwinpageError
from twinpage.model.edit import digest
from twinpage.workspace.git.setup import ATTRIBUTES

_UNITED = tuple(rule for rule in RULES if rule.merge == "union")


def let_git_unite(vault: Path) -> str:
    """Add the lines that are missing to the vault's .gitattributes; a sentence for a person, empty if all is well.

    All of them at once: so two branches on which this happens write the same. What people say of these files stays.
    """
    if not in_repository(vault):
        return ""
    said = attributes_of(vault, [rule.example for rule in _UNITED], "merge")
    lines = [rule.line() for rule in _UNITED if said.get((rule.example, "merge")) == "unspecified"]
    if not lines:
        return ""
    disk = Disk(vault)
    try:
        before = disk.read(ATTRIBUTES) if (vault / ATTRIBUTES).exists() else None
        deed = deeds.line(ATTRIBUTES, before, "git unites sign-offs and accepted flags")
        disk.write(ATTRIBUTES, appended(before or b"", lines), None if before is None else digest(before), deed)
        disk.flush()
    except (OSError, TwinpageError):
        told = " and ".join(f"`{line}`" for line in lines)
        return f"{ATTRIBUTES} could not be written, and git does not unite what two branches add: add {told} to it."
    finally:
        disk.close()
    return f"Commit {ATTRIBUTES} as well: now git unites sign-offs and accepted flags of two branches."
