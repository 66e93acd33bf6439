"""Structure lost while somebody types: an item vanished from the value while its text still stands in the note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from twinpage.core.lens.cover import covered, private_lines
from twinpage.core.lens.located import ListSpot, Node, TextSpot
from twinpage.core.lens.plan import Plan, plan_of
from twinpage.core.lens.reading import Located
from twinpage.core.pointers import join
from twinpage.model.kind import Field, Value
from twinpage.model.page import Page, Span
from twinpage.model.problem import Problem, line_and_column
from twinpage.model.regex import regex

_MARKUP = regex(r"[ \t>]*(?:#+(?:[ \t]+|\Z)|[-*+](?:[ \t]+|\Z)|\\)*")
_LINK = regex(r"\[\[([^\[\]|]*)(?:\|[^\[\]]*)?\]\]")
_SAYS_SOMETHING = regex(r"\w\w")


class _Missing(Struct, frozen=True):
    """Something of the base that the value lacks: where, what it was called, its name if it had one, its lines."""

    pointer: str
    called: str
    name: str
    lines: tuple[str, ...]
    within: Node | None = None
    """Only lines within this object count; None: all of the note."""
    whole: bool = False
    """A list of which nothing is left: what is to be mended stands above its first item."""


def lost(page: Page, located: Located, base: Value, shown: Iterable[Span] = ()) -> tuple[Problem, ...]:
    """TP521 for every list or field of the base that the note lost while its text still stands there.

    What stands in the spans ``shown`` does not count: there twinpage itself shows the other side's values.
    """
    missing = list(_missing(located.root, located.root.plan, base, located.value, ""))
    missing = [m for m in missing if not any(m.pointer.startswith(held) for held in located.held)]
    if not missing:
        return ()
    taken = [*covered(page, located.root), *shown]
    own = _lines(page, private_lines(page, taken, page.front.body, len(page.text)))
    texts = _lines(page, list(_text_lines(page, located.root)))
    found: dict[str, Problem] = {}
    for one in missing:
        at = _standing(one, own, texts)
        if at is not None and one.pointer not in found:
            found[one.pointer] = _problem(page, one, at)
    return tuple(found.values())


def _problem(page: Page, one: _Missing, at: int) -> Problem:
    line, _ = line_and_column(page.text, at)
    heading = _heading_above(page, at - 1 if one.whole else at)
    below = f" below “{heading}”" if heading else ""
    message = (
        f"{one.called} is no longer found, but its text still stands in line {line}{below}. "
        "Mend its heading or bullet, or remove the text as well."
    )
    return Problem("TP521", at, message, one.pointer, holds=True, facts=(heading,))


def _heading_above(page: Page, at: int) -> str:
    """The nearest heading in or above the line at an offset, without its marks."""
    end = page.text.find("\n", max(at, 0))
    end = len(page.text) if end < 0 else end
    while end > 0:
        start = page.text.rfind("\n", 0, end) + 1
        bare = page.text[start:end].strip().removeprefix("- ")
        if bare.startswith("#") and bare.lstrip("#")[:1] in ("", " ", "\t"):
            return bare.lstrip("#").strip()
        end = start - 1
    return ""


def _missing(node: Node, plan: Plan, base: Value, value: Value, pointer: str) -> Iterator[_Missing]:
    fields = [*plan.fields, *([plan.body] if plan.body is not None else [])]
    for field in fields:
        before, now = base.get(field.name), value.get(field.name)
        if not before or before == now or field.type not in ("text", "lines", "items", "record"):
            continue
        here = join(pointer, field.name)
        if field.type == "text":
            if not now and isinstance(before, str):
                yield _Missing(here, field.label, "", tuple(before.split("\n")), None)
        elif field.type == "lines":
            yield from _missing_lines(node, field, before, now, here)
        elif field.type == "record":
            yield from _missing_record(node, field, before, now, here)
        else:
            yield from _missing_items(node, field, before, now, here)


def _missing_lines(node: Node, field: Field, before: list[Any], now: list[Any] | None, here: str) -> Iterator[_Missing]:
    if field.place == "property":
        return
    gone = tuple(str(line) for line in before if line not in (now or []))
    if gone:
        yield _Missing(here, field.label, "", gone, node if now else None)


def _missing_record(node: Node, field: Field, before: Value, now: Value | None, here: str) -> Iterator[_Missing]:
    spot = node.spots.get(field.name)
    if now and isinstance(spot, Node):
        yield from _missing(spot, spot.plan, before, now, here)
    elif not now:
        yield _Missing(here, field.label, "", tuple(_strings(before)), None)


def _missing_items(
    node: Node, field: Field, before: list[Value], now: list[Value] | None, here: str
) -> Iterator[_Missing]:
    assert field.shape is not None
    plan = plan_of(field.shape)
    spot = node.spots.get(field.name)
    there = {_key(plan, item.value): item for item in spot.nodes} if isinstance(spot, ListSpot) else {}
    for item in before:
        still = there.get(_key(plan, item))
        if still is not None:
            yield from _missing(still, plan, item, still.value, join(here, item.get("id", "")))
            continue
        name = str(item.get(plan.title.name, "")) if plan.title is not None else ""
        rest = {key: part for key, part in item.items() if key != "id" and part != name}
        called = f"{field.label}: {name}" if name and now else field.label
        yield _Missing(here, called, name, tuple(_strings(rest)), whole=not now)


def _key(plan: Plan, item: Value) -> Any:
    return item.get("id") if plan.identified else item.get(plan.title.name) if plan.title is not None else None


def _strings(value: Any) -> Iterator[str]:
    """Lines of all texts of a value but its ids."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "id":
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _text_lines(page: Page, node: Node) -> Iterator[tuple[int, int]]:
    """Lines that texts cover: a heading that became text stands among them."""
    spots = [*node.spots.values(), *([node.body] if node.body is not None else [])]
    for spot in spots:
        if isinstance(spot, TextSpot):
            yield from ((a, b) for a, b in covered(page, spot) if a > spot.start or spot.is_body)
        elif isinstance(spot, ListSpot):
            for item in spot.nodes:
                yield from _text_lines(page, item)
        elif isinstance(spot, Node):
            yield from _text_lines(page, spot)


def _lines(page: Page, spans: list[tuple[int, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for start, end in spans:
        bare = _bare(page.text[start:end])
        if _SAYS_SOMETHING.search(bare):
            found.setdefault(bare, []).append(start)
    return found


def _bare(line: str) -> str:
    """What a line says, without marks of headings and bullets, escapes and links."""
    found = _MARKUP.match(line)
    return _LINK.sub(r"\1", line[found.end() if found else 0 :]).strip().casefold()


def _standing(one: _Missing, own: dict[str, list[int]], texts: dict[str, list[int]]) -> int | None:
    """Offset of a line of the note that still says what is missing."""
    name = _bare(one.name)
    places = [*own.get(name, []), *texts.get(name, [])] if name else []
    places += [at for line in one.lines for at in own.get(_bare(line), [])]
    if one.within is not None:
        places = [at for at in places if one.within.start <= at < max(one.within.end, one.within.start + 1)]
    return min(places, default=None)
