"""Pages without properties: a title that names the artifact type, sections, and the examples written out in place."""

from __future__ import annotations

from twinpage.core.importing.examples import candidates, read_examples
from twinpage.core.importing.lines import heading
from twinpage.core.importing.nouns import Document, Found, Known, Layout, Line
from twinpage.core.importing.sections import (
    EXAMPLES,
    filled,
    has_sections,
    read_type_page,
    split_sections,
    type_draft,
)
from twinpage.model.names import canonical_metamodel_id


def _title(document: Document) -> tuple[tuple[Line, ...], str]:
    """The line with the title, if there is one, and the metamodel id that it or else the file name means."""
    first = next(iter(filled(document.lines)), None)
    head = heading(first.text) if first else None
    if first and head and head[0] == 1:
        return (first,), canonical_metamodel_id(head[1])
    return (), canonical_metamodel_id(document.stem)


def _recognises(document: Document) -> bool:
    title, metamodel_id = _title(document)
    if not metamodel_id or has_sections(document):
        return bool(metamodel_id)
    head = heading(title[0].text) if title else None
    _, sections = split_sections(document.lines)
    return head is not None and head[1].startswith("#") and any(label == EXAMPLES for _, label, _ in sections)


def _cases(document: Document) -> tuple[str, ...]:
    _, sections = split_sections(document.lines)
    return tuple(name for _, label, body in sections if label == EXAMPLES for _, name in candidates(body))


def _read(document: Document, known: Known) -> Found:
    found = Found()
    title, metamodel_id = _title(document)
    draft = type_draft(metamodel_id, title)
    lines = document.lines[title[0].number :] if title else document.lines
    found.drafts.append(draft)
    examples = read_type_page(draft, lines, found)
    read_examples(metamodel_id, examples, known, found)
    return found


LAYOUT = Layout(
    name="inline-examples",
    recognises=_recognises,
    cases=_cases,
    own_examples=lambda document: (),
    read=_read,
)
