"""Page properties as YAML front matter, with every scalar left as it was typed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler

from twinpage.core.lens.hidden import FRONT
from twinpage.core.lens.yaml_trouble import in_words
from twinpage.model.page import Front, Property, Span, property_key
from twinpage.model.problem import Problem
from twinpage.model.regex import regex
from twinpage.model.remembering import remembered
from twinpage.model.text import canonical

MAX_FRONT = 65_536
"""Characters of front matter that are read."""
MAX_NESTING = 200

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LOOKS_LIKE_KEY = regex(r"""(?:^|\n)["']?[^\W\d_][\w .-]*["']?:(?=[ \t\r\n]|\Z)""")
_NESTED_ON_ONE_LINE = regex(r"(?:[-?:][ \t]+){50}")
_DEEP_INDENT = regex(r"\n[ \t]{400}")
_ANCHOR = regex(r"(?:^|[\s,\[{:-])[&*][^\s,\[\]{}]")
_LINK = regex(r"\[\[[^\[\]\n]*\]\]")
_BEGUN = ("quoted scalar", "flow", "simple key")
"""What YAML was reading when it noticed a problem that lies where that begins."""
_NULL = frozenset({"~", "null", "Null", "NULL"})


class _Unreadable(Exception):
    """Front matter that is not read; the sentence says why and what to do."""

    def __init__(self, sentence: str, offset: int = 0) -> None:
        super().__init__(sentence)
        self.sentence, self.offset = sentence, offset


class _Handler(BaseHandler):
    """python-frontmatter's way in; the loader is ours: every scalar stays a string and knows its place."""

    FM_BOUNDARY = FRONT

    def __init__(self, block: str) -> None:
        super().__init__()
        self.block = block

    def split(self, text: str) -> tuple[str, str]:
        return self.block, ""

    def load(self, fm: str) -> dict[str, Any]:
        return _nodes(fm)


def yaml_front(text: str) -> Front:
    """Properties of a note with YAML front matter. Nothing is ever dumped: positions tell where to splice."""
    start = 1 if text.startswith("\ufeff") else 0
    if not text.startswith("---", start):
        return Front({}, start, start, present=False)
    found = FRONT.match(text)
    if found is None:
        return Front({}, start, start, _half(text, start), present=False)
    return front_of(found[0], found[1], found.start(1))


@remembered(32)
def front_of(text: str, block: str, offset: int) -> Front:
    """A note's beginning up to its body. A note that changes is read again at once, and rarely is it changed here."""
    body = len(text)
    try:
        nodes: dict[str, Any] = frontmatter.parse(block, handler=_Handler(block))[0]
    except _Unreadable as odd:
        problem = Problem("TP001", offset + odd.offset, odd.sentence, holds=True)
        return Front({}, body, offset, (problem,))
    properties: dict[str, Property] = {}
    problems: list[Problem] = []
    insert = offset
    for key, (key_node, value_node) in nodes.items():
        made = _property(block, key_node, value_node, offset)
        insert = max(insert, _next_line(text, made.end))
        if properties.setdefault(property_key(key), made) is not made:
            problems.append(_twice(made.key, made.start))
    return Front(properties, body, insert, tuple(problems))


def _half(text: str, start: int) -> tuple[Problem, ...]:
    line_end = text.find("\n", start)
    if line_end < 0 or text[start + 3 : line_end].strip(" \t\r"):
        return ()
    if not _LOOKS_LIKE_KEY.match(text, line_end):
        return ()
    return (
        Problem(
            "TP001", start, "The properties at the top never end. Close them with a line of three hyphens.", holds=True
        ),
    )


def _twice(key: str, at: int) -> Problem:
    return Problem("TP001", at, f"The property {key} stands here twice. Keep one of them.", holds=True)


def _nodes(block: str) -> dict[str, Any]:
    """Key (made unique) -> (key node, value node), in order."""
    _refuse_bombs(block)
    try:
        root = yaml.compose(block, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        at, problem = _place_and_problem(block, error)
        raise _Unreadable(f"The properties cannot be read: {in_words(problem)}", at) from None
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError):
        raise _Unreadable("The properties hold characters that YAML does not allow. Remove them.") from None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        if _LOOKS_LIKE_KEY.search(block):
            raise _Unreadable("The properties are no list of `name: value`. Mend these lines.")
        return {}
    found: dict[str, Any] = {}
    for key, value in root.value:
        if isinstance(key, yaml.ScalarNode):
            name = key.value
            while name in found:
                name = f" {name}"
            found[name] = (key, value)
    return found


def _refuse_bombs(block: str) -> None:
    # libyaml's composer recurses in C: what is too deep must never reach it.
    if len(block) > MAX_FRONT:
        raise _Unreadable(f"The properties are longer than {MAX_FRONT} characters. Move text into the note.")
    if block.count("[") + block.count("{") > MAX_NESTING * 5 or _DEEP_INDENT.search(block):
        raise _Unreadable("The properties are nested too deeply. Write them one a line.")
    if _NESTED_ON_ONE_LINE.search(block):
        raise _Unreadable("The properties are nested too deeply. Write them one a line.")
    if ("&" in block or "*" in block) and _ANCHOR.search(block):
        for token in _tokens(block):
            if isinstance(token, (yaml.AnchorToken, yaml.AliasToken)):
                at = token.start_mark.index
                raise _Unreadable("The properties use a YAML anchor or alias. Write the value out, or quote it.", at)


def _place_and_problem(block: str, error: Any) -> tuple[int, str | None]:
    """What is opened and never closed is told where it begins; YAML notices it lines later, if not at the end."""
    mark = error.problem_mark or error.context_mark
    if any(begun in (error.context or "") for begun in _BEGUN):
        mark = error.context_mark or mark
    if mark is None:
        return 0, error.problem
    for token in _tokens(block):
        # The mark that opens the next quoted value closed it.
        across = isinstance(token, yaml.ScalarToken) and token.start_mark.line < token.end_mark.line == mark.line
        if across and token.style in ("'", '"') and token.end_mark.index <= mark.index:
            return token.start_mark.index, "end of stream"
    return min(mark.index, len(block)), error.problem


def _tokens(block: str) -> list[Any]:
    found: list[Any] = []
    with suppress(yaml.YAMLError, UnicodeError, ValueError, RecursionError):
        found.extend(yaml.scan(block, Loader=_Loader))
    return found


def _property(block: str, key: Any, node: Any, offset: int) -> Property:
    start = key.start_mark.index
    colon = block.find(":", key.end_mark.index) + 1 or key.end_mark.index
    value, span, elements = _value(block, node, colon)
    return Property(
        key.value,
        value,
        offset + start,
        offset + max(span[1], colon),
        offset + span[0],
        offset + span[1],
        tuple([(offset + a, offset + b) for a, b in elements]),
    )


def _value(block: str, node: Any, colon: int) -> tuple[str | tuple[str, ...], Span, list[Span]]:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        if start == end:
            return "", (colon, colon), []
        if node.style in ("|", ">"):
            end = start + len(block[start:end].rstrip())
        elif not node.style and node.value in _NULL:
            return "", (start, end), []
        return canonical(node.value), (start, end), []
    if isinstance(node, yaml.SequenceNode):
        if node.flow_style:
            raw = block[start:end]
            if _LINK.fullmatch(raw):  # people forget the quotes around a link
                return raw, (start, end), []
        parts = [_value(block, part, part.start_mark.index) for part in node.value]
        values = [v if isinstance(v, str) else ", ".join(v) for v, _, _ in parts]
        elements = [] if node.flow_style else [span for _, span, _ in parts]
        end = end if node.flow_style else max((b for _, b in elements), default=start)
        return tuple(v for v in values if v), (start, end), elements if all(values) else []
    return canonical(block[start:end]), (start, start + len(block[start:end].rstrip())), []


def _next_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
