"""Three versions of one artifact file as texts, merged by what they say instead of by their lines."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from twinpage.core import pointers
from twinpage.core.artifact_text import read, write
from twinpage.core.choosing.conflicts import Open
from twinpage.core.merging.branches import Joined, Versions, join, with_open
from twinpage.core.schema.registry import Registry
from twinpage.errors import Unwritable
from twinpage.model.conflict import Conflict
from twinpage.model.kind import Kind, Value

OURS = "ours"
"""Where the field holds what the other branch says, since nothing of ours is left there."""


class Three(Struct, frozen=True):
    """Base, ours, theirs as they were read. ``base`` is empty where both branches added the file."""

    base: str
    ours: str
    theirs: str

    @property
    def settled(self) -> str | None:
        """The answer where at most one side changed."""
        if self.ours == self.theirs or self.theirs == self.base:
            return self.ours
        return self.theirs if self.ours == self.base else None


class MergedText(Struct, frozen=True):
    """What came of it. Only a merge without clashes and doubts is done."""

    text: str
    artifact: str = ""
    clashes: tuple[Open, ...] = ()
    told: tuple[str, ...] = ()
    """What clashes, as clauses."""
    doubts: tuple[str, ...] = ()
    """Why somebody has to look at it besides, as sentences."""

    @property
    def clean(self) -> bool:
        return not self.clashes and not self.doubts


def merge_files(three: Three, registry: Registry, label: str) -> MergedText | None:
    """Artifact files by fields and ids; None where this is no artifact of a known kind.

    ``label``: what git calls the other branch, where it tells. Raises Unwritable where a side cannot be read.
    """
    sources = [read("", text) for text in (three.ours, three.theirs)]
    ours, theirs = (source.value for source in sources)
    if ours is None or theirs is None:
        problem = next(source.problems[0] for source in sources if source.value is None)
        raise Unwritable(f"The {'other' if ours is not None else 'own'} version cannot be read: {problem.message}")
    kind = registry.kind(str(ours.get("kind", "")))
    if kind is None:
        return None
    base = read("", three.base).value if three.base.strip() else None
    artifact = renamed_to(*(str((value or {}).get("id", "")) for value in (base, ours, theirs)))
    if theirs.get("kind") != kind.name or artifact is None:
        raise Unwritable("The two versions are not the same artifact.")
    before = {**base, "id": artifact} if base is not None else None
    joined = join(Versions(before, {**ours, "id": artifact}, {**theirs, "id": artifact}), kind)
    value, opens = opened(joined, label)
    value = with_open(value, tuple(Conflict(o.pointer, o.base, None, o.other) for o in opens if o.from_ != OURS), label)
    value = with_open(value, tuple(Conflict(o.pointer, o.base, None, o.other) for o in opens if o.from_ == OURS), OURS)
    faults = [problem for problem in registry.validate(value, kind) if problem.holds]
    doubts = tuple(f"What came of it is against its schema: {fault.message}" for fault in faults[:1])
    same = next((text for text, side in ((three.ours, ours), (three.theirs, theirs)) if side == value), None)
    text = same if same is not None else _written_as(three.ours, write(value, kind))
    return MergedText(text, artifact, opens, clauses(opens, kind, value), doubts)


def renamed_to(base: str, ours: str, theirs: str) -> str | None:
    """The id of what comes of a merge: the new one where one side alone has another than before. None: of two."""
    if ours == theirs or not ours or not theirs:
        return ours if ours == theirs else None
    return theirs if ours == base else ours if theirs == base else None


def clauses(opens: tuple[Open, ...], kind: Kind, value: Value) -> tuple[str, ...]:
    """See ``clash_words``."""
    if not opens:
        return ()
    from twinpage.core.merging.clash_words import clash_words  # most merges are clean, and it takes its time to load

    return clash_words(opens, kind, value)


def opened(joined: Joined, label: str) -> tuple[Value, tuple[Open, ...]]:
    """The merged value and what clashes. What one side removed and the other edited stays as it was edited."""
    value = joined.value
    opens: list[Open] = []
    for clash in joined.clashes:
        if clash.note is None:
            value = pointers.put(value, clash.pointer, clash.file, joined.sides[1])
            opens.append(Open(clash.pointer, clash.base, None, OURS))
        else:
            opens.append(Open(clash.pointer, clash.base, clash.file, label))
    return value, tuple(opens)


def changed_fields(before: Iterable[str], after: str) -> tuple[str, ...]:
    """Names of the fields in which an artifact file differs from each of these texts."""
    now = read("", after).value or {}
    found: dict[str, None] = {}
    for text in before:
        was = read("", text).value or {}
        found |= {name: None for name in [*now, *was] if now.get(name) != was.get(name) and name != "conflicts"}
    return tuple(found)


def _written_as(like: str, text: str) -> str:
    """A new text with the byte order mark, line ends and last line end of another."""
    if not like.endswith("\n"):
        text = text.removesuffix("\n")
    if "\r\n" in like:
        text = text.replace("\n", "\r\n")
    return f"\ufeff{text}" if like.startswith("\ufeff") else text
