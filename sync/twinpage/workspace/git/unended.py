"""What `check` says of a merge that is not ended, and of a conflict that git's index has and the disk no more."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from twinpage.core.artifact_text import read_bytes
from twinpage.core.choosing.conflicts import find, from_artifact
from twinpage.core.wording import some
from twinpage.edge.disk import Disk
from twinpage.edge.git.staging import add_command
from twinpage.edge.git.unmerged import unmerged
from twinpage.edge.states.state_index import StateIndex
from twinpage.errors import OutsideVault
from twinpage.model.flag import Flag
from twinpage.model.plain import plain_line
from twinpage.workspace.ground import Ground
from twinpage.workspace.look import artifact_path


def unended_merge(ground: Ground) -> str:
    """A sentence that names the twins which git has not merged; empty where there are none."""
    facts = {path: ground.state.file(path) for path in sorted(unmerged(ground.root))}
    waiting = [plain_line(path) for path, known in facts.items() if known is not None and known.artifact]
    if not waiting:
        return ""
    what = f"A merge of git is not ended: git waits for {some(waiting)}."
    return f"{what} `twinpage conflicts` tells what is left to decide."


def as_staged(ground: Ground, flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """The flags of what is staged, with what is to be staged where the disk is further."""
    says = {"TP501": _with_both_staged, "TP901": _told}
    return tuple(says[flag.code](ground, flag) if flag.code in says else flag for flag in flags)


def _with_both_staged(ground: Ground, flag: Flag) -> Flag:
    card = StateIndex(ground.state).card(flag.artifact)
    paths = [card.note_path, card.path] if card and card.note_path and card.path else []
    if not paths or not flag.message.endswith(_SYNC):
        return flag
    both = plain_line(add_command(ground.root, paths))
    return replace(flag, message=f"{flag.message.removesuffix(_SYNC)}Run `twinpage sync`, then stage both: `{both}`.")


_SYNC = "Run `twinpage sync`."


def _told(ground: Ground, flag: Flag) -> Flag:
    card = StateIndex(ground.state).card(flag.artifact)
    file, note = artifact_path(flag.artifact), card.note_path if card else ""
    disk = Disk(ground.root)
    try:
        open_ = _open_on_disk(disk, file, note, ground.dialect_name)
    finally:
        disk.close()
    if open_ is None or flag.pointer in open_:
        return flag
    what = flag.message.partition(". Run `")[0]
    add = plain_line(add_command(ground.root, [path for path in (note, file) if path]))
    return replace(flag, message=f"{what}. On the disk that is decided, but it is not staged: `{add}`.")


def _open_on_disk(disk: Disk, file: str, note: str, dialect: str) -> set[str] | None:
    """Pointers of the conflicts that the twins on the disk have; None when that cannot be told."""
    texts = []
    for path in (file, note):
        try:
            texts.append(disk.read(path) if path else b"")
        except FileNotFoundError:
            texts.append(b"")
        except (OSError, OutsideVault):
            return None
    value = read_bytes(file, texts[0]).value if texts[0] else {}
    if value is None:
        return None
    shown = find(texts[1].decode("utf-8", "replace"), dialect)
    return {left.pointer for left in from_artifact(value)} | {found.pointer for found in shown}
