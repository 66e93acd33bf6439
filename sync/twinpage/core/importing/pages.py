"""Pages of the method that are no artifact types: keys, classes with their lists, markers, topics."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twinpage.core.importing.items import NAME_LENGTH, Item, with_ids
from twinpage.core.importing.lines import (
    embed,
    heading,
    is_bullet,
    plain_text,
    property_of,
    readable,
    text_of,
    without_bullet,
    words,
)
from twinpage.core.importing.nouns import MISSING, Document, Draft, Found, Known, Line, Unplaced
from twinpage.core.importing.sections import filled, type_id
from twinpage.model.names import canonical_metamodel_id, fold, slug
from twinpage.model.regex import regex

CLASS_LIST = "___list"
"""End of the file name of a class's list."""

Properties = dict[str, tuple[str, Line]]
"""Key -> value and line."""

_CLASSED = regex(r"#\[\[([^\[\]]+)\]\][ \t]*\[\[([^\[\]]+)\]\][ \t]*")
_QUESTION = regex(r"#question[ \t]+(\S.*)")
_STEPS = regex(r".*\(([^()\w\s]{1,11})\).*")


def _put_properties(draft: Draft, properties: Properties, structure: list[Line]) -> None:
    for key, (value, line) in properties.items():
        name = {"color": "colour", "alias": "aliases"}.get(key, key)
        if not value:
            structure.append(line)
        elif name == "aliases":
            names = [readable(part) for part in value.split(",")]
            draft.put(name, [part for part in names if part and part != draft.values.get("name")], (line,))
            structure.append(line)
        elif name in ("colour", "icon") and draft.kind in ("class", "marker"):
            draft.put(name, value, (line,))
        elif name.endswith("key-rating") and value.isdecimal() and int(value) <= 100:
            draft.put("weight", int(value), (line,))
        else:
            draft.put_extra(key, value, (line,))


# --- keys -------------------------------------------------------------------------------------------------------------


def read_key(stem: str, properties: Properties, lines: Sequence[Line], found: Found) -> None:
    """A success factor; the file name says of which artifact type: ``profile-(id)___goals___Urgency``."""
    owner, _, name = stem.replace("___", "/").rpartition("/")
    owner = canonical_metamodel_id(owner)
    folder = type_id(owner).removeprefix("artifact-types/") if owner else "general"
    draft = Draft("key", f"keys/{folder}/{slug(name)}")
    draft.put("name", readable(name))
    draft.put("artifact-type", type_id(owner) if owner else "")
    _put_properties(draft, properties, found.structure)
    parts = _by_label(lines, ("questions", "risks", "todos"))
    for label, head, body in parts:
        found.structure += [head] if head else []
        _KEY_PARTS[label](draft, body)
    found.drafts.append(draft)


def _by_label(lines: Sequence[Line], labels: tuple[str, ...]) -> list[tuple[str, Line | None, list[Line]]]:
    """Parted at lines such as ``- #Risks``; what precedes the first has no label."""
    parts: list[tuple[str, Line | None, list[Line]]] = [("", None, [])]
    for line in lines:
        text = without_bullet(line.text).rstrip()
        if text.startswith("#") and words(text) in labels and " " not in text:
            parts.append((words(text), line, []))
        else:
            parts[-1][2].append(line)
    return parts


def _key_definition(draft: Draft, body: list[Line]) -> None:
    heads = [line for line in filled(body) if heading(line.text)]
    rest = [line for line in body if not heading(line.text)]
    text = "\n".join(found[1] for line in heads if (found := heading(line.text)))
    draft.add_text("definition", text, tuple(heads))
    draft.add_text("body", text_of(rest), filled(rest))


def _key_questions(draft: Draft, body: list[Line]) -> None:
    asked, rest = [], []
    for line in filled(body):
        question = _QUESTION.fullmatch(without_bullet(line.text).rstrip())
        if question:
            asked.append((question.group(1), line))
        else:
            rest.append(line)
    draft.put("questions", [text for text, _ in asked], tuple(line for _, line in asked))
    draft.add_text("body", text_of(rest), tuple(rest))


def _key_risks(draft: Draft, body: list[Line]) -> None:
    items: list[Item] = []
    answers: list[dict[str, list[Line]]] = []
    before: list[Line] = []
    into = before
    for line in filled(body):
        head = heading(line.text)
        label = words(head[1]).partition(" ")[0] if head else ""
        if head and items and label in ("mitigation", "contingency"):
            into = answers[-1].setdefault(label, [])
        elif head:
            items.append(Item(readable(head[1]), "", "", (line,)))
            answers.append({})
            into = answers[-1].setdefault("description", [])
        else:
            into.append(line)
    made: list[dict[str, str]] = []
    for value, answer in zip(with_ids(items, "description"), answers, strict=True):
        made.append({**value, **{label: plain_text(lines) for label, lines in answer.items() if lines}})
    if made:
        draft.put("risks", made, filled(body)[len(before) :])
    draft.add_text("body", text_of(before), tuple(before))


def _key_todos(draft: Draft, body: list[Line]) -> None:
    draft.add_text("body", text_of(body), filled(body))


_KEY_PARTS: dict[str, Callable[[Draft, list[Line]], None]] = {
    "": _key_definition,
    "questions": _key_questions,
    "risks": _key_risks,
    "todos": _key_todos,
}


# --- classes ----------------------------------------------------------------------------------------------------------


def _class_draft(name: str) -> Draft:
    draft = Draft("class", f"classes/{slug(name)}")
    draft.put("name", readable(name))
    return draft


def read_class(stem: str, properties: Properties, lines: Sequence[Line], known: Known, found: Found) -> None:
    """A class: its definition below the heading of that name, and a list that is a page of its own."""
    draft = _class_draft(stem)
    _put_properties(draft, properties, found.structure)
    label = ""
    parts: dict[str, list[Line]] = {"definition": [], "": []}
    for line in filled(lines):
        head = heading(line.text)
        target = embed(line.text)
        if head and words(head[1]) in ("definition", "sample list"):
            label = words(head[1]) if words(head[1]) == "definition" else ""
            found.structure.append(line)
        elif target is not None and fold(target.removesuffix("/list")) in known.classes:
            found.structure.append(line)  # the list is in the same artifact now
        elif target is not None:
            found.unplaced.append(Unplaced(line.path, line.number, line.text, MISSING))
        elif without_bullet(line.text).strip():
            parts[label].append(line)
        else:
            found.structure.append(line)
    draft.add_text("definition", plain_text(parts["definition"]), tuple(parts["definition"]))
    draft.add_text("body", text_of(parts[""]), tuple(parts[""]))
    found.drafts.append(draft)


def read_class_list(document: Document, found: Found) -> None:
    """The list of a class: ``#[[class]] [[Name]]`` below a bullet that names the class."""
    draft = _class_draft(document.stem.partition(CLASS_LIST)[0])
    items: list[Item] = []
    rest: list[Line] = []
    for line in filled(document.lines):
        text = without_bullet(line.text).rstrip()
        classed = _CLASSED.fullmatch(text)
        if classed and fold(classed.group(1)) == fold(draft.values["name"]) and readable(classed.group(2)):
            items.append(Item(readable(classed.group(2)), "", "", (line,)))
        elif fold(text) == fold(draft.values["name"]) and not items:
            found.structure.append(line)
        else:
            rest.append(line)
    draft.put("items", with_ids(items, "description"), tuple(line for item in items for line in item.lines))
    draft.add_text("body", text_of(rest), tuple(rest))
    found.drafts.append(draft)


# --- markers and topics ----------------------------------------------------------------------------------------------


def read_marker(stem: str, properties: Properties, lines: Sequence[Line], found: Found) -> None:
    """A marker: questions first, then a heading for each step of its scale, such as ``### (+++) positive``."""
    draft = Draft("marker", f"markers/{slug(stem)}")
    draft.put("name", readable(stem))
    _put_properties(draft, properties, found.structure)
    steps = [found_.group(1) for line in lines if heading(line.text) and (found_ := _STEPS.fullmatch(line.text))]
    symbols = list(dict.fromkeys("".join(sorted(set(step), key=step.index)) for step in steps))
    draft.put("symbols", symbols or ["?"])
    draft.put("scale", 11 if len(steps) > 5 else 5)
    asked = [line for line in lines if is_bullet(line.text) and line.text.rstrip().endswith("?")]
    rest = [line for line in lines if not (is_bullet(line.text) and line.text.rstrip().endswith("?"))]
    draft.put("questions", [without_bullet(line.text).strip() for line in asked], tuple(asked))
    draft.add_text("body", text_of(rest), filled(rest))
    found.drafts.append(draft)


def read_topic(stem: str, properties: Properties, lines: Sequence[Line], found: Found) -> None:
    """A text of any form. Its first line is its name if it looks like a title, else the file's name is."""
    texts = filled(lines)
    head = heading(texts[0].text) if texts else None
    title = readable(head[1] if head else texts[0].text) if texts else ""
    titled = len(texts) > 1 and 0 < len(title) <= NAME_LENGTH and not title.endswith((".", ":", ",")) and title != "---"
    titled = titled and not is_bullet(texts[0].text) and not property_of(texts[0].text)
    name = title if titled else readable(stem) or "Untitled"
    draft = Draft("topic", f"topics/{slug(name)}")
    draft.put("name", name[:1].upper() + name[1:], texts[:1] if titled else ())
    _put_properties(draft, properties, found.structure)
    body = [line for line in lines if not titled or line is not texts[0]]
    draft.add_text("body", text_of(body), filled(body))
    if texts or properties:
        found.drafts.append(draft)
