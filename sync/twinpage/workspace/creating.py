"""Making a new artifact file; the note follows in the next pass."""

from __future__ import annotations

from dataclasses import dataclass

from twinpage.core.artifact_text import write
from twinpage.core.ids import new_id
from twinpage.edge.lock import write_lock
from twinpage.errors import Usage
from twinpage.model.kind import Kind, Value
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to have: a kind, a name, and the value to start with."""

    kind: Kind
    name: str
    value: Value


def create(ws: Workspace, wish: Wish) -> tuple[str, str]:
    """Write the artifact file; its path and id. Raises Usage when the kind does not accept such a value."""
    with write_lock(ws.root):

        def taken(artifact: str) -> bool:
            claimed = any(True for _ in ws.vault.index.claims(artifact))
            return claimed or ws.disk.stat(artifact_path(artifact)) is not None

        artifact = new_id(wish.kind, wish.name, wish.value, taken)
        value = {"kind": wish.kind.name, "id": artifact, "schema": wish.kind.schema_name, **wish.value}
        faults = ws.faults(value, wish.kind)
        if faults:
            raise Usage(f"No {wish.kind.title.lower()} can be made of this. {faults[0].message}")
        path = artifact_path(artifact)
        ws.disk.write(path, write(value, wish.kind).encode("utf-8"), None)
        ws.disk.flush()
    return path, artifact
