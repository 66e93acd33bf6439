"""Whether a value is what its kind allows: one validator says yes or no at once, another one explains a no."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from twinpage.core.pointers import join
from twinpage.core.schema.names import SchemaName, read_schema_name
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.problem import Problem

if TYPE_CHECKING:
    from twinpage.core.schema.words import Complaint

MAX_COMPLAINTS = 100
"""More is not read by anybody."""

Schema = Mapping[str, Any]


class Validator:
    """The verdict and the explanation for one kind. ``library``: the schemas by ``$id`` that a ``$ref`` may name."""

    def __init__(self, kind: Kind, library: Mapping[str, Schema] | None = None) -> None:
        self.kind = kind
        self.library = {address: dict(schema) for address, schema in (library or {}).items() if address}
        self._verdict: Callable[[Value], bool] | None = None

    def accepts(self, value: Value) -> bool:
        """The schema's verdict alone; versions and doubled ids are not looked at."""
        if self._verdict is None:
            self._verdict = _quick(self.kind.schema, self.library)
        return self._verdict(value)

    def problems(self, value: Value) -> tuple[Problem, ...]:
        """What is wrong with a whole artifact: TP101, TP120 (older version), TP121 (newer or unknown schema).

        Pointers name items by id, and a missing field by the place that it would have. Offsets are 0: only the caller
        knows the text. All hold but TP120.
        """
        current = SchemaName(self.kind.name, _version(self.kind))
        stated = read_schema_name(value.get("schema"))
        if stated is not None and (stated.kind != current.kind or stated.version > current.version):
            return (_unknown(stated, current),)
        found = [_behind(stated, current)] if stated is not None and stated != current else []
        judged = {**value, "schema": str(current)} if found else value
        if not self.accepts(judged):
            found += [Problem("TP101", 0, c.message, c.pointer, holds=True) for c in self._complaints(judged)]
        return (*found, *_doubles(value, self.kind.shape)) if found or _has_doubles(value) else ()

    def _complaints(self, value: Value) -> list[Complaint]:
        from twinpage.core.schema.words import Complaint, sentence  # only what is refused needs words

        by_pointer: dict[str, Complaint] = {}
        for error in islice(_explain(self.kind.schema, self.library, value), MAX_COMPLAINTS):
            for complaint in sentence(error, value, self.kind):
                known = by_pointer.get(complaint.pointer)
                if known is None or complaint.rank < known.rank:
                    by_pointer[complaint.pointer] = complaint
        return list(by_pointer.values()) or [Complaint("", _UNEXPLAINED.format(self.kind.name))]


_UNEXPLAINED = "This does not fit its schema. Compare it with what `twinpage kinds {}` shows."


def _version(kind: Kind) -> tuple[int, int]:
    name = read_schema_name(kind.schema_name)
    return name.version if name else (1, 0)


def _unknown(stated: SchemaName, current: SchemaName) -> Problem:
    if stated.kind != current.kind:
        message = f"The schema is {stated}, but this is of the kind {current.kind}. Write {current}."
    else:
        message = (
            f"The schema {stated} is newer than {current}, the newest known here. Update twinpage to work with it."
        )
    return Problem("TP121", 0, message, "/schema", holds=True)


def _behind(stated: SchemaName, current: SchemaName) -> Problem:
    message = f"This was written for {stated}; {current} is current. Bring it up to date with `twinpage check --fix`."
    return Problem("TP120", 0, message, "/schema")


def _has_doubles(value: Any) -> bool:
    """Some list, whatever it is for, has two items of one id: worth a closer look."""
    ahead = [value]
    while ahead:
        held = ahead.pop()
        if type(held) is dict:
            ahead += [part for part in held.values() if type(part) is list or type(part) is dict]
            continue
        items = [part for part in held if type(part) is dict]
        ids = [item["id"] for item in items if type(item.get("id")) is str]
        if len(set(ids)) < len(ids):
            return True
        ahead += items
    return False


def _doubles(value: Value, shape: Shape, pointer: str = "") -> Iterator[Problem]:
    """Items of one list with the same id: nobody could tell which one a note or a conflict means."""
    for name, part in value.items():
        field = shape.by_name.get(name)
        if field is None or field.shape is None:
            continue
        here = join(pointer, name)
        if isinstance(part, dict):
            yield from _doubles(part, field.shape, here)
        elif isinstance(part, list):
            yield from _doubles_of_list(part, field, field.shape, here)


def _doubles_of_list(part: list[Any], field: Field, shape: Shape, pointer: str) -> Iterator[Problem]:
    from twinpage.core.schema.words import name_of

    seen: dict[str, Value] = {}
    for index, item in enumerate(part):
        if not isinstance(item, dict):
            continue
        key = item.get("id")
        own = key if isinstance(key, str) and key else ""
        if own in seen:
            pair = f"{name_of(seen[own], shape)} and {name_of(item, shape)}"
            message = f"{field.label} {pair} have the same id {own}. Give one of them another id."
            yield Problem("TP101", 0, message, join(join(pointer, index), "id"), holds=True)
        elif own:
            seen[own] = item
        yield from _doubles(item, shape, join(pointer, own if seen.get(own) is item else index))


def _refuse(uri: str) -> Any:
    raise ValueError(f"{uri} is not at hand, and nothing is fetched from the network.")


def _quick(schema: Schema, library: dict[str, dict[str, Any]]) -> Callable[[Value], bool]:
    """Linear-time verdict; schemas are never fetched from anywhere."""
    from jsonschema_rs import Draft202012Validator, RegexOptions
    from jsonschema_rs import Registry as Known

    judge = Draft202012Validator(
        dict(schema),
        validate_formats=True,
        pattern_options=RegexOptions(),
        registry=Known(list(library.items()), retriever=_refuse),
        retriever=_refuse,
    )
    return judge.is_valid


@lru_cache(256)
def _single(keyword: str, argument: str) -> Callable[[Any], bool]:
    return _quick({keyword: argument}, {})


@lru_cache(1)
def _slow_class() -> Any:
    """jsonschema's, with patterns and formats left to the fast one: both must agree, and ``re`` backtracks."""
    from jsonschema import Draft202012Validator, ValidationError, validators

    extend: Any = validators.extend

    def check(keyword: str) -> Callable[[Any, str, Any, Any], Iterator[Any]]:
        def checked(_validator: Any, argument: str, instance: Any, _schema: Any) -> Iterator[Any]:
            if isinstance(instance, str) and not _single(keyword, argument)(instance):
                yield ValidationError(keyword)

        return checked

    return extend(Draft202012Validator, {"pattern": check("pattern"), "format": check("format")})


def _explain(schema: Schema, library: dict[str, dict[str, Any]], value: Value) -> Iterator[Any]:
    from referencing import Registry as Known
    from referencing.jsonschema import DRAFT202012

    known: Any = Known().with_resources((a, DRAFT202012.create_resource(s)) for a, s in library.items())
    errors: Iterator[Any] = _slow_class()(dict(schema), registry=known).iter_errors(value)
    return errors
