"""Small questions about lines: indentation, bullets, headings, links; and lines back to text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from twinpage.core.importing.nouns import Line
from twinpage.model.names import fold
from twinpage.model.regex import regex

_BULLET = regex(r"[-*+](?:[ \t]+|$)")
_HEADING = regex(r"(#{1,6})[ \t]+(.*)")
_PROPERTY = regex(r"([A-Za-z][\w-]*)::(?:[ \t]+(.*))?$")
_LINK = regex(r"\[\[([^\[\]]*)\]\]")
_EMBED = regex(r"(?:#[\w-]+[ \t]+)?(?:\{\{embed[ \t]+\[\[([^\[\]]*)\]\][ \t]*\}\}|!\[\[([^\[\]]*)\]\])")
_WORD = regex(r"[^\W_]+")
_BLANKS = regex(r"[ \t\u00a0]+")


def indent(text: str) -> int:
    """Number of white-space characters that a line begins with."""
    return len(text) - len(text.lstrip())


def without_bullet(text: str) -> str:
    """A line without white space around it and without its bullet."""
    text = text.strip()
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def is_bullet(text: str) -> bool:
    return bool(_BULLET.match(text.lstrip()))


def heading(text: str) -> tuple[int, str] | None:
    """Level and words of a heading, bulleted or not."""
    if "#" not in text:
        return None
    found = _HEADING.fullmatch(without_bullet(text))
    return (len(found.group(1)), found.group(2).strip()) if found else None


def property_of(text: str) -> tuple[str, str] | None:
    """Key, lower-cased and with hyphens, and value of a line ``key:: value``."""
    if "::" not in text:
        return None
    found = _PROPERTY.fullmatch(text.strip())
    return (found.group(1).lower().replace("_", "-"), (found.group(2) or "").strip()) if found else None


def embed(text: str) -> str | None:
    """What a line embeds, if it does nothing else."""
    if "[[" not in text:
        return None
    found = _EMBED.fullmatch(without_bullet(text).rstrip())
    return (found.group(1) or found.group(2) or "") if found else None


def links(text: str) -> list[str]:
    """Names between double brackets, empty ones left out."""
    return [name.strip() for name in _LINK.findall(text) if name.strip()]


def words(text: str) -> str:
    """What headings are compared by: folded words without emoji, punctuation and what stands in parentheses."""
    return " ".join(_WORD.findall(fold(text.partition("(")[0])))


def readable(name: str) -> str:
    """A name as people write it: without brackets, with a slash for the three underscores of file names."""
    name = name.replace("[[", "").replace("]]", "").replace("___", " / ")
    return _BLANKS.sub(" ", name).strip()


def text_of(lines: Iterable[Line]) -> str:
    """Lines as markdown: the common indentation removed, no blanks at line ends, no blank lines around."""
    texts = [line.text.rstrip() for line in lines]
    written = [index for index, text in enumerate(texts) if text]
    if not written:
        return ""
    texts = texts[written[0] : written[-1] + 1]
    # The first line of a body was often cut out with a deeper indentation than the rest.
    rest = [indent(text) for text in texts[1:] if text]
    common = min([indent(texts[0]), *rest]) if rest else indent(texts[0])
    first = texts[0][common:] if not rest or indent(texts[0]) == common else texts[0].lstrip()
    return "\n".join([first, *(text[common:] for text in texts[1:])])


def plain_text(lines: Sequence[Line]) -> str:
    """Like ``text_of``; a lone bullet loses its dash, for its line is a paragraph."""
    filled = [line for line in lines if not line.blank]
    if len([line for line in filled if is_bullet(line.text)]) == 1 and is_bullet(filled[0].text):
        head = filled[0]
        return text_of([head._replace(text=without_bullet(head.text)), *lines[lines.index(head) + 1 :]])
    return text_of(lines)
