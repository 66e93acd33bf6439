"""What is different in one artifact, in words: fields by name, items by id."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from twinpage.core.fields import is_reference
from twinpage.core.wording import label_in_text
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.review import Piece, Said

_SILENT = ("kind", "id", "schema", "name", "layout", "conflicts")
"""What is told elsewhere: the name with the artifact, conflicts as flags."""
_SHORT = 60
"""Characters of a value that is told."""
Names = Callable[[str], str]
"""What an artifact is called, by its id."""


@dataclass(frozen=True, slots=True)
class _Differing:
    """Words for one comparison of two objects."""

    names: Names
    of: tuple[Piece, ...] = ()
    """The item that is compared, with what comes before it: `` of *Awareness*``; empty for the whole artifact."""

    # ------------------------------------------------------------------ one object

    def objects(self, old: Value, new: Value, shape: Shape) -> Iterator[Said]:
        known = set()
        for field in shape.fields:
            known.add(field.name)
            if (self.of or field.name not in _SILENT) and old.get(field.name) != new.get(field.name):
                yield from self.field(field, old.get(field.name), new.get(field.name))
        for name in sorted((old.keys() | new.keys()) - known - {*_SILENT}):
            if old.get(name) != new.get(name):
                yield self._said((_words(name.replace("-", " ")), *self.of, _words(" changed")))

    def field(self, field: Field, old: Any, new: Any) -> Iterator[Said]:
        label, shape = label_in_text(field.label), field.shape
        if shape is not None and shape.identified and _are_items(old) and _are_items(new):
            yield from self.items(field, shape, old or [], new or [])
        elif shape is not None and field.type == "record" and isinstance(old, dict) and isinstance(new, dict):
            yield from _Differing(self.names, (*self.of, _words(f" of {label}"))).objects(old, new, shape)
        elif field.type == "lines" and isinstance(old or [], list) and isinstance(new or [], list):
            yield self._lines(field, label, old or [], new or [])
        elif field.type == "text" and isinstance(old, str) and isinstance(new, str):
            yield self._said((_words(label), *self.of, _words(" reworded")), old, new)
        elif old is None or new is None:
            verb = " added" if old is None else " removed"
            yield self._said((_words(label), *self.of, _words(verb), *self._what(field, old if new is None else new)))
        else:
            yield self._said((_words(label), *self.of, *self._instead(field, old, new)))

    def _instead(self, field: Field, old: Any, new: Any) -> tuple[Piece, ...]:
        before, after = self._shown(field, old), self._shown(field, new)
        if not before[0] or not after[0]:
            return (_words(" changed"),)
        return _words(" is now "), after, _words(", before "), before

    def _what(self, field: Field, value: Any) -> tuple[Piece, ...]:
        shown = self._shown(field, value)
        return (_words(": "), shown) if shown[0] and field.type != "text" else ()

    def _lines(self, field: Field, label: str, old: Sequence[Any], new: Sequence[Any]) -> Said:
        came = [part for part in new if part not in old]
        went = [part for part in old if part not in new]
        told: list[Piece] = []
        for verb, parts in (("added", came), ("removed", went)):
            shown = [self._shown(field, part) for part in parts[:3]]
            if all(text for text, _ in shown) and 0 < len(parts) <= 3:
                for number, piece in enumerate(shown):
                    told += [_words(", " if number else " and " if told else ""), piece]
                told.append(_words(f" {verb}"))
            elif parts:
                told.append(_words(f"{' and ' if told else ''}{len(parts)} {verb}"))
        if not told:
            told = [_words("in another order")]
        return self._said((_words(label), *self.of, _words(": "), *told))

    def _shown(self, field: Field, value: Any) -> Piece:
        """A value that fits into a sentence; empty for one that does not."""
        if isinstance(value, bool):
            return _words("yes" if value else "no")
        if isinstance(value, int | float):
            return _words(str(value))
        if not isinstance(value, str) or len(value) > _SHORT or "\n" in value:
            return _words("")
        return self.names(value) if is_reference(field) else value, True

    def _said(self, pieces: Sequence[Piece], was: str = "", now: str = "") -> Said:
        return Said(tuple(piece for piece in pieces if piece[0]), was, now)

    # ------------------------------------------------------------------ lists of items

    def items(self, field: Field, shape: Shape, old: list[Value], new: list[Value]) -> Iterator[Said]:
        """Came, went, was renamed, moved, and what is different inside."""
        word = _words(f"{singular(label_in_text(field.label))} ")
        pairs = _paired(old, new, shape)
        before = {id(now): was for was, now in pairs}
        place = {id(was): number for number, was in enumerate(old)}
        kept = [item for item in new if id(item) in before]
        out = _moved([place[id(before[id(item)])] for item in kept])
        elsewhere = {id(item) for item, is_out in zip(kept, out, strict=True) if is_out}
        for number, item in enumerate(new):
            was, title, behind = before.get(id(item)), _title(item, shape), _behind(new, number, shape)
            if was is None:
                where = (_words(" to "), self.of[-1]) if self.of else behind
                yield self._said((word, title, _words(" added"), *where))
                continue
            if _title(was, shape) != title:
                yield self._said((word, _title(was, shape), *self.of, _words(" renamed to "), title))
            if id(item) in elsewhere:
                yield self._said((word, title, *self.of, _words(" moved"), *behind))
            yield from self._inside(was, item, shape, title)
        there = {id(was) for was, _ in pairs}
        for item in old:
            if id(item) not in there:
                yield self._said((word, _title(item, shape), _words(" removed"), *self._from))

    @property
    def _from(self) -> tuple[Piece, ...]:
        return (_words(" from "), self.of[-1]) if self.of and self.of[-1][1] else self.of

    def _inside(self, old: Value, new: Value, shape: Shape, title: Piece) -> Iterator[Said]:
        body, name = shape.body, shape.title
        skipped = {field.name for field in (body, name) if field is not None} | {"id"}
        if body is not None:
            before, after = old.get(body.name), new.get(body.name)
            if isinstance(before, str) and isinstance(after, str) and before != after:
                yield self._said((title, *self.of, _words(" reworded")), before, after)
            elif before != after:
                verb = " got a text" if before is None else " lost its text" if after is None else " changed"
                yield self._said((title, *self.of, _words(verb)))
        inner = _Differing(self.names, (_words(" of "), title))
        was, now = ({key: part for key, part in value.items() if key not in skipped} for value in (old, new))
        yield from inner.objects(was, now, shape)


def differences(old: Value, new: Value, kind: Kind, names: Names) -> tuple[Said, ...]:
    """Everything that is different but for id and name, in the order of the schema. Both values in canonical form.

    ``names``: what an artifact is called, by its id.
    """
    return tuple(_Differing(names).objects(old, new, kind.shape))


def singular(word: str) -> str:
    """``stage``, ``strategy``, ``KPI``."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")


def _words(text: str) -> Piece:
    return text, False


def _title(item: Value, shape: Shape) -> Piece:
    said = item.get(shape.title.name) if shape.title else None
    return str(said or item.get("id") or ""), True


def _behind(items: Sequence[Value], place: int, shape: Shape) -> tuple[Piece, ...]:
    if not place:
        return (_words(" at the beginning"),) if len(items) > 1 else ()
    return _words(" after "), _title(items[place - 1], shape)


def _are_items(found: Any) -> bool:
    return found is None or (isinstance(found, list) and all(isinstance(item, dict) for item in found))


def _paired(old: list[Value], new: list[Value], shape: Shape) -> list[tuple[Value, Value]]:
    """Items that are the same: by id, else, of those that are left, by all that they say but for id and title."""
    by_id = {item["id"]: item for item in old if isinstance(item.get("id"), str)}
    pairs = [(by_id.pop(item["id"]), item) for item in new if item.get("id") in by_id]
    paired = {id(item) for pair in pairs for item in pair}
    left = [item for item in old if id(item) not in paired]
    hidden = {"id", shape.title.name if shape.title else ""}
    for item in new:
        content = {key: part for key, part in item.items() if key not in hidden}
        if id(item) in paired or not content:
            continue
        for other in left:
            if {key: part for key, part in other.items() if key not in hidden} == content:
                left.remove(other)
                pairs.append((other, item))
                break
    return pairs


def _moved(order: Sequence[int]) -> list[bool]:
    """Which of these stand elsewhere: all but the longest run that kept its order."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, place in enumerate(order):
        at = bisect_left(tails, place)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [place]
        ends[at : at + 1] = [number]
    kept = set()
    last = ends[-1] if ends else -1
    while last >= 0:
        kept.add(last)
        last = before[last]
    return [number not in kept for number in range(len(order))]
