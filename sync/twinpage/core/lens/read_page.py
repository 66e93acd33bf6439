"""Reading a whole note: its properties and sections, by headings in prose or as blocks of one outline."""

from __future__ import annotations

from twinpage.core.lens.escape import decode, is_embed, only_embeds
from twinpage.core.lens.located import Block, ListSpot, Node, Prop, TextSpot
from twinpage.core.lens.outline import blocks, hidden_at, is_inside
from twinpage.core.lens.plan import ID, LABEL_LENGTH, Plan, plan_of
from twinpage.core.lens.read import Reader
from twinpage.core.lens.resolving import Names
from twinpage.core.lens.scalars import split_list
from twinpage.model.kind import Field, Kind
from twinpage.model.labels import fold_label
from twinpage.model.page import Page, property_key
from twinpage.model.regex import regex
from twinpage.model.text import OUTER, canonical

_HEADING = regex(r"\n(#{1,6})(?=[ \t\r\n]|\Z)[ \t]*([^\n]*)")
_BULLET = regex(r"\n[-*+][ \t]+([^\n]*)")

_IDENTITY = ("artifact-id", "artifact-kind")

Heading = tuple[int, int, int, str]
"""Line start, level, start of its words, its words."""


class PageReader(Reader):
    """One reading of one page as a whole."""

    def __init__(self, page: Page, names: Names, kind: Kind) -> None:
        super().__init__(page, names)
        self.plan = plan_of(kind.shape, True)
        self.root = Node(self.plan, self.text, 0, len(self.text), None)
        self.headings: list[Heading] = []

    def read(self) -> Node:
        self._properties()
        if self.markup.outline:
            self._outline()
        else:
            self._prose()
        return self.root

    def _properties(self) -> None:
        root, wanted = self.root, self.plan.properties
        for key, found in self.page.front.properties.items():
            field = wanted.get(key)
            if field is None or field.name in root.spots:
                continue
            prop = Prop(field, self.text, found.start, found.end, found.value_start, found.value_end)
            prop.page = found
            root.spots[field.name] = prop
            value = found.value
            if field.type == "lines":
                self.set_list(root, prop, split_list(value) if isinstance(value, str) else list(value))
            elif isinstance(value, str):
                if value:
                    self.set_scalar(root, prop, value)
            elif len(value) == 1:
                self.set_scalar(root, prop, value[0])
            elif value:
                prop.value = root.value[field.name] = list(value)
        for found in self.page.front.again:
            key = property_key(found.key)
            if key in wanted or key in _IDENTITY:
                self.troubles.append(("TP001", found.start, root, "", found.key))

    # --- one outline

    def _outline(self) -> None:
        root, wanted = self.root, self.plan.sections
        roots, _ = blocks(self.page, self.page.front.body, len(self.text))
        for block in roots:
            if len(block.content) > LABEL_LENGTH:
                continue
            field = wanted.get(fold_label(block.content))
            if field is None:
                continue
            if field.name in root.spots:
                self.troubles.append(("TP103", block.start, root, field.name, field.label))
                continue
            if field.type == "items" and field.place == "headings":
                self._heading_blocks(field, block)
            else:
                self.section(root, field, block, None)

    def _heading_blocks(self, field: Field, block: Block) -> None:
        """Items are the blocks one heading level below their section; without a heading there, all blocks."""
        root = self.root
        spot = ListSpot(field, self.text, block.start, block.end, block.own)
        spot.block = block
        spot.level = abs(block.heading) + 1 if block.heading else 0
        root.spots[field.name] = spot
        items = []
        for kid in block.kids:
            if not spot.level or abs(kid.heading) == spot.level:
                items.append(kid)
            elif kid.content and not is_embed(kid.content):
                self._in_no_item(spot, kid.start)
        self.elements(root, spot, items)

    def _in_no_item(self, spot: ListSpot, start: int) -> None:
        """Text of the note's own among items; flagged once a list."""
        told = "TP307", self.root, spot.field.name
        if told not in [(code, where, name) for code, _, where, name, _ in self.troubles]:
            self.troubles.append(("TP307", start, self.root, spot.field.name, f"{'#' * spot.level} "))

    # --- headings and prose

    def _prose(self) -> None:
        root, wanted, text = self.root, self.plan.sections, self.text
        hidden = self.hidden
        for found in _HEADING.finditer(self.page.padded, self.page.front.body):
            if not hidden or not is_inside(hidden, found.start()):
                words = found[2].rstrip(OUTER)
                self.headings.append((found.start(), len(found[1]), found.start(2) - 1, words))
        headings, at = self.headings, 0
        while at < len(headings):
            start, level, _, words = headings[at]
            field = wanted.get(fold_label(words)) if len(words) <= LABEL_LENGTH else None
            if field is not None and field.name in root.spots:
                self.troubles.append(("TP103", start, root, field.name, field.label))
                field = None
            if field is None:
                at += 1
                continue
            after = at + 1
            while after < len(headings) and headings[after][1] > level:
                after += 1
            end = headings[after][0] if after < len(headings) else len(text)
            self._below_heading(field, at, after, end)
            at = after

    def _below_heading(self, field: Field, at: int, after: int, end: int) -> None:
        start, level, _, _ = self.headings[at]
        root = self.root
        line_end = self._line_end(start)
        if field.type == "text":
            spot = self._prose_spot(field, start, line_end, end, level)
            root.spots[field.name] = spot
            if spot.value:
                root.value[field.name] = spot.value
        elif field.type == "record":
            assert field.shape is not None
            record = self._heading_node(plan_of(field.shape), field, at, end, titled=False)
            root.spots[field.name] = record
            if record.value:
                root.value[field.name] = record.value
        else:
            self._list_below(field, at, after, end)

    def _list_below(self, field: Field, at: int, after: int, end: int) -> None:
        start, level, _, _ = self.headings[at]
        root = self.root
        line_end = self._line_end(start)
        spot = ListSpot(field, self.text, start, end, line_end)
        spot.level = level + 1 if field.place == "headings" and field.type == "items" else 0
        root.spots[field.name] = spot
        if not spot.level:
            self.elements(root, spot, blocks(self.page, line_end, end)[0])
            return
        assert field.shape is not None
        plan = plan_of(field.shape)
        items = [i for i in range(at + 1, after) if self.headings[i][1] == spot.level]
        spot.first = self.headings[items[0]][0] if items else end
        if self._prose_spot(field, line_end, line_end, spot.first, level).value:
            self._in_no_item(spot, self._first_text(line_end + 1))
        for place, item in enumerate(items):
            stop = self.headings[items[place + 1]][0] if place + 1 < len(items) else end
            if self.headings[item][3]:
                spot.nodes.append(self._heading_node(plan, field, item, stop))
        self.finish_list(root, spot)

    def _heading_node(self, plan: Plan, field: Field, at: int, end: int, titled: bool = True) -> Node:
        """An object below a heading: prose first, then labelled bullets."""
        start, level, begin, words = self.headings[at]
        node = Node(plan, self.text, start, end, field)
        node.level = level
        if titled:
            node.title = canonical(words)
            node.title_span = (begin, begin + len(words))
            if plan.title is not None:
                node.value[plan.title.name] = node.title
        line_end = self._line_end(start)
        first = self._first_field(plan, line_end, end)
        if plan.body is not None:
            spot = self._prose_spot(plan.body, line_end, line_end, first, level)
            spot.is_body = True
            node.body = spot
            if spot.value:
                node.value[plan.body.name] = spot.value
        elif self.text[line_end:first].strip(OUTER):
            self.unplaced(node, line_end + 1, first)
        node.fields_from = first
        if first < end:
            self._fields_below(node, plan, first, end, at + 1)
        return node

    def _fields_below(self, node: Node, plan: Plan, first: int, end: int, at: int) -> None:
        """Labelled bullets up to the end of an object; a heading among them starts the note's own text."""
        while at < len(self.headings) and self.headings[at][0] <= first:
            at += 1
        below = min(self.headings[at][0], end) if at < len(self.headings) else end
        roots, strays = blocks(self.page, first, below)
        own = min(strays, default=end)
        for block in roots:
            label = self.label(block.content, plan)
            if label is None or (label[0] is ID and block.start > own) or not self.labelled(node, label, block):
                self.unplaced(node, block.start, block.end)
        for stray in strays:
            self.unplaced(node, stray, self._line_end(stray))
        if below < end:
            self.unplaced(node, below, end)

    def _first_field(self, plan: Plan, start: int, end: int) -> int:
        if not plan.labels:
            return end
        for found in _BULLET.finditer(self.page.padded, start + 1, end if end < len(self.text) else end + 1):
            inside = self.hidden and is_inside(self.hidden, found.start())
            if ":" in found[1] and not inside and self.label(found[1].rstrip(OUTER), plan) is not None:
                return found.start()
        return end

    def _prose_spot(self, field: Field, start: int, line_end: int, stop: int, level: int) -> TextSpot:
        """Text from the end of a line up to ``stop``, without comments and outer blank lines."""
        spot = TextSpot(field, self.text, start, stop)
        spot.level = level
        raw = self.text[line_end:stop]
        if "\\" not in raw and not self._touches_hidden(line_end, stop):
            value = canonical(raw)
        else:
            value = self._prose_lines(line_end + 1, stop)
        if "\\" not in raw and only_embeds(value):
            value = ""  # embeds alone are no value
        spot.value = value
        return spot

    def _touches_hidden(self, start: int, stop: int) -> bool:
        return any(h.start < stop and h.end > start for h in self.hidden)

    def _prose_lines(self, at: int, stop: int) -> str:
        lines: list[str] = []
        while at < stop:
            end = self.text.find("\n", at, stop)
            end = stop if end < 0 else end
            hidden = hidden_at(self.hidden, at) if self.hidden else None
            if hidden is None:
                lines.append(decode(self.text[at:end].removesuffix("\r"), self.markup, prose=True))
            elif not hidden.comment:
                lines.append(self.text[at:end])
            at = end + 1
        return canonical("\n".join(lines))

    def _first_text(self, at: int) -> int:
        """The first line from here on that is neither empty nor a comment."""
        hidden = hidden_at(self.hidden, at) if self.hidden else None
        while (hidden is not None and hidden.comment) or not self.text[at : self._line_end(at)].strip(OUTER):
            at = self._line_end(at) + 1
            hidden = hidden_at(self.hidden, at) if self.hidden else None
        return at

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def read_page(page: Page, kind: Kind, names: Names) -> PageReader:
    """Read a note as an object of its kind, with the place of everything; items have no ids yet."""
    reader = PageReader(page, names, kind)
    reader.read()
    return reader
