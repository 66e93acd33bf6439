"""Words for messages: kinds as people call them, lists, numbers of things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SHOWN = 3


def words(term: str) -> str:
    """A kind or field in running text: ``sales strategy`` for ``sales-strategy``."""
    return term.replace("-", " ")


def with_article(term: str) -> str:
    """``an entry``, ``a sales strategy``."""
    said = words(term)
    return f"an {said}" if said[:1] in "aeio" else f"a {said}"


def listed(things: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def some(things: Sequence[str]) -> str:
    """At most three of them: ``a, b, c and 4 more``."""
    if len(things) <= _SHOWN + 1:
        return listed(things)
    return f"{', '.join(things[:_SHOWN])} and {len(things) - _SHOWN} more"


def in_short(text: str, most: int) -> str:
    """At most so many characters: of a longer text how it begins and how it ends."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    return f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 stage``, ``3 stages``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def times(number: int) -> str:
    """``once``, ``twice``, ``7 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def moment(when: str) -> str:
    """An ISO time as people read it everywhere here: ``2030-01-02 03:04``."""
    return when[:16].replace("T", " ")


def short_while(seconds: float) -> str:
    """``2.4 s``; what would be 0.0 s is ``a moment``."""
    return f"{seconds:.1f} s" if seconds >= 0.05 else "a moment"


def did_you_mean(similar: Iterable[str]) -> str:
    """A question that starts with a blank, or nothing."""
    quoted = [f'"{name}"' for name in similar]
    return f" Did you mean {listed(quoted, 'or')}?" if quoted else ""


def label_in_text(label: str) -> str:
    """A field's label inside a sentence: ``description``, but ``KPIs``."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def property_line(dialect: str, key: str, value: str) -> str:
    """How a property is written: ``segment:: [[City couriers]]``; in YAML a link stands in quotes."""
    if dialect == "logseq":
        return f"{key}:: {value}"
    return f'{key}: "{value}"' if value.startswith("[") else f"{key}: {value}"


def embed_line(dialect: str, title: str) -> str:
    """How a note is shown inside another one."""
    return f"{{{{embed [[{title}]]}}}}" if dialect == "logseq" else f"![[{title}]]"
