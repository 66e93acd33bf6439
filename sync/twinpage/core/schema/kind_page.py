"""What ``twinpage kinds KIND`` shows: the fields of a kind, where each stands in a note, and a note to start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from twinpage.core.lens import compose
from twinpage.core.lens.plan import is_property
from twinpage.core.schema.words import singular
from twinpage.core.wording import label_in_text, listed, with_article, words
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.names import slug
from twinpage.model.page import Dialect

_ID = "artifact-id"
_APPS = {"obsidian": "Obsidian", "logseq": "Logseq"}
_OF_EVERY_KIND = frozenset({"aliases", "status", "owner", "weight", "markers", "relations", "evidence", "body"})
"""Left out of the example, which shows what is special about the kind."""


def describe(kind: Kind, dialects: Iterable[Dialect]) -> str:
    """A page of markdown from which a person can write such a note by hand, in each of the dialects."""
    parts = [f"# {kind.title} (`{kind.schema_name}`)", kind.description, "\n".join(_facts(kind)), "## Fields"]
    parts.append("\n".join(_line(f, None) for f in kind.shape.fields))
    for shape, (parent, places) in _inner_shapes(kind).items():
        parts += [f"### {listed(places)}", "\n".join(_line(f, parent) for f in shape.fields)]
    for dialect in dialects:
        app = _APPS.get(dialect.name, dialect.name)
        parts += [f"## In {app}", _grammar(dialect), f"```markdown\n{example_note(kind, dialect).rstrip()}\n```"]
    return "\n\n".join(part for part in parts if part) + "\n"


def example_note(kind: Kind, dialect: Dialect) -> str:
    """A new note of the kind as a person would write it: without an id, which the next sync gives it."""
    text = compose(dialect, kind, _ID, example_view(kind), _Placeholders())
    return "\n".join(line for line in text.split("\n") if not line.startswith(f"{_ID}:"))


def example_view(kind: Kind) -> Value:
    """A value with most of what is special about the kind; texts say what belongs there."""
    view = _example(kind.shape, top=True, outer=(kind.shape,))
    view.pop("name", None)  # the note's title is the name
    for apart in kind.schema.get("not", {}).get("anyOf", ()):  # fields that exclude one another
        first, *others = apart.get("required", ("",))
        if first in view:
            view = {name: part for name, part in view.items() if name not in others}
    return view


class _Placeholders:
    """The lens's names, for references that are titles of notes nobody has written yet."""

    def id_of(self, target: str) -> str | None:
        return target

    def link_to(self, artifact: str) -> str | None:
        return artifact


def _facts(kind: Kind) -> Iterator[str]:
    yield f"- artifact file: `artifacts/{kind.ids}.json`"
    yield f"- a new note goes to: `{kind.folder}/`" if kind.folder else "- a new note goes to the top of the vault"
    yield f"- found by: the property `artifact-kind` with the value `{kind.name}`, wherever the note lies"
    for need in kind.needs:
        yield f"- should have: {with_article(need.kind)} whose `{need.by}` names it, else {need.code}"
    for embed in kind.embeds:
        shown = f"its {words(embed.kind)}" if embed.kind else "its examples"
        yield f"- section `{f'{embed.icon} {embed.label}'.strip()}`: embeds of {shown}, never read as a value"
    if kind.bound_type:
        yield f"- content of the artifact type: `{kind.bound_type}`"
    if kind.origin:
        yield f"- the team's own, from: `{kind.origin}`"


def _inner_shapes(kind: Kind) -> dict[Shape, tuple[Field, list[str]]]:
    """Every shape below the kind's own once, with a field that has it and where all it occurs, in words."""
    found: dict[Shape, tuple[Field, list[str]]] = {}
    todo: list[tuple[Shape, str]] = [(kind.shape, "")]
    while todo:
        outer, where = todo.pop(0)
        for f in outer.fields:
            if f.shape is None or f.place == "hidden" or f.shape is kind.shape:
                continue
            label = label_in_text(f.label)
            said = f"each {singular(label)}" if f.type == "items" else f"the {label}"
            place = f"{said} of {where}" if where else said
            if f.shape not in found:
                found[f.shape] = (f, [_capital(place)])
                todo.append((f.shape, place))
            elif f.shape is not outer:
                found[f.shape][1].append(place)
    return found


def _line(field: Field, parent: Field | None) -> str:
    need = ", required" if field.required else ", expected" if field.expected else ""
    return f"- **{field.name}**{need}: {_takes(field)}; {_place(field, parent)}. {field.description}".rstrip()


def _takes(field: Field) -> str:
    if field.type == "reference":
        return f"a link to {_kinds(field)}"
    if field.type == "boolean":
        return "yes or no"
    if field.type == "lines" and field.link:
        return "a list of names, written as links"
    if field.type == "lines":
        each = f"links to {_kinds(field)}" if field.item == "reference" else field.form
        return f"a list, each {each}"
    if field.type == "items":
        return f"a list, each {with_article(singular(label_in_text(field.label)))} of its own"
    return field.form or "anything"


def _kinds(field: Field) -> str:
    return listed([with_article(kind) for kind in field.to], "or") or "an artifact"


def _place(field: Field, parent: Field | None) -> str:
    if field.place == "hidden":
        return "in the artifact file only"
    if field.place == "title":
        return "the heading itself" if parent and parent.place == "headings" else "the bullet itself"
    if field.place == "body":
        return "the text without a label"
    if is_property(field):
        return f"labelled `{field.label}`" if parent else f"property `{field.name}`"
    each = "one bullet" if parent or field.place != "headings" else "one heading"
    each = f", {each} each" if field.type in ("lines", "items") else ""
    section = f"{field.icon} {field.label}".strip()
    return f"under the label `{section}`{each}" if parent else f"section `{section}`{each}"


def _grammar(dialect: Dialect) -> str:
    """How what is said of the fields is written in a dialect."""
    if dialect.markup.outline:
        return (
            "A property of the note is a line `key:: value` at its top; a section is a block `- ## Label` with its\n"
            "content in blocks below it. A labelled value of an item is a line `key:: value` under the item's first\n"
            "line, a labelled list a block `- Label` inside the item. An item needs no id; `item-id::` keeps one that\n"
            "is not made from its name."
        )
    return (
        "A property of the note stands in its front matter; a section is a heading `## Label`. A labelled value of\n"
        "an item is a bullet `- Label: value` after its text, a labelled list a bullet `- Label:` with the list\n"
        "indented below it. An item needs no id; `- Id: ...` keeps one that is not made from its name."
    )


def _example(shape: Shape, top: bool, outer: tuple[Shape, ...]) -> Value:
    """One object of a shape. Inside items, of each sort of list only the first is shown, so that it stays short."""
    view: Value = {}
    shown: set[str] = set()
    for f in shape.fields:
        if f.place == "hidden" or f.type == "opaque" or (top and f.name in _OF_EVERY_KIND and not f.required):
            continue
        if not top and not (f.required or f.expected or f.place in ("title", "body")):
            sort = f.place if is_property(f) else f.type
            if sort in shown and sort != "property":
                continue
            shown.add(sort)
        if f.shape is not None and f.shape in outer:
            continue
        view[f.name] = _example_value(f, outer)
    return view


def _example_value(field: Field, outer: tuple[Shape, ...]) -> Any:
    label = label_in_text(field.label)
    if field.type in ("items", "record") and field.shape is not None:
        inner = _example(field.shape, top=False, outer=(*outer, field.shape))
        if field.type == "record":
            return inner
        if field.shape.title is not None:
            title = inner[field.shape.title.name] = _capital(with_article(singular(label)))
            inner |= {"id": slug(title)} if field.shape.identified else {}
        return [inner]
    if field.type == "reference":
        return _title_of(field)
    if field.type == "lines":
        if field.item == "reference":
            return [_title_of(field)]
        first = with_article(singular(label)) if field.example is None else field.example
        return [_capital(first) if isinstance(first, str) and field.place != "property" else first]
    if field.type == "text":
        return field.description or _capital(label)
    if field.example is not None:
        return field.example
    return field.description.partition(", such as")[0].rstrip(".") or _capital(label)


def _title_of(field: Field) -> str:
    return f"Name of {with_article(field.to[0])}" if field.to else "Name of a note"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
