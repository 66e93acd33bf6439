"""What is put away before a pass takes it off the disk or writes over it."""

from __future__ import annotations

import json
from collections.abc import Collection

from twinpage.core.artifact_text import write
from twinpage.core.choosing import conflicts
from twinpage.core.pointers import look, loses_items
from twinpage.core.trash_words import NOTE_WRITTEN_ANEW
from twinpage.core.wording import listed
from twinpage.edge.trash import Trash
from twinpage.model.edit import digest
from twinpage.model.kind import Value
from twinpage.workspace.opening import Workspace
from twinpage.workspace.texts import Texts
from twinpage.workspace.twin import Twin

Kept = list[tuple[str, bytes]]


def last_texts(ws: Workspace, twin: Twin, there: Collection[str]) -> Kept:
    """Both twins as they last agreed, without those of which a path is in ``there``; a note may have moved since."""
    kept: Kept = []
    if twin.base is None:
        return kept
    note = ws.state.last_note(twin.artifact)
    if note is not None and not any(path.endswith(".md") for path in there):
        kept.append((twin.base.note_path, note.encode("utf-8", "surrogatepass")))
    if twin.file_path not in there:
        value = twin.base.value
        text = write(value, twin.kind) if twin.kind else json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        kept.append((twin.file_path, text.encode("utf-8")))
    return kept


def keep_before(ws: Workspace, trash: Trash, twin: Twin, texts: Texts, decided: bool) -> None:
    """Before ``texts`` are written, put away what goes with it that nobody took out of both twins by hand.

    That is a lost note that is written anew, a twin that loses items because the other has none of them any more, and
    all that ``decided`` ends: somebody chose between two sides.
    """
    if twin.page is None or not twin.page.text.strip():
        kept = _of_lost_note(ws, twin, texts)
        because = NOTE_WRITTEN_ANEW if texts.note is not None else "its note was gone in an open conflict"
    else:
        sides, because = _going(ws, twin, texts, decided)
        kept = _as_they_are(twin, sides)
    if not kept:
        return
    _ensure(ws, twin, texts)
    trash.put(twin.artifact, because, (), kept, {path: _after(twin, texts, path) for path, _ in kept})


def _going(ws: Workspace, twin: Twin, texts: Texts, decided: bool) -> tuple[list[str], str]:
    """The twins of which something goes that stands nowhere else, and why."""
    if decided and (texts.note is not None or texts.file is not None):
        return ["note", "artifact file"], "as it was before a conflict was decided"
    sides = _losing(twin, texts)
    because = f"as it was before items left its {listed(sides)}"
    if texts.note is not None and _alone_shows_conflict(ws, twin):
        # Once the file is gone, or another stands there, what it said in an open conflict stands in the note's box.
        return ["note", *(side for side in sides if side != "note")], "as it was before its conflict ended"
    if not sides and _drops_other(twin, texts):
        return ["artifact file"], "as it was before another note ended its conflict"
    return sides, because


def _drops_other(twin: Twin, texts: Texts) -> bool:
    """The file tells of a conflict what a note said that is not this one, and nothing else remembers it."""
    value = twin.file.value if twin.file is not None else None
    if twin.base is not None or texts.file is None or twin.reading is None:
        return False
    opened = [left for left in conflicts.from_artifact(value or {}) if left.from_ == "note" and left.other is not None]
    return any(left.other != look(twin.reading.value, left.pointer) for left in opened)


def _alone_shows_conflict(ws: Workspace, twin: Twin) -> bool:
    """The note shows a conflict of which its artifact file tells nothing."""
    value = twin.file.value if twin.file is not None else None
    told = {left.pointer for left in conflicts.from_artifact(value or {})}
    shown = conflicts.find(twin.page.text, ws.dialect.name) if twin.page is not None else ()
    return any(one.pointer not in told for one in shown)


def keep_replaced(ws: Workspace, trash: Trash, twin: Twin) -> None:
    """Another note takes the place of one that is gone, be it a copy or the same one, moved and edited."""
    if twin.base is None or twin.page is None or twin.page.path == twin.base.note_path:
        return
    last = ws.state.last_note(twin.artifact) or ""
    if not set(last.split("\n")) <= set(twin.page.text.split("\n")):
        kept = [(twin.base.note_path, last.encode("utf-8", "surrogatepass"))]
        trash.put(twin.artifact, "another note took its place", (), kept)


def _ensure(ws: Workspace, twin: Twin, texts: Texts) -> None:
    """What cannot be written is told before anything is put away, else each pass would put the same away again."""
    if texts.file is not None:
        ws.disk.ensure(twin.file_path, twin.file.digest if twin.file else None)
    if texts.note is not None:
        ws.disk.ensure(twin.note_path, twin.page.digest if twin.page else None)


def _of_lost_note(ws: Workspace, twin: Twin, texts: Texts) -> Kept:
    """What only the lost note said, and what an open conflict tells of it, once that is written over."""
    value = twin.file.value if twin.file is not None else None
    opened = [left for left in conflicts.from_artifact(value or {}) if left.from_ == "note"]
    told = texts.file is not None and any(left.other is not None for left in opened)
    if texts.note is None and not told:
        return []
    kept = last_texts(ws, twin, {twin.file_path})
    if twin.file is not None and opened:
        kept.append((twin.file_path, twin.file.text.encode("utf-8")))
    return kept


def _losing(twin: Twin, texts: Texts) -> list[str]:
    """The twins from which items go."""
    sides = []
    if texts.note is not None and twin.reading is not None and loses_items(twin.reading.value, texts.view):
        sides.append("note")
    if texts.file is not None and twin.file is not None and loses_items(twin.file.value, _value(texts)):
        sides.append("artifact file")
    return sides


def _value(texts: Texts) -> Value:
    """What the artifact file will say."""
    assert texts.file is not None
    if texts.value is not None and not texts.conflicts:
        return texts.value
    value: Value = json.loads(texts.file)
    return value


def _as_they_are(twin: Twin, sides: Collection[str]) -> Kept:
    kept: Kept = []
    if "note" in sides and twin.page is not None:
        kept.append((twin.note_path, twin.page.text.encode("utf-8", "surrogatepass")))
    if "artifact file" in sides and twin.file is not None:
        kept.append((twin.file_path, twin.file.text.encode("utf-8")))
    return kept


def _after(twin: Twin, texts: Texts, path: str) -> str:
    """Digest of what will stand at a path."""
    new, old = (texts.file, twin.file) if path == twin.file_path else (texts.note, twin.page)
    if new is not None:
        return digest(new.encode("utf-8", "surrogatepass"))
    return old.digest if old else ""
