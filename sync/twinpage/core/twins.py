"""Whether the two twins of an artifact say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twinpage.core.artifact_text import canonical
from twinpage.core.fields import item_key
from twinpage.core.pointers import look, parts
from twinpage.core.schema.words import path_words
from twinpage.core.vault.vault import Note
from twinpage.core.wording import label_in_text
from twinpage.model.kind import Field, Kind, Shape, Value


def differences(kind: Kind, note: Note, file_value: Value) -> tuple[str, ...]:
    """Pointers at which a note that was read differs from the artifact file, in schema order.

    Only what the note expresses is compared; without a ``name`` property its title is the name. What is held, and what
    is an open conflict already, is left out: other flags tell of it.
    """
    if note.reading is None:
        return ()
    expressed = {"name": note.title, **note.reading.value}
    held = [*note.reading.held, *_open_conflicts(file_value)]
    held += [problem.pointer for problem in note.problems if problem.holds]
    if "" in held:
        return ()
    found = list(_of_object(kind.shape, expressed, file_value, ""))
    if found:
        found = list(_of_object(kind.shape, expressed, canonical(file_value, kind), ""))
    return tuple(pointer for pointer in found if not any(f"{pointer}/".startswith(f"{at}/") for at in held))


def place_words(kind: Kind, value: Value, pointer: str) -> str:
    """A place as people say it: ``emotion of stage Trial week``."""
    path: list[str | int] = []
    held: Any = value
    for part in parts(pointer):
        step = next((at for at, item in enumerate(held) if item_key(item, at) == part), part) if _keys(held) else part
        path.append(step)
        held = look(held, f"/{part}")
    return label_in_text(path_words(path, value, kind))


def _of_object(shape: Shape, expressed: Value, stored: Value, at: str) -> Iterator[str]:
    for field in shape.fields:
        if field.name in expressed:
            yield from _of_field(field, expressed[field.name], stored.get(field.name), f"{at}/{field.name}")


def _of_field(field: Field, expressed: Any, stored: Any, at: str) -> Iterator[str]:
    if expressed == stored:
        return
    if field.shape is not None and isinstance(expressed, dict) and isinstance(stored, dict):
        yield from _of_object(field.shape, expressed, stored, at)
    elif field.shape is not None and _same_items(expressed, stored):
        for position, (item, other) in enumerate(zip(expressed, stored, strict=True)):
            yield from _of_object(field.shape, item, other, f"{at}/{item_key(item, position)}")
    elif not (field.unordered and _same_set(expressed, stored)):
        yield at


def _same_items(expressed: Any, stored: Any) -> bool:
    return _keys(expressed) is not None and _keys(expressed) == _keys(stored)


def _keys(items: Any) -> list[str] | None:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    return [item_key(item, position) for position, item in enumerate(items)]


def _same_set(expressed: Any, stored: Any) -> bool:
    both = isinstance(expressed, list) and isinstance(stored, list)
    return both and sorted(map(str, expressed)) == sorted(map(str, stored))


def _open_conflicts(value: Value) -> list[str]:
    conflicts = value.get("conflicts")
    entries = conflicts if isinstance(conflicts, list) else ()
    return [str(entry.get("pointer", "")) for entry in entries if isinstance(entry, dict)]
