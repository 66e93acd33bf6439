"""Which artifacts that are gone came back under another id: by what they say, whatever they are called in git."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from twinpage.core import pointers
from twinpage.core.fields import is_reference
from twinpage.model.kind import Kind, Value

Kinds = Callable[[str], Kind | None]

_IDENTITY = frozenset({"id", "case", "kind", "schema"})
_ALIKE = 0.5
"""Share of its texts that an artifact must have in common with what it was."""
_COMMON = 20
"""Texts that so many artifacts share tell nothing of one."""
_TELLING = 3
"""Characters of the shortest text that counts."""


def pair_renamed(gone: Mapping[str, Value], come: Mapping[str, Value], kinds: Kinds) -> dict[str, str]:
    """Key of what is gone -> key of what it is now. Keys are ids or paths; their last part weighs in."""
    found: dict[str, str] = {}
    if gone and come:
        _same_content(gone, come, kinds, found)
        _alike(gone, come, kinds, found)
    return found


def _same_content(gone: Mapping[str, Value], come: Mapping[str, Value], kinds: Kinds, found: dict[str, str]) -> None:
    """The same but for ids: first those with the same last part of the id, then whatever is left, in order."""
    left = {key: _essence(value, kinds) for key, value in sorted(come.items())}
    for with_slug in (True, False):
        offers: dict[tuple[str, str], list[str]] = {}
        for key, essence in left.items():
            offers.setdefault((essence, _slug(key) if with_slug else ""), []).append(key)
        for key, value in sorted(gone.items()):
            if key in found:
                continue
            offered = offers.get((_essence(value, kinds), _slug(key) if with_slug else ""))
            if offered:
                found[key] = offered.pop(0)
                del left[found[key]]


def _alike(gone: Mapping[str, Value], come: Mapping[str, Value], kinds: Kinds, found: dict[str, str]) -> None:
    """Of one kind, and at least half of the texts are the same; the most alike first."""
    taken = set(found.values())
    texts = {key: _texts(value, kinds) for key, value in come.items() if key not in taken}
    holders: dict[tuple[str, str], list[str]] = {}
    for key, own in texts.items():
        for text in own:
            holders.setdefault(text, []).append(key)
    scored = []
    for key, value in gone.items():
        if key in found:
            continue
        own = _texts(value, kinds)
        shared = Counter(
            other for text in own if len(holders.get(text, ())) <= _COMMON for other in holders.get(text, ())
        )
        for other in shared:
            likeness = len(own & texts[other]) / max(len(own), len(texts[other]))
            if likeness >= _ALIKE:
                scored.append((-likeness, _slug(key) != _slug(other), key, other))
    for _, _, key, other in sorted(scored):
        if key not in found and other not in taken:
            found[key] = other
            taken.add(other)


def _essence(value: Value, kinds: Kinds) -> str:
    kind = kinds(str(value.get("kind", "")))
    told = {name: part for name, part in value.items() if name in ("kind", "schema") or not _names_others(name, kind)}
    return json.dumps(told, sort_keys=True)


def _texts(value: Value, kinds: Kinds) -> set[tuple[str, str]]:
    """Its longer texts, each with the kind."""
    name = str(value.get("kind", ""))
    return {(name, text) for text in _telling(value, kinds(name))}


def _telling(value: Value, kind: Kind | None) -> Iterator[str]:
    for key, part in value.items():
        if not _names_others(key, kind) and key not in _IDENTITY:
            for _, text in pointers.walk(part):
                if isinstance(text, str) and len(text) >= _TELLING:
                    yield text


def _names_others(name: str, kind: Kind | None) -> bool:
    field = kind.shape.by_name.get(name) if kind else None
    return name in ("id", "case") or (field is not None and is_reference(field))


def _slug(key: str) -> str:
    return key.rpartition("/")[2]
