"""put: a changed value spliced into a note; only the spans of what differs change."""

from __future__ import annotations

from typing import Any

from twinpage.core.lens.change_lists import change_list
from twinpage.core.lens.change_properties import add_properties, change_yaml, cut_property
from twinpage.core.lens.change_text import change_text
from twinpage.core.lens.cover import covered, is_apps_own, private_lines
from twinpage.core.lens.located import ListSpot, Node, Prop, TextSpot
from twinpage.core.lens.outline import core_end
from twinpage.core.lens.plan import ID, ITEM_ID, is_property
from twinpage.core.lens.reading import Located
from twinpage.core.lens.splice import Splices
from twinpage.core.lens.write import Writer
from twinpage.model.kind import Field, Value

Spots = Prop | TextSpot | ListSpot | Node


class Change:
    """One change of one note. ``writer.safe``: the form that surely reads back, rather than the pretty one."""

    def __init__(self, located: Located, writer: Writer) -> None:
        self.page = located.page
        self.root = located.root
        self.text = located.page.text
        self.writer = writer
        self.nl = writer.nl
        self.safe = writer.safe
        self.splices = Splices(self.text)
        self.kept: list[list[str]] = []
        """Lines of the note's own that lost their item."""

    # --- objects

    def object(self, node: Node, new: Value) -> None:
        """Make an item, a record or the whole note say ``new``."""
        if node.value == new:
            return
        plan = node.plan
        if plan.title is not None:
            self._title(node, new.get(plan.title.name, ""))
        if not self.writer.outline:  # bullets stand behind the text
            self._body(node, new)
        if plan.identified and "id" in new:
            self._id(node, new)
        self._properties(node, new)
        if self.writer.outline:  # properties stand before the text
            self._body(node, new)
        self._sections(node, new)

    def _title(self, node: Node, title: str) -> None:
        if title != node.title:
            assert node.field is not None
            self.splices.put(*node.title_span, title if node.level else self.writer.title(node.field, node.plan, title))

    def _id(self, node: Node, new: Value) -> None:
        plan = node.plan
        renamed = plan.title is not None and new.get(plan.title.name, "") != node.title
        unmarked = renamed and node.marker is None and self.writer.needs_marker(plan, new)
        if new["id"] != node.value.get("id") or unmarked:
            self._marker(node, new["id"])

    def _marker(self, node: Node, own: str) -> None:
        if node.marker is not None:
            self.splices.put(node.marker.value_start, node.marker.value_end, own)
        elif self.writer.outline:
            self.splices.put(node.props_at, node.props_at, f"{self.nl}{self._ws(node)}  {ITEM_ID}:: {own}")
        else:
            self._bullets(node, [f"{self._field_ws(node)}- {ID.label}: {own}"], first=True)

    def _body(self, node: Node, new: Value) -> None:
        field = node.plan.body
        if field is None or node.value.get(field.name) == new.get(field.name):
            return
        spot = node.body
        if spot is None:
            spot = TextSpot(field, node.text, node.start, node.fields_at)
            spot.block, spot.is_body = node.block, True
        change_text(self, spot, new.get(field.name), node.plan)

    def _ws(self, node: Node) -> str:
        return node.block.ws if node.block is not None else ""

    def _field_ws(self, node: Node) -> str:
        """Indentation of labelled bullets or blocks of an object."""
        if node.block is None:
            return ""
        return node.block.kids[0].ws if node.block.kids else node.block.ws + self.writer.unit

    # --- properties

    def _properties(self, node: Node, new: Value) -> None:
        added: list[tuple[Field, Any]] = []
        for field in node.plan.fields:
            if not is_property(field):
                continue
            spot, value = node.spots.get(field.name), new.get(field.name)
            if isinstance(spot, Prop):
                if spot.value != value and not spot.held:
                    self._property(node, spot, value)
            elif value is not None:
                added.append((field, value))
        if added:
            self._new_properties(node, added)

    def _property(self, node: Node, spot: Prop, value: Any) -> None:
        if spot.page is not None and not self.writer.outline:
            change_yaml(self, spot, value)
        elif value is None and self.safe and spot.value_start < spot.value_end:
            # A second one of the same name further down would take its place: leave the key, without a value.
            self.splices.put(spot.value_start, spot.value_end, "")
        elif spot.block is not None and (value is None or (spot.value_start == spot.value_end and spot.block.kids)):
            self.kept.append(self.private(spot))
            self.splices.cut_lines(spot.start, spot.end)
            if value is not None:
                self.splices.put(spot.end, spot.end, self.nl + self.writer.labelled(spot.field, value, spot.block.ws))
        else:
            self._line(spot, value)

    def _line(self, spot: Prop, value: Any) -> None:
        if value is None:
            cut_property(self, spot.start, spot.end)
            return
        written = self.writer.scalar(spot.field, value)
        behind = self.text[spot.value_start - 1 : spot.value_start]
        self.splices.put(spot.value_start, spot.value_end, written if behind in (" ", "\t") else f" {written}")

    def _new_properties(self, node: Node, added: list[tuple[Field, Any]]) -> None:
        writer = self.writer
        if node.field is None:
            add_properties(self, [writer.page_property(field, value) for field, value in added])
        elif writer.outline:
            ws = self._ws(node)
            lines = [f"{self.nl}{ws}  {writer.block_property(field, value)}" for field, value in added]
            self.splices.put(node.props_at, node.props_at, "".join(lines))
        else:
            ws = self._field_ws(node)
            self._bullets(node, [writer.labelled(field, value, ws) for field, value in added])

    def _bullets(self, node: Node, lines: list[str], first: bool = False) -> None:
        """Labelled bullets of an item: behind its properties, before its lists, after its text."""
        props = [spot for spot in node.spots.values() if isinstance(spot, Prop)]
        if node.marker is not None:
            props.append(node.marker)
        others = [spot for spot in node.spots.values() if not isinstance(spot, Prop)]
        if props and not first:
            at = max(spot.end for spot in props)
            self.splices.put(at, at, "".join([self.nl + line for line in lines]))
        elif props or others:
            at = self._line_before(min(spot.start for spot in [*props, *others]))
            self.splices.put(at, at, "".join([self.nl + line for line in lines]))
        else:
            self.splices.put(node.fields_at, node.fields_at, self._lead(node) + self.nl.join(lines))

    def _lead(self, node: Node) -> str:
        """What stands between an item's text and its first field."""
        has_text = node.plan.body is not None and node.value.get(node.plan.body.name)
        return self.nl * 2 if node.level and has_text else self.nl

    def _line_before(self, at: int) -> int:
        """End of the line before the one at an offset."""
        end = self.text.rfind("\n", 0, at)
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    # --- texts, lists and records

    def _sections(self, node: Node, new: Value) -> None:
        before: Spots | None = None
        fresh = True
        for field in node.plan.fields:
            if is_property(field):
                continue
            spot, value = node.spots.get(field.name), new.get(field.name)
            if spot is None:
                if value is not None:
                    self._new_section(node, field, value, before, fresh)
                    fresh = False
                continue
            if value is not None:
                before = spot
            if spot.value != (value if value is not None else type(spot.value)()):
                self._changed(spot, value, node)

    def _changed(self, spot: Spots, value: Any, node: Node) -> None:
        if isinstance(spot, TextSpot):
            change_text(self, spot, value, None)
        elif isinstance(spot, ListSpot):
            if not self._is_held(spot):
                change_list(self, spot, value or [])
        elif isinstance(spot, Node):
            if value is None and not self.safe and not self.private(spot):
                self.cut_section(spot.start, spot.end, node.field is None)
            else:
                self.object(spot, value or {})

    def _is_held(self, spot: ListSpot) -> bool:
        return bool(spot.nodes) and not spot.value

    def _new_section(self, node: Node, field: Field, value: Any, before: Spots | None, fresh: bool) -> None:
        if node.field is None:
            self._new_page_section(field, value, before)
            return
        written = self.writer.labelled(field, value, self._section_ws(node, before))
        if before is not None and before.end > node.fields_at:
            at, lead = before.end, self.nl
        else:
            ends = [s.end for s in node.spots.values() if isinstance(s, Prop) and s.block is not None]
            at = max([node.fields_at, *ends])
            plain = ends or not fresh or any(not isinstance(s, Prop) for s in node.spots.values())
            lead = self.nl if plain or self.adds_property(node) else self._lead(node)
        self.splices.put(at, at, lead + written)

    def adds_property(self, node: Node) -> bool:
        return any(start == end == node.fields_at for start, end, _, _ in self.splices.edits)

    def _section_ws(self, node: Node, before: Spots | None) -> str:
        block = before.block if before is not None else None
        return block.ws if block is not None else self._field_ws(node)

    def _new_page_section(self, field: Field, value: Any, before: Spots | None) -> None:
        present = [s for f in self.root.plan.fields if not is_property(f) and (s := self.root.spots.get(f.name))]
        gap = self.nl if self.writer.outline else self.nl * 2
        if before is None and present and not self.safe:
            first = min(present, key=lambda spot: spot.start)
            level, ws = self._level_of(first)
            written = self.writer.section(field, value, level, ws)
            body = self.page.front.body
            if self.writer.outline and first.start > 0:
                at = self._line_before(first.start)
                self.splices.put(at, at, gap + written)
            elif self.text[body : first.start].strip():
                at = core_end(self.text, body, first.start)
                self.splices.put(at, at, gap + written)
            else:
                self.splices.put(body, body, written + gap)
        elif before is not None and not self.safe:
            level, ws = self._level_of(before)
            self.splices.put(before.end, before.end, gap + self.writer.section(field, value, level, ws))
        else:
            self.append(self.writer.section(field, value, 2, ""))

    def _level_of(self, spot: Spots) -> tuple[int, str]:
        if spot.block is not None:
            return abs(spot.block.heading) or 2, spot.block.ws
        line = self.text[spot.start : spot.start + 7]
        return len(line) - len(line.lstrip("#")) or 2, ""

    def append(self, section: str) -> None:
        """Put a section at the end of the note."""
        text, body = self.text, self.page.front.body
        if text[body:].strip():
            at = core_end(text, 0, len(text))
            self.splices.put(at, at, (self.nl if self.writer.outline else self.nl * 2) + section, rank=1)
            return
        at = len(text)
        line_feeds = len(text) - len(text.rstrip("\r\n")) if text else 2
        line_feeds -= text.count("\r", at - line_feeds)
        if self.writer.outline:
            self.splices.put(at, at, self.nl * max(0, 2 - line_feeds) + section, rank=1)
        else:
            self.splices.put(at, at, self.nl * max(0, 1 - line_feeds) + section + self.nl, rank=1)

    def cut_section(self, start: int, end: int, page: bool) -> None:
        """Remove a section or a labelled bullet as a whole."""
        if page and not self.writer.outline:
            self.splices.cut_with_blanks(start, end, self.page.front.body)
        else:
            self.splices.cut_lines(start, end)

    # --- what is the note's own

    def private(self, spot: Spots) -> list[str]:
        """Lines within a value's span that belong to the note alone, without what the app keeps for itself."""
        spans = list(covered(self.page, spot))
        lines = [self.text[a:b] for a, b in private_lines(self.page, spans, spot.start, spot.end)]
        return [line.rstrip("\r") for line in lines if not is_apps_own(self.page, line)]
