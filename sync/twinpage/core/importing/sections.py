"""The page of an artifact type, section by section."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twinpage.core.importing.items import Item, with_ids
from twinpage.core.importing.lines import (
    embed,
    heading,
    indent,
    is_bullet,
    links,
    plain_text,
    property_of,
    readable,
    text_of,
    without_bullet,
    words,
)
from twinpage.core.importing.nouns import Document, Draft, Found, Line
from twinpage.model.names import canonical_metamodel_id, slug_path
from twinpage.model.regex import regex

EXAMPLES = "examples"
FORMATS = ("text", "list", "template", "tree")

_FORMAT = regex(r"\b(text|list|template|tree)\b")
_KEY = regex(r"[^\d\[]{0,40}(\d{1,3})?[ \t]*\[([^\[\]]+)\]")
_TODO = regex(r"^(?:(?:TODO|DOING|DONE)[ \t]+)?(?:#[\w-]+:?[ \t]+)?(?:topic/)?")
_ASKED = regex(r"^(.*?\?)[ \t]*(?=\S)(.*)$")

Lines = Sequence[Line]


def type_id(metamodel_id: str) -> str:
    """Artifact id of an artifact type."""
    return f"artifact-types/{slug_path(metamodel_id)}"


def type_name(metamodel_id: str) -> str:
    """How people call an artifact type: ``profile-(id)/market-size`` is ``Profile market size``."""
    name = readable(metamodel_id.replace("-(id)", "").replace("/", " ").replace("-", " "))
    return name[:1].upper() + name[1:]


def has_sections(document: Document) -> bool:
    """Whether a document has at least two of the sections of an artifact type, one of them peculiar to it."""
    named = {words(found[1]) for line in document.lines if (found := heading(line.text))}
    return len(named & SECTIONS.keys() - {""}) > 1 and bool(named & {"content type", "inncopilot", EXAMPLES})


def read_type_page(draft: Draft, lines: Lines, found: Found) -> tuple[Line, ...]:
    """Fill the draft from the sections in ``lines``. Gives back the lines of the Examples section."""
    examples: tuple[Line, ...] = ()
    before, sections = split_sections(lines)
    if filled(before):
        draft.add_text("body", text_of(before), filled(before))
    read = set()
    for head, label, body in sections:
        reader = SECTIONS[label]
        if label == EXAMPLES:
            examples += tuple(body)
        elif reader in read:
            reader, body = _other, [head, *body]
        read.add(reader)
        found.structure.append(head)
        reader(draft, head, body, found)
    if "format" not in draft.values:
        draft.values["format"] = "text"
        found.remarks.append(f"{draft.id}: no page says what its content is like, so its format became `text`.")
    return examples


def split_sections(lines: Lines) -> tuple[list[Line], list[tuple[Line, str, list[Line]]]]:
    """Lines before the first section, and each section as (heading, folded label, lines)."""
    before: list[Line] = []
    sections: list[tuple[Line, str, list[Line]]] = []
    depth: tuple[int, int] | None = None
    for line in lines:
        head = heading(line.text)
        label = words(head[1]) if head else ""
        here = (head[0], indent(line.text)) if head else None
        if label and label in SECTIONS and (depth is None or here == depth):
            depth = here
            sections.append((line, label, []))
        elif here and here == depth:
            sections.append((line, "", [line]))
        else:
            (sections[-1][2] if sections else before).append(line)
    return before, sections


def filled(lines: Lines) -> tuple[Line, ...]:
    return tuple(line for line in lines if not line.blank)


def _definition(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    draft.add_text("definition", plain_text(body), filled(body))


def _description(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    draft.add_text("description", text_of(body), filled(body))


def _content_type(draft: Draft, head: Line, body: Lines, found: Found) -> None:
    classes = [readable(name) for name in head.text.partition("(")[2].rpartition(")")[0].split(",")]
    sources, rest = [head], list[Line]()
    for line in filled(body):
        text = without_bullet(line.text).rstrip(" .\t")
        stated = _FORMAT.search(text) if "format" not in draft.values else None
        target = embed(line.text)
        if stated and not links(text):
            draft.put("format", stated.group(), (line,))
        elif target is not None and target in classes:
            found.structure.append(line)  # sync embeds and links by itself
        elif text.endswith(":") and "class" in text:
            found.structure.append(line)
        elif is_bullet(line.text) and len(text) < 60 and (links(text) or text.isidentifier()):
            classes += links(text) or [text]
            sources.append(line)
        else:
            rest.append(line)
    named = list(dict.fromkeys([*draft.values.get("item-classes", []), *(name for name in classes if name)]))
    if named:
        draft.change("item-classes", named, sources)
    if rest:
        draft.put_extra("content-type", text_of(rest), tuple(rest))


def _copilot(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    asked: list[str] = []
    sentence = ""
    for line in filled(body):
        text = without_bullet(line.text).rstrip()
        split = _ASKED.match(text) if not asked and not sentence else None
        if split:
            sentence, text = split.group(1), split.group(2)
        elif not asked and not sentence and not text.endswith("?"):
            sentence, text = text, ""
        if text:
            asked.append(text)
    value = {name: part for name, part in (("sentence", sentence), ("questions", asked)) if part}
    draft.put("copilot", value, filled(body))


def _keys(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    items: list[Item] = []
    weights: list[int | None] = []
    verbatim = False
    for line, below in _outline(body):
        said = [property_of(under.text) for under in below]
        stated = [int(pair[1]) for pair in said if pair and pair[0] == "key-weight" and pair[1].isdecimal()]
        key = _KEY.match(line.text.partition("#key")[2])
        name = key.group(2) if key else without_bullet(line.text)
        if key and key.group(1):
            stated.append(int(key.group(1)))
        text = plain_text([under for under, pair in zip(below, said, strict=True) if not pair])
        verbatim |= bool(key) or any(said)
        items.append(Item(readable(name), "", text, (line, *below)))
        weights.append(stated[0] if stated and stated[0] <= 100 else None)
    made: list[dict[str, object]] = [dict(item) for item in with_ids(items, "description")]
    for value, weight in zip(made, weights, strict=True):
        if weight is not None:
            value["weight"] = weight
    draft.put("keys", made, filled(body))
    if verbatim:
        draft.put_extra("keys", text_of(body), filled(body))


def _other(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    draft.add_text("body", text_of(body), filled(body))


def _topics(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    names: list[str] = []
    for line, _below in _outline(body):
        head = heading(line.text)
        text = head[1] if head else without_bullet(line.text)
        names += links(text) if links(text) and not embed(line.text) else [_TODO.sub("", text).strip()]
    if all(0 < len(name) <= 120 and "{{" not in name for name in names):
        draft.put("topics", list(dict.fromkeys(names)), filled(body))
    if filled(body):
        draft.put_extra("topics", text_of(body), filled(body))


def _tools(draft: Draft, _head: Line, body: Lines, _found: Found) -> None:
    items = [
        Item(readable(without_bullet(line.text)), "", plain_text(below), (line, *below))
        for line, below in _outline(body)
    ]
    if all(item.name for item in items):
        draft.put("tools", [dict(item) for item in with_ids(items, "use")], filled(body))
    else:
        draft.add_text("body", text_of(body), filled(body))


def _outline(body: Lines) -> list[tuple[Line, list[Line]]]:
    """Each line of the least indentation, with the lines below it."""
    depth = min((indent(line.text) for line in body if not line.blank), default=0)
    parts: list[tuple[Line, list[Line]]] = []
    for line in filled(body):
        if parts and not (indent(line.text) == depth and (is_bullet(line.text) or not is_bullet(parts[-1][0].text))):
            parts[-1][1].append(line)
        else:
            parts.append((line, []))
    return parts


def _examples(_draft: Draft, _head: Line, _body: Lines, _found: Found) -> None:
    """They are the cases' own; the page gives them back."""


SECTIONS: dict[str, Callable[[Draft, Line, Lines, Found], None]] = {
    "definition": _definition,
    "content type": _content_type,
    "keys": _keys,
    "inncopilot": _copilot,
    "copilot": _copilot,
    "description": _description,
    EXAMPLES: _examples,
    "topics": _topics,
    "": _other,
    "tools": _tools,
}
"""Sections by their folded words; the emoji before them do not count."""


def type_draft(metamodel_id: str, lines: tuple[Line, ...]) -> Draft:
    """A new artifact type. ``lines`` say which."""
    canonical = canonical_metamodel_id(metamodel_id)
    draft = Draft("artifact-type", type_id(canonical))
    draft.put("name", type_name(canonical), lines)
    draft.put("metamodel-id", canonical, lines)
    return draft
