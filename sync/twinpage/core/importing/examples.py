"""The Examples section of an artifact type: whose example each part is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from twinpage.core.importing.lines import embed, heading, indent
from twinpage.core.importing.nouns import MISSING, Example, Found, Known, Line, Unplaced
from twinpage.model.names import canonical_metamodel_id, fold

EXAMPLE_CASES = (
    "Space X",
    "vein visualizer",
    "extinguished animals meat",
    "Exotic Pet Rental",
    "Underwater restaurant",
)
"""The example cases of the metamodel."""

_MARK = "/examples/"


def example_path(name: str) -> tuple[str, str] | None:
    """(metamodel id, case) of a page name such as ``profile-(id)/goals/examples/Orbit Works``."""
    owner, mark, case = name.replace("___", "/").partition(_MARK)
    return (canonical_metamodel_id(owner), case.strip()) if mark and owner and case.strip() else None


def candidates(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """(index, name) of every heading that stands as deep as the first: it may begin the example of a case."""
    depth: tuple[int, int] | None = None
    found = []
    for index, line in enumerate(lines):
        head = heading(line.text)
        if head:
            here = (head[0], indent(line.text))
            depth = depth or here
            if here == depth and head[1]:
                path = example_path(head[1])
                found.append((index, path[1] if path else head[1]))
    return found


def read_examples(type_id: str, lines: Sequence[Line], known: Known, found: Found) -> None:
    """Part the section among the cases.

    An example ends where the next known case begins: a heading of equal depth may be part of its text. Where no case
    is known, every such heading is one.
    """
    starts = candidates(lines)
    if any(fold(name) in known.cases for _, name in starts[1:]):
        starts = [start for number, start in enumerate(starts) if number == 0 or fold(start[1]) in known.cases]
    ends = [index for index, _ in starts[1:]] + [len(lines)]
    first = starts[0][0] if starts else len(lines)
    _unowned(lines[:first], found)
    for (index, case), end in zip(starts, ends[: len(starts)], strict=True):
        body = [line for line in lines[index + 1 : end] if not _is_reference(line, known, found)]
        found.examples.append(Example(case, type_id, (lines[index],), tuple(body)))


def _is_reference(line: Line, known: Known, found: Found) -> bool:
    target = embed(line.text)
    if target is None:
        return False
    path = example_path(target)
    if path and (path[0], fold(path[1])) in known.examples:
        found.structure.append(line)  # sync embeds examples by itself
    else:
        _report([line], MISSING, found)
    return True


def _unowned(lines: Iterable[Line], found: Found) -> None:
    _report(lines, "it stands among the examples before the first case", found)


def _report(lines: Iterable[Line], why: str, found: Found) -> None:
    found.unplaced.extend(Unplaced(line.path, line.number, line.text, why) for line in lines if not line.blank)
