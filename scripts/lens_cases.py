"""Values, changes and apps for the laws of the lens: what the tests and the fuzzer share.

Everything is drawn from a ``random.Random``, which may be Hypothesis' own, so that a failure shrinks.
"""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

import yaml

from twinpage.core.lens.plan import Plan, plan_of
from twinpage.model.kind import Field, Kind, Shape, Value
from twinpage.model.names import slug
from twinpage.model.page import Dialect, Page
from twinpage.model.text import canonical

IDS = {
    "orbit-works": "Orbit Works",
    "a/profiles/b": "A's buyer",
    "a/segments/c": "Comma, name",
    "x": "Has|pipe",
    "orbit-works/journeys/d": "D (second)",
}

_HOSTILE = """
## Stages|### Opening|# one|#### four|#|#tag|- dash|- Emotion: 3|- Pains:|- Touchpoints|Touchpoints|Pains|Stages
* star|+ plus|1. first|- |-|\\- kept|\\\\# two|\\|\\* both|emotion:: 1|mine:: yes|mine::|mine:\\: no|id:: 64
item-id:: zz|a::b|---|***|===|```|```py|~~~|````|``` one ```|- ```|[[Orbit Works]]|[[x]] and|![[x]]|{{embed [[x]]}}
%%|%% said %%|%%said|<!-- said -->|<!--|$$|$$ e $$|> quoted|^mark|**Emotion:** 2|key: value|word #tag|"quoted"
'single'|null|007|12:30|yes|~|- [ ] todo|TODO this|#+BEGIN_QUOTE|:LOGBOOK:|:END:|Kept|## Kept|\U0001f600|\u00e9
e\u0301|\u65e5\u672c|\u00a0|\u2028|\ufeff|word|two words|tail  |\tindented|  two in|a\tb|x, y|,|[[a, b]]|[[2026-03-01]]
"""
HOSTILE = [*_HOSTILE.strip("\n").replace("\n", "|").split("|"), "| a | b |", "", "a | b"]
"""Pieces that mean something to an app, to YAML or to us."""

PLAIN = ["web", "email", "face to face", "They compare offers.", "A colleague confirms it", "Long wait for an answer"]


class Names:
    """Names of a small vault."""

    def __init__(self, ids: dict[str, str] | None = None) -> None:
        self.title = IDS if ids is None else ids
        self.id = {title: own for own, title in self.title.items()}

    def id_of(self, target: str) -> str | None:
        return self.id.get(target)

    def link_to(self, artifact: str) -> str | None:
        return self.title.get(artifact)


# --- values


def line(r: Random) -> str:
    """One line that is not empty, mostly hostile."""
    for _ in range(20):
        drawn = (
            r.choice(PLAIN)
            if r.random() < 0.3
            else "".join(r.choice(HOSTILE) for _ in range(r.choice([1, 1, 1, 2, 3])))
        )
        found = canonical(drawn.replace("\n", " "))
        if found:
            return found
    return "word"


def text(r: Random) -> str:
    """A text of a few lines that is not empty."""
    for _ in range(20):
        parts = [r.choice([*HOSTILE, "", "", *PLAIN, "- item", "  - inner", "1. one"]) for _ in range(r.randint(1, 9))]
        found = canonical("\n".join(parts))
        if found:
            return found
    return "word"


def scalar(r: Random, field: Field, kind: str) -> Any:
    if kind == "reference":
        return r.choice([*IDS, "unknown/thing"])
    if kind == "integer":
        return r.randint(-5, 500)
    if kind == "number":
        return r.choice([1, 2.5, -3, 0.125, 1e30])
    if kind == "boolean":
        return r.random() < 0.5
    if field.choices:
        return r.choice(field.choices)
    return "2026-03-01" if field.format == "date" else line(r)


def value_of(r: Random, field: Field, density: float, depth: int) -> Any:
    if field.type == "text":
        return text(r)
    if field.type == "lines":
        count = r.randint(1, 4)
        return [scalar(r, field, field.item) for _ in range(count)]
    if field.type == "record":
        assert field.shape is not None
        return view(r, field.shape, density, depth + 1)
    if field.type == "items":
        assert field.shape is not None
        return [view(r, field.shape, density, depth + 1) for _ in range(r.randint(1, 4))]
    return scalar(r, field, field.type)


def members(shape: Shape, page: bool) -> list[Field]:
    """All fields that a note has a place for."""
    plan: Plan = plan_of(shape, page)
    own = [f for f in (plan.title, plan.body) if f is not None]
    return own + list(plan.fields)


def view(r: Random, shape: Shape, density: float = 0.5, depth: int = 0) -> Value:
    """A value of a shape. Items carry a name; their ids come later, so that they are unique."""
    plan = plan_of(shape, depth == 0)
    made: Value = {}
    for field in members(shape, depth == 0):
        must = field is plan.title
        rarer = density / (1 + depth * 0.8) if field.type in ("items", "record", "text") else density
        if not must and (r.random() >= rarer or depth > 4):
            continue
        drawn = value_of(r, field, density, depth)
        if drawn != {}:
            made[field.name] = drawn
    return made


def with_ids(r: Random, shape: Shape, value: Value, page: bool = True) -> Value:
    """The same value with ids for all items that have one."""
    for field in members(shape, page):
        inner = value.get(field.name)
        if field.shape is None or inner is None:
            continue
        used: set[str] = set()
        for item in inner if isinstance(inner, list) else [inner]:
            if isinstance(inner, list) and field.shape.identified and "id" not in item:
                title = plan_of(field.shape).title
                own = (
                    slug(item.get(title.name, ""))
                    if title and r.random() < 0.6
                    else f"{r.choice('abcde')}{r.randint(0, 99)}"
                )
                while own in used:
                    own += "-" + r.choice("xyz")
                used.add(own)
                item["id"] = own
            elif isinstance(item.get("id"), str):
                used.add(item["id"])
            with_ids(r, field.shape, item, False)
    return value


def generated(r: Random, kind: Kind, density: float = 0.5) -> Value:
    return with_ids(r, kind.shape, view(r, kind.shape, density))


# --- changes


def changed(r: Random, shape: Shape, old: Value, other: Value, page: bool = True) -> Value:
    """A value that shares some with the old one: fields kept, taken or dropped; items moved, added, removed."""
    plan = plan_of(shape, page)
    new: Value = {"id": old["id"]} if "id" in old else {}
    for field in members(shape, page):
        mine, theirs = old.get(field.name), other.get(field.name)
        if field is plan.title:
            drawn = theirs if r.random() < 0.25 else mine
        elif field.type == "items" and mine and theirs and r.random() < 0.8:
            drawn = changed_items(r, field, mine, theirs)
        elif field.type == "text" and mine and r.random() < 0.4:
            lines = mine.split("\n")
            lines.insert(r.randint(0, len(lines)), r.choice(HOSTILE))
            drawn = canonical("\n".join(lines))
        elif field.type == "record" and mine and theirs and r.random() < 0.7:
            assert field.shape is not None
            drawn = changed(r, field.shape, mine, theirs, False)
        else:
            drawn = r.choice([mine, mine, theirs, None])
        if drawn not in (None, "", [], {}):
            new[field.name] = copy.deepcopy(drawn)
    return new


def changed_items(r: Random, field: Field, old: list[Value], other: list[Value]) -> list[Value]:
    assert field.shape is not None
    kept = [changed(r, field.shape, item, r.choice(other), False) if r.random() < 0.5 else item for item in old]
    kept = [item for item in kept if r.random() < 0.85]
    there = {item.get("id") for item in old}
    for item in other:
        if (item.get("id") not in there or "id" not in item) and r.random() < 0.4:
            kept.insert(r.randint(0, len(kept)), item)
    if r.random() < 0.3:
        r.shuffle(kept)
    return kept


# --- a note's own lines


def with_private(r: Random, page: Page) -> tuple[str, list[str]]:
    """The text with lines of the note's own in many places, and those lines."""
    lines = page.text.split("\n")
    made: list[str] = []
    added: list[str] = []
    offset, front = 0, page.front.body

    def add(new: str) -> None:
        made.append(new)
        added.append(new)

    for place, current in enumerate(lines):
        made.append(current)
        offset += len(current) + 1
        hidden = any(h.start < offset < h.end + 1 for h in page.hidden) or any(h.start == offset for h in page.hidden)
        number = f"mine-{len(added)}"
        if page.dialect == "obsidian":
            if offset < front:
                follows = lines[place + 1] if place + 1 < len(lines) else ""
                if place and r.random() < 0.15:
                    add(f"# {number}" if follows[:1] in (" ", "-") else r.choice([f"# {number}", f"{number}: [a,  b]"]))
            elif offset > front and not hidden and place + 1 < len(lines) and r.random() < 0.15:
                add(r.choice([f"%% {number} %%", f"<!-- {number} -->"]))
        else:
            found = re.match(r"(\t*)- (?!```|~~~)", current)
            if found and not hidden and offset > front and r.random() < 0.2:
                add(found[1] + "  " + r.choice([f"own-{number}:: x  y", f"{number}:: 7"]))
    if r.random() < 0.5:
        tail = (
            ["", "## Of mine", f"keep   mine-{len(added)}"]
            if page.dialect == "obsidian"
            else ["- ## Of mine", f"  keep   mine-{len(added)}"]
        )
        for new in tail:
            made.append(new)
            if new:
                added.append(new)
    return "\n".join(made), added


# --- what the apps do to a note


def saved_by_logseq(text_: str, dialect: Dialect) -> str:
    """The file that Logseq writes after any edit of a page."""
    from twinpage.core.lens.outline import blocks

    text_ = text_.replace("\r\n", "\n")
    page = dialect.parse("", text_)
    roots, _ = blocks(page, 0, len(text_))
    written: list[str] = []
    head = text_[: roots[0].start if roots else len(text_)].strip()
    if head:
        written.append(head + "\n")

    def save(found: list[Any], depth: int) -> None:
        for block in found:
            marker = block.start + len(block.ws)
            first = text_[marker : block.line]
            if block.heading >= 0:
                first = first[1:].removeprefix(" ").removeprefix("\t") if first[1:2] in (" ", "\t") else first[1:]
            width = len(block.ws) + 2
            rest = text_[block.line + 1 : block.own].split("\n") if block.own > block.line + 1 else []
            lines = [first, *[part[width:] if not part[:width].strip() else part.lstrip() for part in rest]]
            content = "\n".join(lines).strip()
            indent = "\t" * depth
            if block.heading < 0 and not written:
                written.append(content)
            else:
                written.append(indent + "-" + (" " if content else "") + content.replace("\n", f"\n{indent}  "))
            save(block.kids, depth + 1)

    save(roots, 0)
    return "\n".join(written)


def rewritten_by_obsidian(text_: str, single: bool) -> str:
    """The note after its properties were edited in Obsidian: block lists, other quotes, no comments."""
    found = re.match(r"---\n(.*?)\n---(?=\n|\Z)", text_, re.DOTALL)
    if not found:
        return text_
    data = yaml.load(found[1], Loader=yaml.BaseLoader) or {}
    lines: list[str] = []
    for key, value in data.items():
        if isinstance(value, list):
            lines.append(f"{key}:" + "".join(f"\n  - {quoted(str(v), single)}" for v in value))
        else:
            lines.append(f"{key}: {quoted(value, single)}".rstrip())
    return "---\n" + "\n".join(lines) + "\n---" + text_[found.end() :]


def quoted(value: str, single: bool) -> str:
    if not value:
        return ""
    plain = re.fullmatch(r"[A-Za-z][\w /.-]*", value) and value == value.strip()
    if plain and not re.fullmatch(r"(?i)true|false|null|yes|no|on|off", value):
        return value
    if single and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    escaped = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", escaped)
