"""Our lines in a .gitattributes file, between two comments; all other bytes are people's own."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

BEGIN = b"# twinpage: these lines come and go with `twinpage hooks`"
END = b"# twinpage: end"
_BOM = b"\xef\xbb\xbf"


class Rule(Struct, frozen=True):
    """How git treats the files of one pattern."""

    pattern: str
    example: str
    """A path that it covers."""
    merge: str
    readable: bool = False
    """A diff of it can be shown in words."""

    def line(self, diff: bool = False) -> str:
        return f"{self.pattern} merge={self.merge}{' diff=twinpage' if diff and self.readable else ''}"


RULES = (
    Rule("artifacts/**/*.json", "artifacts/a/b.json", "twinpage", readable=True),
    # A diff of a note in words would hide what is the note's own.
    Rule("*.md", "a/b.md", "twinpage"),
    Rule("signoffs.jsonl", "signoffs.jsonl", "union"),
    Rule("twinpage.baseline", "twinpage.baseline", "union"),
)
_LINES = frozenset(rule.line(diff) for rule in RULES for diff in (False, True))


def lines_in(data: bytes) -> tuple[str, ...]:
    """Our lines; none where there are none, or where somebody broke the comments around them."""
    return tuple(line for line in _inside(data) if line in _LINES)


def with_lines(data: bytes, lines: Iterable[str]) -> bytes:
    """The file with just these lines of ours.

    They come first, since in git the last line that speaks of a path wins: so what people wrote stays in force.
    """
    found = _found(data)
    start, end = found if found is not None else (len(_BOM),) * 2 if data.startswith(_BOM) else (0, 0)
    wanted = list(lines)
    strangers = [line for line in _inside(data) if line not in _LINES]
    texts = [*([BEGIN.decode(), *wanted, END.decode()] if wanted else ()), *strangers]
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    return data[:start] + b"".join(_encoded(text) + newline for text in texts) + data[end:]


def appended(data: bytes, lines: Iterable[str]) -> bytes:
    """The file with these lines at its end, as people write them; nothing else of it changes."""
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    broken = newline if data and not data.endswith(b"\n") else b""
    return data + broken + b"".join(_encoded(line) + newline for line in lines)


def _inside(data: bytes) -> list[str]:
    found = _found(data)
    if found is None:
        return []
    lines = data[found[0] : found[1]].replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")[1:-1]
    return [line.decode("utf-8", "surrogateescape") for line in lines]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _found(data: bytes) -> tuple[int, int] | None:
    """Where our first comment begins, and where the line of the second ends."""
    first = len(_BOM) if data.startswith(_BOM) else 0
    start = first if data[first:].startswith(BEGIN) else data.find(b"\n" + BEGIN) + 1
    end = data.find(b"\n" + END, start)
    if not data[start:].startswith(BEGIN) or end < 0:
        return None
    after = data.find(b"\n", end + 1)
    return start, len(data) if after < 0 else after + 1
