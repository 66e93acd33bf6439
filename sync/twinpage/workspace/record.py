"""Remembering what was written: so that the next look finds nothing new, and the next decision has its base."""

from __future__ import annotations

from twinpage.core.artifact_text import read_bytes
from twinpage.core.vault.cards import at_note, card_of
from twinpage.edge.disk import Stat
from twinpage.edge.states.state import Base, FileFacts
from twinpage.model.edit import digest
from twinpage.model.names import fold
from twinpage.workspace.look import note_of
from twinpage.workspace.opening import Workspace
from twinpage.workspace.texts import Texts
from twinpage.workspace.twin import Twin


def facts_of(ws: Workspace, path: str, data: bytes, stat: Stat, artifact: str) -> FileFacts:
    """What the state keeps of a file of an artifact that we have just written."""
    if path.endswith(".json"):
        value = read_bytes(path, data).value or {}
        return FileFacts(stat, digest(data), "artifact", "", "", artifact, str(value.get("kind", "")), "")
    page = ws.page_of(path, data)
    kind = page.property("artifact-kind")
    return FileFacts(stat, digest(data), "note", page.title, fold(page.title), artifact, kind, "")


def remember(ws: Workspace, twin: Twin, texts: Texts) -> set[str]:
    """Take what both twins say now as their base, and put the card; the keys whose answers differ now."""
    keys: set[str] = set()
    if texts.value is not None and texts.view is not None and twin.kind is not None:
        keys |= _put_card(ws, twin, texts)
        note = texts.note if texts.note is not None else twin.page.text if twin.page else None
        if note is not None:
            _put_base(ws, twin, texts, note)
    if texts.embeds is not None:
        ws.state.put_embeds(twin.artifact, texts.embeds.added)
        for target in texts.embeds.removed:
            ws.state.drop_embed(twin.artifact, target)
    return keys


def _put_card(ws: Workspace, twin: Twin, texts: Texts) -> set[str]:
    assert texts.value is not None
    value = texts.value
    if texts.file is None and twin.file is not None and twin.file.value is not None:
        value = twin.file.value
    elif texts.file is not None and texts.conflicts:  # what is agreed lacks the fields in conflict; the file has them
        value = read_bytes(twin.file_path, texts.file.encode("utf-8")).value or value
    note = twin.note_path or note_of(ws, twin.artifact)
    title = ws.title_at(note) if note else ""
    card = at_note(card_of(twin.artifact, value, twin.kind, twin.file_path), note, title)
    return ws.vault.put(card)


def _put_base(ws: Workspace, twin: Twin, texts: Texts, note: str) -> None:
    assert texts.value is not None
    assert texts.view is not None
    assert twin.kind is not None
    note_digest = digest(note.encode("utf-8", "surrogatepass"))
    if texts.file is not None:
        file_digest = digest(texts.file.encode("utf-8"))
    else:
        file_digest = twin.file.digest if twin.file else ""
    known = bool(twin.base and twin.base.written and twin.base.note_digest == note_digest)
    ours = texts.note is not None or known or note_digest in ws.own_writes
    base = Base(twin.kind.name, twin.note_path, note_digest, file_digest, texts.value, texts.view, ours)
    ws.state.put_base(twin.artifact, base, note)
