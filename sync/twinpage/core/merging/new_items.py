"""Items that the other side has made, as far as a note's own items may be the same: by name alone."""

from __future__ import annotations

from twinpage.model.kind import Shape, Value


def with_new_items(known: Value, other: Value, shape: Shape) -> Value:
    """What a note's items are matched with, together with the bare names of the items that only ``other`` has.

    Else an item that is in both sides and not in what they agreed on would be taken for one that was renamed. Nothing
    but a name is lent: for what somebody renamed they are no candidates.
    """
    result = known
    for field in shape.fields:
        mine, theirs, inner = known.get(field.name), other.get(field.name), field.shape
        if inner is None or mine == theirs:
            continue
        made: object = mine
        if isinstance(mine, dict) and isinstance(theirs, dict):
            made = with_new_items(mine, theirs, inner)
        elif isinstance(theirs, list) and inner.identified and inner.title is not None:
            made = _list(mine if isinstance(mine, list) else [], theirs, inner, inner.title.name)
        if made is not mine:
            result = {**result, field.name: made}
    return result


def _list(mine: list[object], theirs: list[object], shape: Shape, title: str) -> list[object]:
    others = {item["id"]: item for item in theirs if isinstance(item, dict) and isinstance(item.get("id"), str)}
    ids = [item.get("id") if isinstance(item, dict) else None for item in mine]
    made = [
        with_new_items(item, others[own], shape) if isinstance(item, dict) and own in others else item
        for item, own in zip(mine, ids, strict=True)
    ]
    at, names = 0, {item.get(title) for item in mine if isinstance(item, dict)}
    for own, item in others.items():
        name = item.get(title)
        if own in ids:
            at = ids.index(own) + 1
        elif isinstance(name, str) and name not in names:  # what is called so already keeps its id
            made.insert(at, {"id": own, title: name})
            ids.insert(at, own)
            at += 1
    return made
