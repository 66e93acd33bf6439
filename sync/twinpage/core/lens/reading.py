"""get: a note as a value, with positions, problems and what is held."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.lens.identity import give_ids
from twinpage.core.lens.located import ListSpot, Node, Prop
from twinpage.core.lens.read import Trouble
from twinpage.core.lens.read_page import PageReader, read_page
from twinpage.core.lens.resolving import Names
from twinpage.core.pointers import join, parts
from twinpage.model.kind import Kind, Value
from twinpage.model.page import Page
from twinpage.model.problem import Problem
from twinpage.model.reading import Reading


class Located(Reading, frozen=True):
    """A reading that still knows where everything stands."""

    root: Node
    page: Page


def locate(page: Page, kind: Kind, names: Names, reference: Value | None) -> Located:
    """Read a note as a value of its kind. Never raises."""
    reader = read_page(page, kind, names)
    root = reader.root
    give_ids(root, reference)
    problems, held = _problems(reader)
    return Located(root.value, problems, held, lambda pointer: _offset(root, pointer), root, page)


def _problems(reader: PageReader) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    if not reader.troubles:
        return (), ()
    pointers = dict(_pointers(reader.root, ""))
    problems = [_worded(trouble, pointers[id(trouble[2])]) for trouble in reader.troubles if id(trouble[2]) in pointers]
    problems.sort(key=lambda problem: problem.offset)
    return tuple(problems), tuple([p.pointer for p in problems if p.holds])


def _worded(trouble: Trouble, pointer: str) -> Problem:
    code, offset, _, name, word = trouble
    if name:
        pointer = join(pointer, name)
    if code == "TP201":
        target = word[2:-2] if word[:2] == "[[" else word
        message = f"No artifact's note is called {target}. Link to one that there is, or make it."
        if target == word:
            message = f"{word} is a name and no link. Write [[{word}]] if the note of that name is meant."
        return Problem(code, offset, message, pointer, holds=True, facts=(target, word))
    if code == "TP103":
        message = f"A second {word}: it counts as this note's own text. Move its lines to the first, or rename it."
        return Problem(code, offset, message, pointer, facts=(word,))
    if code == "TP001":
        # Logseq puts them into one map (graph-parser, extract-properties); nothing is held, for the note can be read.
        told = f"The property {word} stands here a second time with another value. Logseq shows the last one, the "
        return Problem(code, offset, f"{told}artifact file has the first. Keep one of them.", pointer)
    if name:
        message = (
            f"This text is in no item, so it is kept in the note only. An item begins with its name: `{word}Name`."
        )
        return Problem(code, offset, message, pointer)
    where = f"of {word} " if word else ""
    message = f"This text stands after the fields {where}and is kept in the note only. Move it above the first field."
    return Problem(code, offset, message, pointer, facts=(word,) if word else ())


def _pointers(node: Node, pointer: str) -> Iterator[tuple[int, str]]:
    """Pointers of an object and all below it: by the ids of items, else by place. Keyed by identity."""
    yield id(node), pointer
    for name, spot in node.spots.items():
        if isinstance(spot, Node):
            yield from _pointers(spot, join(pointer, name))
        elif isinstance(spot, ListSpot):
            above = join(pointer, name)
            for place, item in enumerate(spot.nodes):
                own = item.value.get("id") if item.plan.identified else None
                yield from _pointers(item, join(above, place if own is None else own))


def _offset(root: Node, pointer: str) -> int | None:
    node, spot = root, None
    path = list(parts(pointer))
    while path:
        name = path.pop(0)
        if node.plan.title is not None and name == node.plan.title.name and not path:
            return node.title_span[0]
        if node.plan.body is not None and node.body is not None and name == node.plan.body.name and not path:
            return node.body.start if node.body.value else None
        if name == "id" and node.plan.identified and not path:
            return node.marker.start if node.marker else node.start
        spot = node.spots.get(name)
        if spot is None:
            return None
        if isinstance(spot, Node):
            node = spot
        elif isinstance(spot, ListSpot) and path:
            found = _element(spot, path.pop(0))
            if found is None:
                return None
            node, spot = found, found
    if spot is None:
        return node.start
    return spot.value_start if isinstance(spot, Prop) else spot.start


def _element(spot: ListSpot, word: str) -> Node | None:
    for node in spot.nodes:
        if node.plan.identified and node.value.get("id") == word:
            return node
    return spot.nodes[int(word)] if word.isdecimal() and int(word) < len(spot.nodes) else None
