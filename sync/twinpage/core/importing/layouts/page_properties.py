"""Pages with properties on top, a page for each example, and lists of their own: a graph of Logseq as files."""

from __future__ import annotations

from collections.abc import Callable

from twinpage.core.importing.examples import candidates, example_path, read_examples
from twinpage.core.importing.lines import links, property_of
from twinpage.core.importing.nouns import Document, Example, Found, Known, Layout, Line
from twinpage.core.importing.pages import (
    CLASS_LIST,
    Properties,
    read_class,
    read_class_list,
    read_key,
    read_marker,
    read_topic,
)
from twinpage.core.importing.sections import EXAMPLES, read_type_page, split_sections, type_draft, type_name
from twinpage.model.names import canonical_metamodel_id, fold


def _top(document: Document) -> tuple[Properties, tuple[Line, ...]]:
    """The properties above the first other line, and what follows them."""
    properties: Properties = {}
    for line in document.lines:
        said = property_of(line.text)
        if said and said[0] not in properties:
            properties[said[0]] = (said[1], line)
        elif not line.blank:
            return properties, document.lines[line.number - 1 :]
    return properties, ()


def _page_type(properties: Properties) -> str:
    value = properties["page-type"][0] if "page-type" in properties else ""
    return fold((links(value) or [value.lstrip("#")])[0])


def _metamodel_id(properties: Properties) -> str:
    return canonical_metamodel_id(properties["metamodel-id"][0]) if "metamodel-id" in properties else ""


def _recognises(document: Document) -> bool:
    if example_path(document.stem) or CLASS_LIST in document.stem:
        return True
    properties, _ = _top(document)
    return bool(_metamodel_id(properties)) or "page-type" in properties or _folder(document) in ("classes", "markers")


def _folder(document: Document) -> str:
    return document.path.rpartition("/")[0].rpartition("/")[2]


def _own_examples(document: Document) -> tuple[tuple[str, str], ...]:
    path = example_path(document.stem)
    return (path,) if path else ()


def _cases(document: Document) -> tuple[str, ...]:
    path = example_path(document.stem)
    if path:
        return (path[1],)
    _, sections = split_sections(document.lines)
    return tuple(name for _, label, body in sections if label == EXAMPLES for _, name in candidates(body))


def _read(document: Document, known: Known) -> Found:
    found = Found()
    path = example_path(document.stem)
    properties, lines = _top(document)
    if path:
        found.examples.append(Example(path[1], path[0], (), document.lines))
    elif CLASS_LIST in document.stem:
        read_class_list(document, found)
    elif _metamodel_id(properties):
        _read_type(properties, lines, known, found)
    elif _page_type(properties) == "key":
        read_key(document.stem, properties, lines, found)
    elif _page_type(properties) == "class" or _folder(document) == "classes":
        read_class(document.stem, properties, lines, known, found)
    elif _page_type(properties) == "marker" or _folder(document) == "markers":
        read_marker(document.stem, properties, lines, found)
    else:
        read_topic(document.stem, properties, lines, found)
    return found


def _read_type(properties: Properties, lines: tuple[Line, ...], known: Known, found: Found) -> None:
    metamodel_id = _metamodel_id(properties)
    draft = type_draft(metamodel_id, (properties["metamodel-id"][1],))
    for key, (value, line) in properties.items():
        if key == "metamodel-id":
            continue
        if key in _NAMES and (links(value) or not value.strip("[] ")):
            draft.put(key, [_NAMES[key](name) for name in links(value)], (line,))
            found.structure.append(line)  # `[[]]` says that there is none
        elif key in ("weight", "value") and value.isdecimal() and int(value) <= 100:
            draft.put("weight", int(value), (line,))
        elif key == "icon" and value:
            draft.put("icon", value, (line,))
        else:
            draft.put_extra(key, value, (line,))
    found.drafts.append(draft)
    examples = read_type_page(draft, lines, found)
    read_examples(metamodel_id, examples, known, found)


_NAMES: dict[str, Callable[[str], str]] = {
    "item-classes": str,
    "relations": lambda name: type_name(canonical_metamodel_id(name)),
}


LAYOUT = Layout(
    name="page-properties",
    recognises=_recognises,
    cases=_cases,
    own_examples=_own_examples,
    read=_read,
)
