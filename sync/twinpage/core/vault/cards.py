"""Index cards made from an artifact's value."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from twinpage.core.vault.vault import Card
from twinpage.model.kind import Kind, Shape, Value


def card_of(artifact: str, value: Value, kind: Kind | None, path: str, note_path: str = "", title: str = "") -> Card:
    """The card of an artifact with this value, as far as its fields have the right types."""
    return Card(
        id=artifact,
        kind=_line(value, "kind") or (kind.name if kind else ""),
        name=_line(value, "name") or title or artifact.rpartition("/")[2],
        path=path,
        note_path=note_path,
        title=title,
        case=_line(value, "case"),
        status=_line(value, "status"),
        example=value.get("example") is True,
        aliases=tuple(_lines(value.get("aliases"))),
        references=tuple(dict.fromkeys(_references(value, kind.shape))) if kind else (),
        metamodel_id=_line(value, "metamodel-id"),
        stages=_stages(value.get("stages")),
    )


def bare_card(artifact: str, kind: str, path: str) -> Card:
    """A card for an artifact of which nothing can be read yet."""
    return card_of(artifact, {"kind": kind}, None, path)


def at_note(card: Card, note_path: str, title: str) -> Card:
    """The same card with its note there."""
    if card.note_path == note_path and card.title == title:
        return card
    return replace(card, note_path=note_path, title=title)


def _stages(found: object) -> tuple[int, int]:
    stages = [stage for stage in found if isinstance(stage, dict)] if isinstance(found, list) else []
    return len(stages), sum(bool(stage.get("touchpoints")) for stage in stages)


def _line(value: Value, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (element for element in value if isinstance(element, str))


def _references(value: object, shape: Shape) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    for name, found in value.items():
        field = shape.by_name.get(name)
        if field is None:
            continue
        if field.type == "reference" and isinstance(found, str):
            yield name, found
        elif field.type == "lines" and field.item == "reference":
            yield from ((name, target) for target in _lines(found))
        elif field.shape is not None and _refers(field.shape):
            for element in found if isinstance(found, list) else [found]:
                yield from _references(element, field.shape)


_REFERRING: dict[int, tuple[Shape, bool]] = {}


def _refers(shape: Shape) -> bool:
    """Some field of this shape, or of a shape inside it, is a reference. Asked once a shape."""
    known = _REFERRING.get(id(shape))
    if known is None:
        _REFERRING[id(shape)] = (shape, False)  # what contains itself refers only if something else in it does
        answer = any(
            f.type == "reference" or (f.type == "lines" and f.item == "reference") or (f.shape and _refers(f.shape))
            for f in shape.fields
        )
        known = _REFERRING[id(shape)] = (shape, answer)
    return known[1]
