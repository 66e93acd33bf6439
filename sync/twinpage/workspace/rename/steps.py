"""A rename as a list of steps, each with the text before and after: done, taken back, and finished after a crash."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec import Struct

from twinpage.core.renaming import mentions
from twinpage.edge.disk import ARTIFACTS, Disk
from twinpage.errors import ChangedMeanwhile, NotRead, NotWritten, OutsideVault
from twinpage.model.edit import Digest, digest
from twinpage.model.flag import BASELINE
from twinpage.model.names import is_artifact_id
from twinpage.model.signoff import SIGNOFFS

FORMAT = 1
Standing = Literal["before", "after", "other"]


class Step(Struct, frozen=True):
    """One file of a rename. None: it is not there."""

    path: str
    was: str | None
    becomes: str | None

    @property
    def before(self) -> Digest | None:
        return _digest(self.was)

    @property
    def after(self) -> Digest | None:
        return _digest(self.becomes)


class Journal(Struct, frozen=True):
    """Everything that a rename does to files, and whose it is."""

    mark: str
    """Of this one rename; the state remembers it once everything is done."""
    home: str
    """Machine and folder of the vault."""
    renames: Mapping[str, str]
    referrers: tuple[str, ...]
    """Artifacts that keep their ids and name a renamed one."""
    steps: tuple[Step, ...]

    @property
    def first(self) -> tuple[str, str]:
        """What somebody asked for: the other renames follow from it."""
        return next(iter(self.renames.items()))

    @property
    def words(self) -> str:
        """Such as ``topics/a to topics/b``."""
        return " to ".join(self.first)


def _digest(text: str | None) -> Digest | None:
    return None if text is None else digest(text.encode("utf-8"))


def packed(journal: Journal) -> bytes:
    """As it lies on the disk. Raises UnicodeEncodeError for half a character."""
    steps = [
        {"path": s.path, "before": s.before, "after": s.after, "was": s.was, "becomes": s.becomes}
        for s in journal.steps
    ]
    told = {
        "format": FORMAT,
        "mark": journal.mark,
        "home": journal.home,
        "renames": dict(journal.renames),
        "referrers": journal.referrers,
        "steps": steps,
    }
    return json.dumps(told, ensure_ascii=True, indent=1).encode("ascii")


def unpacked(data: bytes | None, disk: Disk, home: str) -> Journal | None:
    """The journal, if it is whole, of this vault, and names nothing but its notes, artifact files, sign-offs and
    baseline."""
    try:
        told: Any = json.loads(data or b"")
        steps = tuple(_step(one, disk) for one in told["steps"])
        renames, referrers = told["renames"], told["referrers"]
        ids = [*renames, *renames.values(), *referrers]
        texts = isinstance(told["mark"], str) and all(isinstance(one, str) and is_artifact_id(one) for one in ids)
        ours = told["format"] == FORMAT and told["home"] == home and bool(renames) and texts
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    clear = not set(renames) & set(renames.values()) and len({step.path for step in steps}) == len(steps)
    return Journal(told["mark"], home, renames, tuple(referrers), steps) if ours and clear else None


def _step(told: Mapping[str, Any], disk: Disk) -> Step:
    step = Step(told["path"], told["was"], told["becomes"])
    if not _may_change(step.path, disk) or (step.before, step.after) != (told["before"], told["after"]):
        raise ValueError
    return step


def _may_change(path: str, disk: Disk) -> bool:
    parts = path.split("/")
    if any(part.startswith(".") or not part for part in parts):
        return False
    if parts[0] == ARTIFACTS:
        return path.endswith(".json") and is_artifact_id(path[len(ARTIFACTS) + 1 : -len(".json")])
    return path in (SIGNOFFS, BASELINE) or (path.endswith(".md") and not disk.excluded(path))


def standing(disk: Disk, step: Step) -> Standing:
    """What is on the disk now. Raises NotRead, OutsideVault."""
    try:
        now: Digest | None = digest(disk.read(step.path))
    except (FileNotFoundError, NotADirectoryError):
        now = None
    except OSError as error:
        raise NotRead(step.path, error.strerror or "the system refused") from error
    return "after" if now == step.after else "before" if now == step.before else "other"


def do(disk: Disk, step: Step, journal: Journal) -> None:
    """Carry a step out. Raises ChangedMeanwhile, NotWritten, OutsideVault; the file is as it was then."""
    _put(disk, step.path, step.before, step.becomes, f"renamed  {step.path}  ({journal.words})")


def _put(disk: Disk, path: str, expects: Digest | None, text: str | None, deed: str) -> None:
    if text is not None:
        disk.write(path, text.encode("utf-8"), expects, deed)
    elif expects is not None:
        try:
            keep_in = disk.own_folder("renamed")
        except OSError as error:
            raise NotWritten(path, error.strerror or "the system refused") from error
        disk.remove(path, expects, keep_in, deed)


def take_back(disk: Disk, steps: Iterable[Step], journal: Journal) -> list[str]:
    """Undo what still stands as the rename wrote it, last first; paths of what could not be."""
    left = []
    for step in reversed(list(steps)):
        try:
            if standing(disk, step) == "after":
                deed = f"taken back  {step.path}  (the rename of {journal.words} did not come to its end)"
                _put(disk, step.path, step.after, step.was, deed)
        except (ChangedMeanwhile, NotWritten, NotRead, OutsideVault):
            left.append(step.path)
    disk.flush()
    return left


def looks_renamed(text: str, journal: Journal) -> bool:
    """Of a file that somebody edited after a crash: it holds a new id, so the rename had reached it."""
    return mentions(text, {new: old for old, new in journal.renames.items()})
