"""Making a new artifact file; the note follows in the next pass."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core.artifact_text import write
from twinpage.core.ids import new_id
from twinpage.core.template import with_headings
from twinpage.edge.lock import write_lock
from twinpage.errors import Usage
from twinpage.model.kind import Kind, Value
from twinpage.model.outcome import Change
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace
from twinpage.workspace.reading import reading_of


class Wish(Struct, frozen=True):
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
        deed = Change(path, "created", artifact, "somebody asked for it").deed
        ws.disk.write(path, write(value, wish.kind).encode("utf-8"), None, deed)
        ws.disk.flush()
    return path, artifact


def add_places(ws: Workspace, artifact: str) -> bool:
    """Give a note that we have just made a heading for everything that its kind expects; True when it did.

    The note says the same before and after: a heading with nothing below it is no value.
    """
    card = ws.vault.card(artifact)
    kind = ws.registry.kind(card.kind) if card else None
    page = ws.page(card.note_path) if card and card.note_path else None
    if kind is None or page is None:
        return False
    before = reading_of(ws, page, kind, None).value
    wanted = [f for f in kind.shape.fields if f.expected and f.place in ("section", "bullets", "headings")]
    text = with_headings(page, [f for f in wanted if f.name not in before])
    after = ws.dialect.parse(page.path, text)
    if text == page.text or reading_of(ws, after, kind, None).value != before:
        return False
    base = ws.state.base(artifact)
    with write_lock(ws.root), ws.state.transaction():
        deed = Change(page.path, "updated", artifact, "headings for what is expected").deed
        ws.disk.write(page.path, text.encode("utf-8"), page.digest, deed)
        ws.disk.flush()
        if base is not None:  # these bytes are ours too: nobody is typing in them
            ws.state.put_base(artifact, replace(base, note_digest=after.digest, written=True), text)
    return True
