"""How a report is written: the same words for a pull request and for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from twinpage.core.model_diff import COLOUR, MARKDOWN, TEXT, Look
from twinpage.core.safe_markdown import code, inline, sentence
from twinpage.core.wording import in_short
from twinpage.model.plain import plain_line
from twinpage.model.regex import regex

_NO_NAME = "unnamed"
_TEXT, _NAME, _CODE = 600, 80, 250
"""Characters that are shown: of a message, of what something is called, of an id or a path."""
_PAINT = regex(r"\x1b\[\d*m")
_COLOURS = {"error": "31", "warning": "33", "info": "36", "strong": "1", "faint": "2"}


class Markup(Struct, frozen=True):
    """Texts of the vault go through ``text``, ``name`` or ``code`` and can do nothing then; all else is ours.

    These also cut what is long, so that every part of a report has a size that is known.
    """

    text: Callable[[str], str]
    """A sentence that may hold words of the vault."""
    name: Callable[[str], str]
    """What something is called."""
    code: Callable[[str], str]
    """An id, a path, what somebody can type."""
    strong: Callable[[str], str]
    """Words of ours that stand out."""
    look: Look
    """For differences."""
    severity: Callable[[str], str]
    heading: Callable[[int, str], str]
    """A line of its own, by level from 1."""
    paragraph: Callable[[str], str]
    row: Callable[[int, str], str]
    """One thing of a list, by level from 0."""
    end: str
    """After the last row of a list."""
    table: Callable[[Sequence[str], Iterable[Sequence[str]]], str]
    """Of cells; the first column stands left, numbers right."""


def for_markdown() -> Markup:
    """As GitHub and GitLab show it."""
    return Markup(
        text=lambda text: sentence(in_short(text, _TEXT)),
        name=lambda text: f"*{inline(in_short(text, _NAME)).strip() or _NO_NAME}*",
        code=lambda text: code(in_short(text if text.strip() else _NO_NAME, _CODE)),
        strong=lambda text: f"**{text}**",
        look=MARKDOWN,
        severity=lambda word: word,
        heading=lambda level, text: f"{'#' * (level + 1)} {text}\n\n",
        paragraph=lambda text: f"{text}\n\n",
        row=lambda level, text: f"{'  ' * level}- {text}\n",
        end="\n",
        table=_markdown_table,
    )


def _markdown_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    marks = [":--", *("--:" for _ in titles[1:])]
    lines = [f"| {' | '.join(cells)} |\n" for cells in (titles, marks, *rows)]
    return "".join(lines) + "\n"


def for_terminal(colour: bool) -> Markup:
    """Plain lines, in colour where somebody can see it."""

    def painted(text: str, how: str) -> str:
        return f"\x1b[{_COLOURS[how]}m{text}\x1b[0m" if colour else text

    return Markup(
        text=lambda text: plain_line(in_short(text, _TEXT)),
        name=lambda text: plain_line(in_short(text, _NAME)).strip() or _NO_NAME,
        code=lambda text: plain_line(in_short(text, _CODE)),
        strong=lambda text: painted(text, "strong"),
        look=COLOUR if colour else TEXT,
        severity=lambda word: painted(word, word),
        heading=lambda level, text: f"\n{painted(text, 'strong')}\n" if level > 1 else f"{painted(text, 'strong')}\n",
        paragraph=lambda text: f"{text}\n",
        row=lambda level, text: f"{'  ' * (level + 1)}{text}\n",
        end="",
        table=_plain_table,
    )


def _plain_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    every = [titles, *rows]
    wide = [max(_width(cells[column]) for cells in every) for column in range(len(titles))]
    lines = []
    for cells in every:
        rest = (" " * (wide[column] - _width(cell)) + cell for column, cell in enumerate(cells[1:], 1))
        first = cells[0] + " " * (wide[0] - _width(cells[0]))
        lines.append("  ".join(["", first, *rest]).rstrip() + "\n")
    return "".join(lines)


def _width(cell: str) -> int:
    """Characters that can be seen: colours take no room."""
    return len(_PAINT.sub("", cell))
