"""Two values of one artifact, compared by field and by item id. Whatever differs is told: nothing is silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from twinpage.core import pointers
from twinpage.core.model_diff.sequences import item_id, pair, same
from twinpage.core.schema.words import singular
from twinpage.core.twins import place_words
from twinpage.core.wording import label_in_text, words
from twinpage.model.difference import Action, Difference
from twinpage.model.kind import Field, Kind, Shape, Value

Names = Callable[[str], str]
"""What an artifact is called, by its id; the id itself where nobody knows."""

_MOST_MOVES = 3
"""Above it, the new order is told as a whole."""
_NO_SHAPE = Shape()


def compare(
    old: Value | None,
    new: Value | None,
    kind: Kind | None,
    names: Names = str,
    renames: Mapping[str, str] | None = None,
) -> tuple[Difference, ...]:
    """What makes the old value the new one, in the order of the schema. Empty exactly where both are the same.

    None: there is no such artifact. ``kind`` is None where nobody knows it: fields are told by their keys then.
    ``renames``: old id -> new id of artifacts, by which a reference that only followed one is known.
    """
    if old is None or new is None:
        return _whole(old, new, kind)
    if same(old, new):
        return ()
    found = _Comparison(names, renames or {}, kind, old, new)
    found.fields(old, new, kind.shape if kind else _NO_SHAPE, _Place())
    return tuple(found.differences)


def called(item: Any, shape: Shape | None = None) -> str:
    """What an item is called: its title or name, else its id, else nothing."""
    if not isinstance(item, dict):
        return item if isinstance(item, str) else ""
    keys = [shape.title.name] if shape and shape.title else []
    candidates = [item.get(key) for key in (*keys, "name", "title", "code", "pointer", "id")]
    return next((text for text in candidates if isinstance(text, str) and text.strip()), "")


class _Place(Struct, frozen=True):
    pointer: str = ""
    within: tuple[str, ...] = ()

    def at(self, part: str | int) -> _Place:
        return _Place(pointers.join(self.pointer, part), self.within)

    def inside(self, name: str) -> _Place:
        return _Place(self.pointer, (*self.within, name))


def _whole(old: Value | None, new: Value | None, kind: Kind | None) -> tuple[Difference, ...]:
    there = new if new is not None else old
    if there is None:
        return ()
    label = label_in_text(kind.title) if kind else words(str(there.get("kind", "artifact")))
    action: Action = "removed" if new is None else "added"
    return (Difference(action, "artifact", "", label, called(there), old, new),)


@dataclass
class _Comparison:
    names: Names
    renames: Mapping[str, str]
    kind: Kind | None
    old: Value
    new: Value
    differences: list[Difference] = field(default_factory=list)

    def fields(self, old: Value, new: Value, shape: Shape, place: _Place) -> None:
        differing = {*(old.keys() ^ new.keys()), *(n for n in old.keys() & new.keys() if not same(old[n], new[n]))}
        known = (f.name for f in shape.fields)
        for name in dict.fromkeys(n for n in ("kind", "id", "schema", *known, *new, *old) if n in differing):
            if name in old and name in new:
                self._field(name, old[name], new[name], shape, place)
            else:
                self._one_sided(name, old, new, shape, place)

    def place(self, pointer: object) -> str:
        """A place in the artifact as people say it, by the names of the side that has it; empty where nobody can."""
        if self.kind is None or not isinstance(pointer, str) or not pointer:
            return ""
        there = self.new if pointers.look(self.new, pointer) is not None else self.old
        return place_words(self.kind, there, pointer)

    def _one_sided(self, name: str, old: Value, new: Value, shape: Shape, place: _Place) -> None:
        """A field that one side lacks: of a list each element is told."""
        action: Action = "added" if name in new else "removed"
        part = new[name] if name in new else old[name]
        how = shape.by_name.get(name)
        if isinstance(part, list) and part:
            self._list(name, old.get(name, []), new.get(name, []), how, place)
            return
        made = _of_field(action, name, old.get(name), new.get(name), how, place.at(name))
        self.differences.append(self._with_names(made, how))

    def _field(self, name: str, old: Any, new: Any, shape: Shape, place: _Place) -> None:
        how = shape.by_name.get(name)
        here = place.at(name)
        if isinstance(old, list) and isinstance(new, list):
            self._list(name, old, new, how, place)
        elif isinstance(old, dict) and isinstance(new, dict):
            label = label_in_text(how.label) if how else words(name)
            self.fields(old, new, (how and how.shape) or _NO_SHAPE, here.inside(label))
        elif _is_name(name, how, shape, place) and isinstance(old, str) and isinstance(new, str):
            made = Difference("renamed", "field", here.pointer, "name", old, old, new, place.within, field=name)
            self.differences.append(made)
        else:
            text = isinstance(old, str) and isinstance(new, str) and (how.type == "text" if how else "\n" in old + new)
            made = _of_field("reworded" if text else "changed", name, old, new, how, here)
            self.differences.append(self._with_names(made, how))

    def _with_names(self, made: Difference, how: Field | None) -> Difference:
        if how is None or how.type != "reference":
            return made
        followed = isinstance(made.old, str) and isinstance(made.new, str) and self.renames.get(made.old) == made.new
        return replace(
            made,
            sort="reference",
            action="followed" if followed else made.action,
            old_name=self.names(made.old) if isinstance(made.old, str) else "",
            new_name=self.names(made.new) if isinstance(made.new, str) else "",
        )

    def _list(self, name: str, old: Sequence[Any], new: Sequence[Any], how: Field | None, place: _Place) -> None:
        _Lists(self, name, how, place, old, new).tell()


def _is_name(name: str, how: Field | None, shape: Shape, place: _Place) -> bool:
    return name == "name" if not place.pointer else how is not None and how is shape.title


def _of_field(action: Action, name: str, old: Any, new: Any, how: Field | None, here: _Place) -> Difference:
    label = label_in_text(how.label) if how else words(name)
    return Difference(action, "field", here.pointer, label, "", old, new, here.within, field=name)


class _Lists:
    """Two lists of one field."""

    def __init__(
        self,
        comparison: _Comparison,
        name: str,
        how: Field | None,
        place: _Place,
        old: Sequence[Any],
        new: Sequence[Any],
    ) -> None:
        self.comparison, self.name, self.how, self.place = comparison, name, how, place
        self.old, self.new = old, new
        self.shape = (how and how.shape) or _NO_SHAPE
        self.label = singular(label_in_text(how.label) if how else words(name))
        self.of_ids = how is not None and how.item == "reference"

    def tell(self) -> None:
        paired = pair(self.old, self.new)
        was = {now: before for before, now in paired.both}
        known = len(self.comparison.differences)
        for index in paired.removed:
            self._add("removed", self.old, index)
        moved = frozenset(paired.moved) if not self._is_set() and len(paired.moved) <= _MOST_MOVES else frozenset()
        added = frozenset(paired.added)
        for index in range(len(self.new)):
            if index in added:
                self._add("added", self.new, index)
                continue
            if index in moved:
                self._add("moved", self.new, index)
            self._compared(was[index], index)
        if paired.moved and not moved:
            here = self.place.at(self.name)
            label = label_in_text(self.how.label) if self.how else words(self.name)
            order = [self._called(element) for element in self.new]
            self._take(Difference("reordered", "field", here.pointer, label, "", list(self.old), order, here.within))
        if len(self.comparison.differences) == known:  # an empty list that came or went
            self._take(
                _of_field("changed", self.name, list(self.old), list(self.new), self.how, self.place.at(self.name))
            )

    def _is_set(self) -> bool:
        return self.how is not None and self.how.unordered

    def _add(self, action: Action, elements: Sequence[Any], index: int) -> None:
        element = elements[index]
        made = Difference(
            action,
            "item" if isinstance(element, dict) else "element",
            self._pointer(elements, index),
            self.label,
            self._called(element),
            element if action != "added" else None,
            element if action != "removed" else None,
            self.place.within,
        )
        if action != "removed" and len(elements) > 1 and not self._is_set():
            neighbour = elements[1 if index == 0 else index - 1]
            made = replace(made, beside=self._called(neighbour), first=index == 0)
        self._take(made)

    def _compared(self, before: int, now: int) -> None:
        old, new = self.old[before], self.new[now]
        if same(old, new):
            return
        pointer = self._pointer(self.new, now)
        name = self._called(old)
        if isinstance(old, dict) and isinstance(new, dict):
            if not same(old.get("id"), new.get("id")):
                ids = old.get("id"), new.get("id")
                self._take(
                    Difference("identified", "item", pointer, self.label, self._called(new), *ids, self.place.within)
                )
                old, new = ({key: part for key, part in item.items() if key != "id"} for item in (old, new))
            self.comparison.fields(
                old, new, self.shape, _Place(pointer, (*self.place.within, self._called(new) or self.label))
            )
            self._name_renames(pointer)
            return
        self._take(Difference("reworded", "element", pointer, self.label, name, old, new, self.place.within))

    def _name_renames(self, pointer: str) -> None:
        """A new name of an item is told as one of the item, not of a field in it."""
        made = self.comparison.differences
        for index in range(len(made) - 1, -1, -1):
            if made[index].action == "renamed" and made[index].pointer.rpartition("/")[0] == pointer:
                made[index] = replace(made[index], sort="item", label=self.label, within=self.place.within)
                return

    def _pointer(self, elements: Sequence[Any], index: int) -> str:
        here = self.place.at(self.name)
        return here.at(item_id(elements[index]) or index).pointer

    def _called(self, element: Any) -> str:
        if self.of_ids and isinstance(element, str):
            return self.comparison.names(element)
        if self.name == "conflicts" and not self.place.pointer and isinstance(element, dict):
            return self.comparison.place(element.get("pointer")) or called(element, self.shape)
        return called(element, self.shape)

    def _take(self, made: Difference) -> None:
        self.comparison.differences.append(replace(made, field=made.field or self.name))
