"""Open conflicts as data: entries in the artifact file, and a call-out (Obsidian) or block (Logseq) in the note.

In the note they stand before everything else, in a form that both apps keep and that no value can break out of: every
line of a value is quoted, and what would be a link, an embed, code or a comment there is taken apart. They are shown,
never read back: the values themselves are in the two twins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from twinpage.core.conflict_words import described, place_in_words
from twinpage.core.lens.hidden import hidden_in_logseq, hidden_in_obsidian
from twinpage.model.kind import Kind, Value

_MARK = "twinpage conflict: "
_DECIDE = "To decide, run `twinpage resolve "
_SAYS = ("The artifact file says:", "The artifact file has nothing here.", "The other branch")
_CALLOUT = re.compile(r"> ?\[!warning\][+-]? twinpage conflict: ")
_BLOCK_START = re.compile(r"(?:^|\n)[ \t]*(?:-|#+)(?=[ \t\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Open:
    """One open conflict, as one side shows it. Values are plain JSON; None means absent."""

    pointer: str
    base: object
    other: object
    """What the other side says."""
    from_: str
    """Which side that is: ``note``, ``file``, or ``theirs`` and the branch where git tells it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One conflict shown in a note: the field, and the span of its lines."""

    pointer: str
    start: int
    end: int

    @property
    def offset(self) -> int:
        return self.start


def to_artifact(value: Value, opens: Iterable[Open]) -> Value:
    """An artifact with these conflicts of sync in place of those that it had. Conflicts of git's merges stay."""
    kept = [open_ for open_ in from_artifact(value) if open_.from_ != "note"]
    entries = [
        {"pointer": open_.pointer, "base": open_.base, "other": open_.other, "from": open_.from_}
        for open_ in [*kept, *opens]
    ]
    rest = {name: part for name, part in value.items() if name != "conflicts"}
    return {**rest, "conflicts": entries} if entries else rest


def from_artifact(value: Value) -> tuple[Open, ...]:
    """The open conflicts of an artifact; entries that are none are passed over (the schema flags them)."""
    entries = value.get("conflicts")
    return tuple(
        Open(entry["pointer"], entry.get("base"), entry.get("other"), str(entry.get("from", "note")))
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("pointer"), str)
    )


def find(text: str, dialect: str) -> tuple[Found, ...]:
    """The conflicts that a note shows, wherever people moved them and however the app saved it. Code does not count."""
    if _MARK not in text:
        return ()
    hidden, _ = hidden_in_logseq(text) if dialect == "logseq" else hidden_in_obsidian(text)
    found: list[Found] = []
    at = 0
    while (at := text.find(_MARK, at)) >= 0:
        start = text.rfind("\n", 0, at) + 1
        line, after = _line(text, start)
        pointer = _pointer(line, dialect)
        at = after
        if pointer is not None and not any(span.start <= start < span.end for span in hidden):
            found.append(Found(pointer, start, _end(text, after, dialect)))
    return tuple(found)


def add(text: str, dialect: str, body_start: int, opens: Iterable[Open], kind: Kind, artifact_id: str) -> str:
    """Show these conflicts in a note, and no others. ``remove`` gives back the bytes from before.

    ``body_start``: where the note's properties end. One that concerns the whole artifact is not shown: its note is gone
    or about to go.
    """
    blocks = [_block(open_, dialect, kind, artifact_id) for open_ in opens if open_.pointer]
    if _shown(text, dialect) == [line.strip() for block in blocks for line in block]:
        return text
    text = remove(text, dialect)
    newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    at = _first_block(text, body_start) if dialect == "logseq" else body_start
    between = newline if dialect == "logseq" else newline * 2
    shown = between.join(newline.join(block) for block in blocks)
    if not blocks:
        return text
    if at and text[at - 1] != "\n":
        at = _line(text, at)[1]
    if at and text[at - 1] != "\n":
        return f"{text[:at]}{newline}{shown}"
    return f"{text[:at]}{shown}{between}{text[at:]}"


def remove(text: str, dialect: str) -> str:
    """A note without the conflicts that it shows. Lines that somebody added to one stay."""
    result = ""
    done = 0
    for found in find(text, dialect):
        result += text[done : found.start]
        foreign = "".join(line for line in _lines(text, found.start, found.end) if not _is_ours(line, dialect))
        done = found.end
        if done == len(text) and not text.endswith("\n") and not foreign:
            result = result.removesuffix("\n").removesuffix("\r")
        elif dialect != "logseq" and not foreign:
            blank, after = _line(text, done)
            done = after if blank.strip("\r\n") == "" else done
        result += foreign
    return result + text[done:]


def git_markers(text: str) -> int | None:
    """Where a conflict begins that git left in a text; None when there is none. Indented ones count: apps indent."""
    at = -1
    while (at := text.find("<<<<<<< ", at + 1)) >= 0:
        start = text.rfind("\n", 0, at) + 1
        if text[start:at].strip(" \t") == "":
            middle = _starting(text, "=======", at)
            return start if middle is not None and _starting(text, ">>>>>>> ", middle) is not None else None
    return None


def _starting(text: str, mark: str, at: int) -> int | None:
    """The first line after ``at`` that starts with a mark."""
    while (at := text.find(mark, at + 1)) >= 0:
        if text[text.rfind("\n", 0, at) + 1 : at].strip(" \t") == "":
            return at
    return None


def _block(open_: Open, dialect: str, kind: Kind, artifact_id: str) -> list[str]:
    title = f"{_MARK}{place_in_words(open_.pointer, kind)} (`{_encoded(open_.pointer)}`)"
    ours, theirs = ("note", "file") if open_.from_ == "file" else ("ours", "theirs")
    decide = (
        f"{_DECIDE}{_encoded(artifact_id)} --take {ours}` or `--take {theirs}`, or change one side so that both say "
        "the same. This box then goes by itself."
    )
    value = [f"> {line}".rstrip() for line in described(open_.other, open_.pointer, kind)]
    says = _says(open_)
    if dialect == "logseq":
        quoted = [f"\t\t{'  ' if number else '- '}{line}" for number, line in enumerate(value)]
        return [f"- {title}", f"\t- {says}", *quoted, f"\t- {decide}"]
    # The empty line keeps what follows from being read as part of the inner quote.
    return [f"> [!warning] {title}", f"> {says}", *(f"> {line}" for line in value), ">", f"> {decide}"]


def _says(open_: Open) -> str:
    if open_.from_ == "file":
        return _SAYS[1] if open_.other is None else _SAYS[0]
    branch = _encoded(open_.from_.removeprefix("theirs").strip())
    what = "has nothing here." if open_.other is None else "says:"
    return " ".join(["The other branch", *([f"`{branch}`"] if branch else []), what])


def _encoded(part: str) -> str:
    """A pointer or id that cannot end the code span it stands in, nor be anything else."""
    return re.sub(r"[^\w/.~ -]", lambda odd: "".join(f"%{byte:02X}" for byte in odd[0].encode()), part)


def _pointer(line: str, dialect: str) -> str | None:
    """The pointer that the first line of a conflict names; None for any other line."""
    line = line.strip()
    if dialect == "logseq":
        if not line.startswith(f"- {_MARK}"):
            return None
    elif not _CALLOUT.match(line):
        return None
    at = line.rfind("(`/")
    if at < 0 or not line.endswith("`)") or "`" in line[at + 2 : -2]:
        return None
    return unquote(line[at + 2 : -2])


def _end(text: str, at: int, dialect: str) -> int:
    """Where a conflict ends whose first line ended at ``at``."""
    while at < len(text):
        line, after = _line(text, at)
        inside = line[:1] in ("\t", " ") if dialect == "logseq" else line.startswith(">")
        if not inside or _pointer(line, dialect) is not None:
            return at
        at = after
        if _content(line, dialect).startswith(_DECIDE):
            return at
    return at


def _content(line: str, dialect: str) -> str:
    line = line.strip()
    return line.removeprefix("- ") if dialect == "logseq" else line.removeprefix(">").strip()


def _is_ours(line: str, dialect: str) -> bool:
    content = _content(line, dialect)
    return content == "" or content.startswith((">", _DECIDE, *_SAYS)) or _pointer(line, dialect) is not None


def _shown(text: str, dialect: str) -> list[str]:
    return [line.strip() for found in find(text, dialect) for line in _lines(text, found.start, found.end)]


def _line(text: str, start: int) -> tuple[str, int]:
    """The line at an offset with its line feed, and where the next one starts."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end + 1
    return text[start:end], end


def _lines(text: str, start: int, end: int) -> Iterator[str]:
    while start < end:
        line, start = _line(text, start)
        yield line


def _first_block(text: str, at: int) -> int:
    """Where the first block of a Logseq page starts; its end when there is none."""
    hidden, _ = hidden_in_logseq(text)
    for found in _BLOCK_START.finditer(text, max(at - 1, 0)):
        start = found.start() + (found[0][:1] == "\n")
        if start >= at and not any(span.start < start < span.end for span in hidden):
            return start
    return len(text)
