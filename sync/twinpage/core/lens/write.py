"""Writing fields from nothing: the pretty form where it reads back, else the safe form."""

from __future__ import annotations

from typing import Any

from twinpage.core.lens.escape import Fences, encode, encode_lines, is_embed, only_embeds
from twinpage.core.lens.identity import slug_of
from twinpage.core.lens.plan import ID, ITEM_ID, NOTHING, Plan, is_property, label_of, plan_of
from twinpage.core.lens.resolving import Names
from twinpage.core.lens.scalars import as_link_name, join_list, write_scalar
from twinpage.core.lens.yaml_text import yaml_scalar
from twinpage.model.kind import Field, Value
from twinpage.model.page import Dialect
from twinpage.model.regex import regex

_LIST_LINE = regex(r"( *)- (\S.*)")
_HEADING = regex(r"#{1,6}(?=[ \t]|\Z)")
_BULLET = regex(r"[-*+][ \t]+")


class Writer:
    """How values look in one note: its dialect, line ends and indentation."""

    def __init__(self, dialect: Dialect, names: Names, nl: str = "\n", unit: str = "\t", safe: bool = False) -> None:
        self.dialect = dialect
        self.markup = dialect.markup
        self.outline = dialect.markup.outline
        self.names = names
        self.nl = nl
        self.unit = unit
        self.safe = safe

    # --- one line

    def scalar(self, field: Field, value: Any) -> str:
        """What stands behind a label or key, in items of both dialects and in Logseq's properties."""
        if field.type == "lines":
            return join_list([write_scalar(field, part, self.names, self.markup) for part in value])
        return write_scalar(field, value, self.names, self.markup)

    def page_property(self, field: Field, value: Any) -> str:
        """A property of the whole note, from its key on."""
        if self.outline:
            return f"{field.name}:: {self.scalar(field, value)}"
        return f"{field.name}:{self.yaml_value(field, value)}"

    def yaml_value(self, field: Field, value: Any) -> str:
        """What stands behind the colon of a property in front matter."""
        if isinstance(value, list):
            return "".join([f"{self.nl}  - {self.yaml_element(field, part)}" for part in value])
        return f" {self.yaml_element(field, value)}"

    def yaml_element(self, field: Field, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        text = write_scalar(field, value, self.names, self.markup)
        return yaml_scalar(text, field.format == "date") if isinstance(value, str) else text

    def title(self, field: Field, plan: Plan, title: str) -> str:
        """The first line of an item or element below a bullet."""
        if field.link or (plan.title is not None and plan.title.link):
            linked = as_link_name(title)
            if linked != title:
                return linked
        return encode(title, self.markup, self._title_danger)

    def _title_danger(self, line: str) -> bool:
        if line[:2] == "[[":
            return False
        return _starts_something(line)

    # --- text

    def prose(self, value: str, level: int, plan: Plan) -> list[str]:
        """Lines of text below a heading of this level, in an object of this plan (NOTHING: in a section)."""
        lines = value.split("\n")
        embeds_only = only_embeds(value)

        def danger(line: str) -> bool:
            heading = _HEADING.match(line)
            if heading:
                return heading.end() <= level
            bare = line.lstrip(" \t")
            if bare[:3] == "![[":
                return embeds_only
            if bare[:1] in ("-", "*", "+"):
                content = _BULLET.sub("", line, count=1)
                return bare == line and bool(plan.labels) and label_of(content, plan, True) is not None
            return bare[:1] != "#"

        return encode_lines(lines, self.markup, danger, prose=True)

    def continuation(self, value: str, ws: str) -> list[str]:
        """Lines of text that continue a block with this indentation."""
        lines = encode_lines(value.split("\n"), self.markup, _danger(value))
        return [self._continued(line, ws) for line in lines]

    def _continued(self, line: str, ws: str) -> str:
        # Logseq saves an empty line of a block as the block's indentation.
        return f"{ws}  {line}" if line or self.outline else ""

    def paragraphs(self, value: str, ws: str, plan: Plan) -> list[str] | None:
        """Text as one block a paragraph; None when that would not read back as this text in such an object."""
        if self.safe or "\n\n\n" in value:
            return None
        found = split_paragraphs(value, self.dialect)
        if only_embeds(value):
            return None
        written: list[str] = []
        for lines in found:
            if lines[0][:1] in " \t" or (plan.labels and self._is_label(lines[0], plan)):
                return None
            written.append(self.paragraph(lines, ws))
        return written

    def _is_label(self, line: str, plan: Plan) -> bool:
        return label_of(line, plan, self.markup.label_needs_colon) is not None

    def paragraph(self, lines: list[str], ws: str) -> str:
        """One block; a list at its end becomes blocks under it."""
        at = len(lines)
        if "- " in "".join([line.lstrip(" ")[:2] for line in lines[1:]]):
            at = self._list_start(lines)
        head = encode_lines(lines[:at], self.markup, _danger("\n".join(lines)))
        written = [f"{ws}- {head[0]}", *[self._continued(line, ws) for line in head[1:]]]
        for line in lines[at:]:
            found = _LIST_LINE.match(line)
            assert found is not None
            inner = encode(found[2], self.markup, _starts_something)
            written.append(f"{ws}{self.unit * (1 + len(found[1]) // 2)}- {inner}")
        return self.nl.join(written)

    def _list_start(self, lines: list[str]) -> int:
        """Where a list begins that runs to the end and nests level by level; the end when there is none."""
        at, depth = len(lines), 0
        while at > 1 and _LIST_LINE.fullmatch(lines[at - 1]):
            at -= 1
        if at == len(lines) or _has_fence(lines):
            return len(lines)
        for line in lines[at:]:
            found = _LIST_LINE.match(line)
            indent = len(found[1]) if found else 1
            if indent % 2 or indent // 2 > depth or (line == lines[at] and indent):
                return len(lines)
            depth = indent // 2 + 1
        return at

    # --- fields

    def fields(self, plan: Plan, value: Value, ws: str) -> list[str]:
        """Labelled bullets (or, in an outline, blocks) of an object's fields, without title and body."""
        written: list[str] = []
        for field in plan.fields:
            if field.name in value and not (self.outline and is_property(field)):
                written.append(self.labelled(field, value[field.name], ws))
        return written

    def labelled(self, field: Field, value: Any, ws: str) -> str:
        """One field of an item as a labelled bullet or block."""
        colon = ":" if self.markup.label_needs_colon else ""
        if is_property(field):
            return f"{ws}- {field.label}: {self.scalar(field, value)}"
        label = f"{ws}- {field.label}{colon}"
        if field.type == "text":
            if not self.outline and "\n" not in value and not self.safe and not is_embed(value):
                return f"{label} {encode(value, self.markup, _starts_something)}"
            return self.nl.join([label, *self._text_below(value, ws, self.outline, NOTHING)])
        return self.nl.join([label, *self._below(field, value, ws)])

    def _text_below(self, value: str, ws: str, pretty: bool, plan: Plan) -> list[str]:
        found = self.paragraphs(value, ws + self.unit, plan) if pretty else None
        return found if found is not None else self.continuation(value, ws)

    def _below(self, field: Field, value: Any, ws: str) -> list[str]:
        """What stands under the label of a list or record."""
        if field.type == "record":
            assert field.shape is not None
            plan = plan_of(field.shape)
            lines = self.block_properties(plan, value, ws) if self.outline else []
            if plan.body is not None and plan.body.name in value:
                lines += self._text_below(value[plan.body.name], ws, True, plan)
            return lines + self.fields(plan, value, ws + self.unit)
        return [self.element(field, part, ws + self.unit) for part in value]

    def block_properties(self, plan: Plan, value: Value, ws: str) -> list[str]:
        """Property lines of a block."""
        written = []
        if plan.identified and self.needs_marker(plan, value):
            written.append(f"{ws}  {ITEM_ID}:: {value['id']}")
        for field in plan.fields:
            if field.name in value and is_property(field):
                written.append(f"{ws}  {self.block_property(field, value[field.name])}")
        return written

    def block_property(self, field: Field, value: Any) -> str:
        return f"{field.name}:: {self.scalar(field, value)}"

    def needs_marker(self, plan: Plan, value: Value) -> bool:
        """The item's id does not follow from its name."""
        title = value.get(plan.title.name, "") if plan.title is not None else ""
        return "id" in value and value["id"] != slug_of(title)

    def element(self, field: Field, value: Any, ws: str, level: int = 0) -> str:
        """One item or line of a list as a bullet; ``level``: of its heading, in an outline."""
        if field.shape is None:
            return f"{ws}- {self.line_element(field, value)}"
        plan = plan_of(field.shape)
        marks = "#" * level + " " if level else ""
        title = self.title(field, plan, value.get(plan.title.name, "")) if plan.title is not None else ""
        lines = [f"{ws}- {marks}{title}"]
        if self.outline:
            lines += self.block_properties(plan, value, ws)
        body = value.get(plan.body.name) if plan.body is not None else None
        if body:
            lines += self._text_below(body, ws, True, plan)
        if not self.outline and plan.identified and self.needs_marker(plan, value):
            lines.append(f"{ws}{self.unit}- {ID.label}: {value['id']}")
        return self.nl.join(lines + self.fields(plan, value, ws + self.unit))

    def line_element(self, field: Field, value: Any) -> str:
        if isinstance(value, str) and field.item == "line":
            return self.title(field, NOTHING, value)
        return write_scalar(field, value, self.names, self.markup)

    # --- sections of a note

    def section(self, field: Field, value: Any, level: int, ws: str) -> str:
        """A field of the whole note with its heading."""
        words = f"{field.icon} {field.label}" if field.icon else field.label
        heading = f"{'#' * level} {words}"
        if self.outline:
            return self._outline_section(field, value, f"{ws}- {heading}", level, ws)
        if field.type == "text":
            return self.nl.join([heading, *self.prose(value, level, NOTHING)])
        if field.type == "record":
            assert field.shape is not None
            return self.nl.join([heading, *self._heading_content(plan_of(field.shape), value, level)])
        if field.place == "headings" and field.type == "items":
            items = [self.heading_item(field, item, level + 1) for item in value]
            return (self.nl * 2).join([heading, *items])
        return self.nl.join([heading, *[self.element(field, part, "") for part in value]])

    def _outline_section(self, field: Field, value: Any, heading: str, level: int, ws: str) -> str:
        if field.type == "text":
            return self.nl.join([heading, *self._text_below(value, ws, True, NOTHING)])
        if field.place == "headings" and field.type == "items":
            return self.nl.join([heading, *[self.element(field, part, ws + self.unit, level + 1) for part in value]])
        return self.nl.join([heading, *self._below(field, value, ws)])

    def heading_item(self, field: Field, value: Value, level: int) -> str:
        """An item below a heading of its own."""
        assert field.shape is not None
        plan = plan_of(field.shape)
        title = value.get(plan.title.name, "") if plan.title is not None else ""
        return self.nl.join([f"{'#' * level} {title}", *self._heading_content(plan, value, level)])

    def _heading_content(self, plan: Plan, value: Value, level: int) -> list[str]:
        lines: list[str] = []
        if plan.body is not None and plan.body.name in value:
            lines += self.prose(value[plan.body.name], level, plan)
        fields = self.fields(plan, value, "")
        if plan.identified and self.needs_marker(plan, value):
            fields.insert(0, f"- {ID.label}: {value['id']}")
        if lines and fields:
            lines.append("")
        return lines + fields


def _danger(value: str) -> Any:
    embeds_only = only_embeds(value)
    return lambda line: _starts_something(line) and (embeds_only or not is_embed(line.strip()))


def _starts_something(line: str) -> bool:
    bare = line.lstrip(" \t")
    if bare[:2] in ("[[", "{{") or bare[:3] == "![[":
        return is_embed(bare) if bare[:2] != "[[" else False
    if bare[:2] == "$$":
        return "$$" not in bare[2:]
    return True


def split_paragraphs(value: str, dialect: Dialect) -> list[list[str]]:
    """The lines of each paragraph; a fence that is closed belongs to one paragraph, blank lines included."""
    lines = value.split("\n")
    found: list[list[str]] = []
    current: list[str] = []
    fences = Fences(lines, dialect.markup)
    at = 0
    while at < len(lines):
        end = fences.end(at)
        if end is not None:
            current += lines[at : end + 1]
            at = end + 1
            continue
        if lines[at]:
            current.append(lines[at])
        elif current:
            found.append(current)
            current = []
        at += 1
    return [*found, current] if current else found


def _has_fence(lines: list[str]) -> bool:
    return any("```" in line or "~~~" in line for line in lines)
