"""One form for what means the same: text trimmed, nothing empty, keys in the schema's order."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from twinpage.model.kind import Kind, Shape, Value
from twinpage.model.text import canonical as canonical_text

_KEEP, _TEXT, _NUMBER, _LINES, _ITEMS, _RECORD, _FREE = range(7)
_HOW = {"line": _TEXT, "text": _TEXT, "reference": _TEXT, "integer": _NUMBER, "number": _NUMBER, "boolean": _KEEP}
_HOW |= {"lines": _LINES, "items": _ITEMS, "record": _RECORD, "opaque": _FREE}

_Plan = dict[str, tuple[int, int, Shape | None]]
"""Key -> its place in the order, what to do with its value, the shape of what it holds."""


@lru_cache(1024)
def _plan(shape: Shape) -> _Plan:
    identity = [name for name in ("kind", "id", "schema") if name not in shape.by_name]
    plan: _Plan = {name: (place, _KEEP, None) for place, name in enumerate(identity)}
    for f in shape.fields:
        how = _FREE if f.place == "hidden" else _HOW[f.type]
        plan[f.name] = (len(plan), how, f.shape)
    return plan


def canonical(value: Value, kind: Kind) -> Value:
    """The value as it is compared and written. Values of a wrong type stay as they are, for the schema to complain.

    Works on a whole artifact and on a view alike; ``canonical(canonical(v, k), k) == canonical(v, k)``.
    """
    return _object(value, kind.shape)


def ordered(value: Value, kind: Kind) -> Value:
    """The same content with its keys in the schema's order at every level, unknown keys behind."""
    return _arranged(value, kind.shape)


def _object(value: Value, shape: Shape) -> Value:
    plan = _plan(shape)
    unknown = (len(plan), _FREE, None)
    result: Value = {}
    last, in_order = -1, True
    for name, part in value.items():
        place, how, inner = plan.get(name, unknown)
        if type(part) is str:
            if how != _FREE:
                part = canonical_text(part)
            if not part:
                continue
        elif type(part) is list or type(part) is dict:
            part = _part(part, how, inner)
            if not part:
                continue
        elif how == _NUMBER and type(part) is float:
            part = _number(part)
        if place < last:
            in_order = False
        last = place
        result[name] = part
    return result if in_order else _sorted(result, plan)


def _part(part: Any, how: int, inner: Shape | None) -> Any:
    if how == _FREE:
        return part if inner is None else _arranged_part(part, inner)
    if isinstance(part, list):
        return _list(part, how, inner)
    return _object(part, inner) if how == _RECORD and inner else part


def _list(part: list[Any], how: int, inner: Shape | None) -> list[Any]:
    if how == _ITEMS and inner:
        items = [_object(item, inner) if isinstance(item, dict) else item for item in part]
        return [item for item in items if item != {}]
    if how == _LINES:
        elements = [canonical_text(e) if isinstance(e, str) else e for e in part]
        return [_number(e) if isinstance(e, float) else e for e in elements if e != ""]
    return part


def _number(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) <= 2**53 else number


def _sorted(value: Value, plan: _Plan) -> Value:
    unknown = (len(plan), 0, None)
    return {name: value[name] for name in sorted(value, key=lambda n: plan.get(n, unknown)[0])}


def _arranged(value: Value, shape: Shape) -> Value:
    plan = _plan(shape)
    result: Value = {}
    last, in_order = -1, True
    for name, part in value.items():
        place, _, inner = plan.get(name) or (len(plan), _FREE, None)
        if inner is not None:
            part = _arranged_part(part, inner)
        in_order = in_order and place >= last
        last = place
        result[name] = part
    return result if in_order else _sorted(result, plan)


def _arranged_part(part: Any, shape: Shape) -> Any:
    if isinstance(part, dict):
        return _arranged(part, shape)
    if isinstance(part, list):
        return [_arranged(item, shape) if isinstance(item, dict) else item for item in part]
    return part
