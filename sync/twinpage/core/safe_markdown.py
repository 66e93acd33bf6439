"""Text of a vault inside markdown that others read: it stands there as words and does nothing.

What people write may be meant to mislead: to call somebody, to link issues, to look like our own words, to hide. GitHub
and GitLab look for references in what a page became, where backslashes are gone; so a zero-width space stands in them.
"""

from __future__ import annotations

import re

from twinpage.model.plain import plain_line
from twinpage.model.regex import regex
from twinpage.model.remembering import remembered

_UNSEEN = regex("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\ufeff\ufff9-\ufffb]")
"""Marks that nobody sees; joiners stay, for scripts and emoji need them."""
_SPECIAL = regex(r"[\\`*_\[\]<>|~&$]")
_REFERENCE = regex(r"(?<=[@#!$%~&^])(?=[\w\"'])")
"""Between the sign and the name: @all, #1, and of GitLab !1, $1, %name, ~name, &1."""
_ISSUE = regex(r"\b(GH-)(?=[0-9])", re.IGNORECASE)
_ADDRESS = regex(r"(?<=[A-Za-z]):(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_BEGINNING = regex(r"(?:[-+=:/#^]|[0-9]{1,9}(?=[.)]))")
_GAP = "\u200b"
_OURS = regex(
    r"`(twinpage [^`]*|git [a-z][^`]*|[a-z-]+(?:: \"|:: )\[\[\.\.\.\]\]\"?|!\[\[[^`]*\]\]|\{\{embed \[\[[^`]*\]\]\}\})`"
)
"""What our own messages show as code. Whatever else stands in backticks may be the vault's."""
_SHORTCODE = regex(r":(?=[\w+-]+:)")


@remembered(2048)
def inline(text: str) -> str:
    """One line of markdown that shows the text, wherever it stands: in a sentence, a list or a table."""
    return _harmless(_line(text))


def sentence(text: str) -> str:
    """The same of a message: commands to type stand in it as code."""
    parts = _OURS.split(_line(text))
    return "".join(code(part) if number % 2 else _harmless(part) for number, part in enumerate(parts))


def _harmless(line: str) -> str:
    shown = _REFERENCE.sub(_GAP, line)
    shown = _ISSUE.sub(rf"\1{_GAP}", shown)
    shown = _SHORTCODE.sub(f":{_GAP}", shown)
    shown = _SPECIAL.sub(r"\\\g<0>", shown)
    shown = _ADDRESS.sub(r"\\\g<0>", shown)
    return _BEGINNING.sub(_not_at_the_beginning, shown, count=1) if _BEGINNING.match(shown) else shown


def _not_at_the_beginning(found: re.Match[str]) -> str:
    """No list, heading, or order to GitLab begins with this."""
    return f"{found[0]}\\" if found[0].isdecimal() else f"\\{found[0]}"


def code(text: str) -> str:
    """The same as code: an id, a path, something to type. Empty text gives nothing."""
    from html import escape

    shown = _line(text)
    if "`" in shown or "|" in shown:  # a bar ends the cell of a table even in backticks
        return f"<code>{escape(shown, quote=False).replace('|', '&#124;').replace('`', '&#96;')}</code>"
    return f"`{shown}`" if shown else ""


def _line(text: str) -> str:
    """Without line ends, and with what steers a terminal or the direction of letters spelled out."""
    return " ".join(_UNSEEN.sub(_spelled, plain_line(" ".join(text.split()))).split())


def _spelled(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
