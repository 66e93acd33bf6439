"""Text from the vault inside a note that twinpage makes: it shows as it was typed and can be nothing but text."""

from __future__ import annotations

import re

from twinpage.model.names import cut
from twinpage.model.plain import plain_line
from twinpage.model.regex import regex

# Neither app shows a backslash before punctuation. None stands before `]` or `)`: in Logseq `\[...\]` and `\(...\)`
# are mathematics. A backslash of the text itself could undo ours, so it becomes a sign that looks like one.
_BACKSLASH = "⧵"
_TRIGGERS = regex(
    r"[\[<*^$|`]|#(?=\S)|&(?=#|\w+;)|(?<![^\W_])_|_(?![^\W_])|(?<=:)[:/]|(?<=\{)\{|(?<=\()\(|(?<=%)%|(?<=@)@|(?<=~)~|(?<==)="
)
_CODE = regex(r"`([\w /.,:='\"+-]+)`")
_NO_TARGET = regex(r"[\[\]|#^`<>\\\x00-\x1f\x7f]|[{(%@~=:*$]{2}|://|\A\s|\s\Z|\A\Z")


def in_note(text: str, size: int) -> str:
    """One line of text from the vault, at most ``size`` bytes of it. Commands in backticks stay code."""
    line = plain_line(text).replace("\t", " ").replace("\\", _BACKSLASH)
    if len(line.encode("utf-8", "replace")) > size:
        line = f"{cut(line, size).rstrip()} ..."
    parts = _CODE.split(line)
    plain = [_TRIGGERS.sub(_escaped, part) for part in parts[::2]]
    code = [f"`{part}`" for part in parts[1::2]]
    return "".join(part for pair in zip(plain, [*code, ""], strict=True) for part in pair)


def _escaped(found: re.Match[str]) -> str:
    return "'" if found[0] == "`" else f"\\{found[0]}"


def can_be_linked(target: str) -> bool:
    """A link to this is a link to it in both apps, and nothing else."""
    return plain_line(target) == target and not _NO_TARGET.search(target)
