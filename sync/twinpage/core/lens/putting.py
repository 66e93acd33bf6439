"""put and set_property: change, then prove on the very note that the promise holds."""

from __future__ import annotations

from collections import Counter

from twinpage.core.lens.change import Change
from twinpage.core.lens.change_properties import add_properties, change_yaml, cut_property
from twinpage.core.lens.composing import expressible
from twinpage.core.lens.cover import covered, is_apps_own, private_lines
from twinpage.core.lens.kept import keep
from twinpage.core.lens.located import Node, Prop
from twinpage.core.lens.outline import unit_of
from twinpage.core.lens.plan import NOTHING
from twinpage.core.lens.reading import Located, locate
from twinpage.core.lens.resolving import Names
from twinpage.core.lens.splice import Overlap
from twinpage.core.lens.write import Writer
from twinpage.core.lens.yaml_text import yaml_scalar
from twinpage.core.pointers import parts
from twinpage.errors import Unwritable
from twinpage.model.kind import Field, Kind, Value
from twinpage.model.page import Page, Span, property_key


def put_value(page: Page, kind: Kind, view: Value, names: Names, reference: Value | None) -> str:
    """The note's text with the view in it; see the package for the laws. Raises Unwritable."""
    located = locate(page, kind, names, reference)
    wanted = _without_held(expressible(view, kind), located)
    if located.value == wanted:
        return page.text
    nl = "\r\n" if "\r\n" in page.text else "\n"
    unit = unit_of(page.text[page.front.body :])
    for safe in (False, True):
        change = Change(located, Writer(page.syntax, names, nl, unit, safe))
        try:
            change.object(located.root, wanted)
            keep(change)
            text = change.splices.applied()
        except (Overlap, TypeError, ValueError, AttributeError, RecursionError):
            continue  # a value of a wrong type, or a form that does not fit here
        if _holds(change, text, kind, names, wanted, located):
            return text
    raise Unwritable(
        f"{page.path or 'The note'} cannot take this change without touching other text; "
        "make the change in the note by hand, or check the artifact file with `twinpage check`."
    )


def keep_lines(page: Page, kind: Kind, names: Names, reference: Value | None, lines: list[str]) -> str:
    """The note's text with lines of somebody's own put into its section *Kept*. Raises Unwritable."""
    located = locate(page, kind, names, reference)
    nl = "\r\n" if "\r\n" in page.text else "\n"
    unit = unit_of(page.text[page.front.body :])
    for safe in (False, True):
        change = Change(located, Writer(page.syntax, names, nl, unit, safe))
        change.kept.append(lines)
        keep(change)
        text = change.splices.applied()
        if _holds(change, text, kind, names, located.value, located):
            return text
    raise Unwritable(f"{page.path or 'The note'} has no room for {lines[0].strip()}; put it there by hand.")


def own_lines(page: Page, kind: Kind, names: Names, reference: Value | None) -> list[Span]:
    """Lines that hold something and belong to the note alone; so do comments between the elements of a property."""
    return sorted({*_private(locate(page, kind, names, reference)), *_comments_in_front(page)})


def _comments_in_front(page: Page) -> list[Span]:
    lines = [] if page.syntax.markup.outline else private_lines(page, [], 0, page.front.body)
    return [(a, b) for a, b in lines if page.text[a:b].lstrip(" \t").startswith("#")]


def _without_held(view: Value, located: Located) -> Value:
    """The view without what the note holds back: that stays as it stands."""
    for pointer in located.held:
        path = parts(pointer)
        view = _removed(view, path)
    return view


def _removed(value: Value, path: tuple[str, ...]) -> Value:
    name, rest = path[0], path[1:]
    if name not in value:
        return value
    copy = dict(value)
    part = copy[name]
    if not rest:
        del copy[name]
    elif isinstance(part, dict):
        copy[name] = _removed(part, rest)
    elif isinstance(part, list) and len(rest) > 1:
        copy[name] = [
            _removed(item, rest[1:]) if isinstance(item, dict) and rest[0] in (item.get("id"), str(place)) else item
            for place, item in enumerate(part)
        ]
    return copy


def _holds(change: Change, text: str, kind: Kind, names: Names, wanted: Value, before: Located) -> bool:
    """The laws: it reads back, and every line of the note's own is still there."""
    page = change.page.syntax.parse(change.page.path, text)
    if len(page.problems) > len(change.page.problems):
        return False
    after = locate(page, kind, names, wanted)
    return after.value == wanted and after.held == before.held and _nothing_lost(change, after)


def _nothing_lost(change: Change, after: Located) -> bool:
    page = change.page
    # Within one line only values are replaced; whole lines may be the note's own.
    removed = [(a, b) for a, b in change.splices.removed() if "\n" in page.text[a:b]]
    if not removed:
        return True
    own = private_lines(page, list(covered(page, change.root)), 0, len(page.text))
    touched = [(a, b) for a, b in own if any(a < end and b > start for start, end in removed)]
    if not touched:
        return True
    there = Counter(_bare(after.page.text[a:b]) for a, b in _private(after))
    needed = Counter(_bare(page.text[a:b]) for a, b in own if not is_apps_own(page, page.text[a:b]))
    return not needed - there


def _private(located: Located) -> list[tuple[int, int]]:
    return private_lines(located.page, list(covered(located.page, located.root)), 0, len(located.page.text))


def _bare(line: str) -> str:
    return line.strip().removeprefix("> ").removeprefix("- ").strip()


# --- one property


class _Nobody:
    """No names: a property that is set by key is plain text."""

    def id_of(self, target: str) -> str | None:
        return None

    def link_to(self, artifact: str) -> str | None:
        return None


_TEXT = Field(name="", label="", type="line", place="property")


def set_page_property(page: Page, key: str, value: str | None) -> str:
    """The text with one page property set, or removed (None). Raises Unwritable."""
    if page.property(key) == (value or ""):
        return page.text
    nl = "\r\n" if "\r\n" in page.text else "\n"
    located = Located({}, (), (), lambda _: None, Node(NOTHING, page.text, 0, 0, None), page)
    change = Change(located, Writer(page.syntax, _Nobody(), nl))
    found = page.properties.get(property_key(key))
    if found is None:
        line = f"{key}:: {value}" if change.writer.outline else f"{key}: {yaml_scalar(value or '')}"
        add_properties(change, [line])
    else:
        spot = Prop(_TEXT, page.text, found.start, found.end, found.value_start, found.value_end)
        spot.page = found
        if not change.writer.outline:
            change_yaml(change, spot, value)
        elif value is None:
            cut_property(change, found.start, found.end)
        else:
            behind = page.text[found.value_start - 1]
            change.splices.put(found.value_start, found.value_end, value if behind in " \t" else f" {value}")
    text = change.splices.applied()
    after = page.syntax.parse(page.path, text)
    others = {k: p.value for k, p in page.properties.items() if k != property_key(key)}
    if after.property(key) != (value or "") or others != {
        k: p.value for k, p in after.properties.items() if k != property_key(key)
    }:
        raise Unwritable(f"{page.path or 'The note'} cannot take the property {key}; set it in the note by hand.")
    return text
