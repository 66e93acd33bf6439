"""Reading blocks: items with their text and fields, records, lists, in one register for both dialects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twinpage.core.lens.escape import decode, is_embed
from twinpage.core.lens.located import Block, ListSpot, Node, Prop, TextSpot
from twinpage.core.lens.outline import hidden_at
from twinpage.core.lens.plan import ID, ITEM_ID, NOTHING, Label, Plan, is_property, label_of, plan_of
from twinpage.core.lens.resolving import Names
from twinpage.core.lens.scalars import Unresolved, is_linked, link_name, read_scalar, split_list
from twinpage.model.kind import Field
from twinpage.model.page import Page, Span, property_key
from twinpage.model.text import OUTER, canonical

Trouble = tuple[str, int, Node, str, str]
"""Code, offset, the node and field concerned, and the word that it is about."""


class Reader:
    """One reading of one page. Collects what is odd; whoever reads the whole page words it."""

    def __init__(self, page: Page, names: Names) -> None:
        self.page = page
        self.text = page.text
        self.names = names
        self.markup = page.syntax.markup
        self.hidden = page.hidden
        self.properties = page.syntax.markup.property_line
        self.needs_colon = page.syntax.markup.label_needs_colon
        self.troubles: list[Trouble] = []

    def label(self, content: str, plan: Plan) -> Label | None:
        """The field that a bullet names, if any."""
        return label_of(content, plan, self.markup.label_needs_colon) if plan.labels else None

    # --- objects

    def node(self, block: Block, plan: Plan, field: Field, titled: bool = True) -> Node:
        """An object whose first line is a block's; without ``titled`` that line is a label."""
        node = Node(plan, self.text, block.start, block.end, field)
        node.block = block
        node.fields_from = block.own
        if titled:
            self._title(node, block, field)
        lines: Sequence[Span] = ()
        if block.own > block.line + 1:
            lines = self._own_lines(node, block)
        if block.kids or lines:
            self._content(node, block, lines)
        return node

    def _title(self, node: Node, block: Block, field: Field) -> None:
        content = block.content
        node.title_span = (block.text, block.text + len(content))
        if self.properties and "::" in content and self._property(node, content, block.text):
            node.title_span = (block.text, block.text)
            return
        plan = node.plan
        title = plan.title
        if title is None and field.type != "lines":
            return
        if content[-2:] == "]]" and (field.link or (title is not None and title.link)) and is_linked(content):
            content = link_name(content)
        elif "\\" in content or content[:1] == "*":
            content = decode(content, self.markup)
        node.title = content = canonical(content)
        if title is not None and content:
            node.value[title.name] = content

    def _own_lines(self, node: Node, block: Block) -> list[Span]:
        """Lines of text that continue a block; its properties go to the node."""
        text, pattern = self.text, self.properties
        text_lines: list[Span] = []
        at, in_first_run = block.line + 1, True
        while at < block.own:
            end = text.find("\n", at, block.own)
            end = block.own if end < 0 else end
            hidden = hidden_at(self.hidden, at) if self.hidden else None
            if hidden is None and pattern and "::" in (line := text[at:end]) and self._property(node, line, at):
                if in_first_run:
                    node.first_run = end
            elif hidden is None or not hidden.comment:
                text_lines.append((at, end))
                in_first_run = in_first_run and not text[at:end].strip(OUTER)
            at = end + 1
        return text_lines

    def _property(self, node: Node, line: str, at: int) -> bool:
        """Take a line for a block's property, if it is one; one that is no field is the note's own."""
        assert self.properties is not None
        found = self.properties.match(line)
        if found is None:
            return False
        key = property_key(found[1])
        field = node.plan.properties.get(key)
        if field is not None and (field is not ID or key == ITEM_ID):
            value = found[2] or ""
            begin = at + (found.start(2) if value else len(line.rstrip(" \t\r")))
            self.take(node, Prop(field, self.text, at, at + len(line), begin, begin + len(value)), value)
        return True

    def take(self, node: Node, prop: Prop, raw: str) -> bool:
        """Give a property to its object; False when it has that one already."""
        field = prop.field
        if field is ID:
            if node.marker is not None:
                return False
            node.marker = prop
            prop.value = canonical(raw)
            return True
        if field.name in node.spots:
            return False
        node.spots[field.name] = prop
        if field.type == "lines":
            self.set_list(node, prop, split_list(raw))
        elif raw:
            self.set_scalar(node, prop, raw)
        return True

    def set_scalar(self, node: Node, prop: Prop, raw: str) -> None:
        value = read_scalar(prop.field, raw, self.names)
        if isinstance(value, Unresolved):
            self._hold(node, prop, value.typed)
        elif value != "":
            prop.value = node.value[prop.field.name] = value

    def set_list(self, node: Node, prop: Prop, parts: list[str]) -> None:
        values: list[Any] = []
        for part in parts:
            value = read_scalar(prop.field, part, self.names)
            if isinstance(value, Unresolved):
                self._hold(node, prop, value.typed)
                return
            if value != "":
                values.append(value)
        if values:
            prop.value = node.value[prop.field.name] = values

    def _hold(self, node: Node, prop: Prop, typed: str) -> None:
        prop.held = True
        self.troubles.append(("TP201", prop.value_start, node, prop.field.name, typed))

    # --- what stands in a block

    def _content(self, node: Node, block: Block, lines: Sequence[Span]) -> None:
        """Text first, fields after; what is neither is the note's own."""
        paragraphs: list[Block] = []
        plan, seen, body = node.plan, False, node.plan.body
        for kid in block.kids:
            label = label_of(kid.content, plan, self.needs_colon) if plan.labels else None
            if label is not None and self.labelled(node, label, kid):
                seen = True
            elif not seen and body is not None:
                paragraphs.append(kid)
            else:
                self.unplaced(node, kid.start, kid.end)
        if body is None:
            for start, end in lines:
                self.unplaced(node, start, end)
        elif lines or paragraphs:
            spot = node.body = self.text_spot(body, block, lines, paragraphs)
            spot.is_body = True
            if spot.value:
                node.value[body.name] = spot.value
            if paragraphs:
                node.fields_from = paragraphs[-1].end

    def unplaced(self, node: Node, start: int, end: int) -> None:
        """Text of the note's own, within an item; flagged once an item."""
        if not self.text[start:end].strip(" \t\r\n-*+"):
            return
        if not any(code == "TP307" and where is node for code, _, where, _, _ in self.troubles[-4:]):
            self.troubles.append(("TP307", start, node, "", node.title))

    def labelled(self, node: Node, label: Label, block: Block) -> bool:
        """Read what a labelled bullet or block holds; False when the object has that field already."""
        field, inline, at = label
        if field is ID or is_property(field):
            begin = block.text + at
            prop = Prop(field, self.text, block.start, block.end, begin, begin + len(inline))
            prop.block = block
            if field.type == "lines" and not inline and block.kids and field.name not in node.spots:
                node.spots[field.name] = prop
                self.set_list(node, prop, [decode(kid.content, self.markup) for kid in block.kids])
                return True
            return self.take(node, prop, inline)
        if field.name in node.spots:
            self.troubles.append(("TP103", block.start, node, field.name, field.label))
            return False
        self.section(node, field, block, (block.text + at, block.text + at + len(inline)) if inline else None)
        return True

    def section(self, node: Node, field: Field, block: Block, inline: Span | None) -> None:
        """A text, list or record below a labelled block."""
        if field.type == "text":
            lines: Sequence[Span] = ()
            if block.own > block.line + 1:
                lines = self._own_lines(Node(NOTHING, self.text, block.start, block.end, field), block)
            text = node.spots[field.name] = self.text_spot(field, block, lines, block.kids, inline)
            if text.value:
                node.value[field.name] = text.value
        elif field.type == "record":
            assert field.shape is not None
            record = node.spots[field.name] = self.node(block, plan_of(field.shape), field, titled=False)
            record.inline = inline
            if inline:
                self.unplaced(node, *inline)
            if record.value:
                node.value[field.name] = record.value
        else:
            spot = node.spots[field.name] = ListSpot(field, self.text, block.start, block.end, block.own)
            spot.block = block
            spot.inline = inline
            if inline and field.type == "items":
                self.unplaced(node, *inline)
            self.elements(node, spot, block.kids)
            if block.own > block.line + 1:
                for start, stop in self._own_lines(Node(NOTHING, self.text, 0, 0, field), block):
                    self.unplaced(node, start, stop)

    def elements(self, node: Node, spot: ListSpot, candidates: Sequence[Block]) -> None:
        """The items or lines of a list; a bullet without a title, or with a mere embed, is the note's own."""
        field = spot.field
        plan = plan_of(field.shape) if field.shape is not None else NOTHING
        titled = plan.title is not None or field.shape is None
        for block in candidates:
            if is_embed(block.content):
                continue
            item = self.node(block, plan, field)
            if item.title if titled else item.value:
                spot.nodes.append(item)
        self.finish_list(node, spot)

    def finish_list(self, node: Node, spot: ListSpot) -> None:
        field = spot.field
        if field.type == "items":
            spot.value = [item.value for item in spot.nodes]
        else:
            titles = [item.title for item in spot.nodes]
            if spot.inline and not titles:
                titles = [decode(self.text[spot.inline[0] : spot.inline[1]], self.markup)]
            spot.value = titles if field.item == "line" else self._elements_of(field, titles, node, spot)
        if spot.value:
            node.value[field.name] = spot.value

    def _elements_of(self, field: Field, titles: list[str], node: Node, spot: ListSpot) -> list[Any]:
        values: list[Any] = []
        for title in titles:
            value = read_scalar(field, title, self.names)
            if isinstance(value, Unresolved):
                self.troubles.append(("TP201", spot.start, node, field.name, value.typed))
                return []
            values.append(value)
        return values

    # --- text

    def text_spot(
        self, field: Field, block: Block, lines: Sequence[Span], paragraphs: Sequence[Block], inline: Span | None = None
    ) -> TextSpot:
        """The text of a block: behind its label, in the lines that continue it, in the blocks under it."""
        spot = TextSpot(field, self.text, block.start, block.end)
        spot.block, spot.inline = block, inline
        parts: list[str] = []
        found: list[tuple[str, Block]] = []
        if inline:
            parts.append(decode(self.text[inline[0] : inline[1]], self.markup))
        if lines:
            own = canonical("\n".join([self._plain(at, stop, block.ws) for at, stop in lines]))
            if own:
                spot.lines = lines
                parts = [canonical(parts[0] + "\n" + own)] if parts else [own]
        for kid in paragraphs:
            value = self.paragraph(kid)
            if value:
                found.append((value, kid))
                parts.append(value)
        if parts and not spot.lines and not inline and all(map(_is_mere_embed, paragraphs)):
            parts, found = [], []  # embeds alone are no value
        spot.paragraphs = found
        spot.value = canonical("\n\n".join(parts)) if len(parts) > 1 else parts[0] if parts else ""
        return spot

    def _plain(self, at: int, stop: int, ws: str) -> str:
        line = self.dedent(self.text[at:stop].removesuffix("\r"), ws)
        return line if self.hidden and hidden_at(self.hidden, at) else decode(line, self.markup)

    def dedent(self, line: str, ws: str) -> str:
        """A line that continues a block, without what only places it under that block."""
        if not self.markup.outline and line.startswith(ws + "\t"):
            return line[len(ws) + 1 :]
        depth = len(ws) + 2
        return line[depth:] if not line[:depth].strip(" \t") else line.lstrip(" \t")

    def paragraph(self, block: Block) -> str:
        """A block as text: its lines, then the blocks under it as a list."""
        first = block.content
        alone = block.own <= block.line + 1 and not block.kids and not block.heading
        if alone and "\\" not in first and "*" not in first[:1] and "::" not in first:
            return canonical(first)
        lines: list[str] = []
        self._paragraph_lines(block, lines)
        while len(lines) > 1 and not lines[-1].strip(OUTER):
            lines.pop()
        self._nested(block.kids, "", lines)
        return canonical("\n".join(lines))

    def _paragraph_lines(self, block: Block, lines: list[str]) -> None:
        pattern = self.markup.property_line
        if not (pattern and "::" in block.content and pattern.match(block.content)):
            lines.append(self._first_line(block))
        at = block.line + 1
        while at < block.own:
            end = self.text.find("\n", at, block.own)
            end = block.own if end < 0 else end
            hidden = hidden_at(self.hidden, at) if self.hidden else None
            line = self.text[at:end]
            if not (hidden.comment if hidden else pattern and "::" in line and pattern.match(line)):
                lines.append(self._plain(at, end, block.ws))
            at = end + 1

    def _first_line(self, block: Block) -> str:
        hidden = hidden_at(self.hidden, block.start) if self.hidden else None
        content = self.text[block.start + len(block.ws) : block.line].rstrip(OUTER) if block.heading else block.content
        if block.heading:
            content = content[1:].lstrip(" \t") if block.heading > 0 else content
        return content if hidden else decode(content, self.markup)

    def _nested(self, kids: Sequence[Block], indent: str, lines: list[str]) -> None:
        for kid in kids:
            own: list[str] = []
            self._paragraph_lines(kid, own)
            while len(own) > 1 and not own[-1].strip(OUTER):
                own.pop()
            lines.append(f"{indent}- {own[0] if own else ''}")
            lines += [f"{indent}  {line}" if line.strip(" \t") else "" for line in own[1:]]
            self._nested(kid.kids, indent + "  ", lines)


def _is_mere_embed(block: Block) -> bool:
    return not block.kids and block.own <= block.line + 1 and is_embed(block.content)
