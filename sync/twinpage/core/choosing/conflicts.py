"""Open conflicts as data: entries in the artifact file, and a call-out (Obsidian) or block (Logseq) in the note.

In the note they stand before everything else, in a form that both apps keep and that no value can break out of: every
line of a value is quoted, and what would be a link, an embed, code or a comment there is taken apart. They are shown,
never read back: the values themselves are in the two twins.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

from msgspec import Struct

from twinpage.core.choosing.conflict_words import described, place_in_words
from twinpage.model.conflict import REBASED
from twinpage.model.kind import Kind, Value
from twinpage.model.regex import regex

_MARK = "twinpage conflict: "
_DECIDE = "To decide, run `twinpage resolve "
_ENDS = "This box then goes by itself."
_SAYS = ("The artifact file says:", "The artifact file has nothing here.")
_OURS_REMOVED = "This branch has nothing here, and the other one changed it."
_BRANCH_SAYS = r"The (?:other branch(?: `([^`]*)`)?|rebased commit of `([^`]*)`) (?:has nothing here\.|says:)"
_OR_AGREE = ", or change one side so that both say the same"
_DECIDES = f"{re.escape(_DECIDE)}[^`]*`[^`]*`[^`]*`(?:{re.escape(_OR_AGREE)})?\\. {re.escape(_ENDS)}"
_APPS_OWN = regex(r"(?:id|collapsed|heading|background-color):: ")
_CALLOUT = regex(r"> ?\[!warning\][+-]? twinpage conflict: ")
_BLOCK_START = regex(r"(?:^|\n)[ \t]*(?:-|#+)(?=[ \t\r\n]|\Z)")


class Open(Struct, frozen=True):
    """One open conflict, as one side shows it. Values are plain JSON; None means absent."""

    pointer: str
    base: object
    other: object
    """What the other side says."""
    from_: str
    """Which side that is: ``note``, ``file``, or ``theirs`` and the branch where git tells it."""


class Found(Struct, frozen=True):
    """One conflict shown in a note: the field, and the span of its lines."""

    pointer: str
    start: int
    end: int
    branch: str | None = None
    """What git calls the branch that says the other value, empty where it did not tell; None: the file says it."""

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
    from twinpage.core.lens.hidden import hidden_in_logseq, hidden_in_obsidian  # who merges files needs no lens

    hidden, _ = hidden_in_logseq(text) if dialect == "logseq" else hidden_in_obsidian(text)
    found: list[Found] = []
    at = 0
    while (at := text.find(_MARK, at)) >= 0:
        start = text.rfind("\n", 0, at) + 1
        line, after = _line(text, start)
        pointer = _pointer(line, dialect)
        at = after
        if pointer is not None and not any(span.start <= start < span.end for span in hidden):
            end = _end(text, after, dialect)
            found.append(Found(pointer, start, end, _branch(text, after, end, dialect)))
    return tuple(found)


def add(text: str, dialect: str, body_start: int, opens: Iterable[Open], kind: Kind, artifact_id: str) -> str:
    """Show these conflicts in a note, and no others. ``remove`` gives back the bytes from before.

    ``body_start``: where the note's properties end. One that concerns the whole artifact is not shown: its note is gone
    or about to go.
    """
    blocks = [_block(open_, dialect, kind, artifact_id) for open_ in opens if open_.pointer]
    if lines_shown(text, dialect) == [line.strip() for block in blocks for line in block]:
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


def lines_shown(text: str, dialect: str) -> list[str]:
    """The lines of all conflicts that a note shows, without indentation and without what the app noted there."""
    lines = [line.strip() for found in find(text, dialect) for line in _lines(text, found.start, found.end)]
    return [line for line in lines if not (dialect == "logseq" and _APPS_OWN.match(line))]


def lines_of(opens: Iterable[Open], dialect: str, kind: Kind, artifact_id: str) -> list[str]:
    """The lines in which ``add`` shows these conflicts, without indentation."""
    blocks = [_block(open_, dialect, kind, artifact_id) for open_ in opens if open_.pointer]
    return [line.strip() for block in blocks for line in block]


def remove(text: str, dialect: str, written: Collection[str] | None = None) -> str:
    """A note without the conflicts that it shows. Lines that somebody added to one or changed stay.

    ``written``: the lines without indentation that can be ours; without it, every line that looks so.
    """
    result = ""
    done = 0
    for found in find(text, dialect):
        result += text[done : found.start]
        lines = _lines(text, found.start, found.end)
        foreign = "".join(line for line in lines if not _is_ours(line, dialect, written))
        done = found.end
        if done == len(text) and not text.endswith("\n") and not foreign:
            result = result.removesuffix("\n").removesuffix("\r")
        elif dialect != "logseq" and not foreign:
            blank, after = _line(text, done)
            done = after if blank.strip("\r\n") == "" else done
        result += foreign
    return result + text[done:]


def tidied(text: str, dialect: str) -> str:
    """A note without what the app noted for itself in the conflicts that it shows."""
    result, done = "", 0
    for found in find(text, dialect) if dialect == "logseq" else ():
        lines = _lines(text, found.start, found.end)
        result += text[done : found.start] + "".join(line for line in lines if not _APPS_OWN.match(line.strip()))
        done = found.end
    return result + text[done:]


def _block(open_: Open, dialect: str, kind: Kind, artifact_id: str) -> list[str]:
    title = f"{_MARK}{place_in_words(open_.pointer, kind)} (`{_encoded(open_.pointer)}`)"
    ours, theirs = ("note", "file") if open_.from_ == "file" else ("ours", "theirs")
    agree = _OR_AGREE if open_.from_ == "file" else ""  # between branches both twins say the same already
    decide = f"{_DECIDE}{_encoded(artifact_id)} --take {ours}` or `--take {theirs}`{agree}. {_ENDS}"
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
    if open_.from_ == "ours":
        return _OURS_REMOVED
    branch = open_.from_.removeprefix("theirs").strip()
    what = "has nothing here." if open_.other is None else "says:"
    if branch.endswith(REBASED):  # to whoever rebases it is their own
        return f"The rebased commit of `{_encoded(branch.removesuffix(REBASED))}` {what}"
    branch = _encoded(branch)
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


def _branch(text: str, at: int, end: int, dialect: str) -> str | None:
    for content in (_content(line, dialect) for line in _lines(text, at, end)):
        if content == _OURS_REMOVED:
            return ""
        if says := re.fullmatch(_BRANCH_SAYS, content):
            return unquote(says[1] or "") if says[2] is None else unquote(says[2]) + REBASED
    return None


def _end(text: str, at: int, dialect: str) -> int:
    """Where a conflict ends whose first line ended at ``at``."""
    end = at
    while at < len(text):
        line, at = _line(text, at)
        blank = dialect == "logseq" and line.strip() == ""
        inside = blank or (line[:1] in ("\t", " ") if dialect == "logseq" else line.startswith(">"))
        if not inside or _pointer(line, dialect) is not None:
            return end
        end = end if blank else at
        if _content(line, dialect).startswith(_DECIDE):
            return end
    return end


def _content(line: str, dialect: str) -> str:
    line = line.strip()
    return line.removeprefix("- ") if dialect == "logseq" else line.removeprefix(">").strip()


def _is_ours(line: str, dialect: str, written: Collection[str] | None) -> bool:
    content = _content(line, dialect)
    if content == "" or _pointer(line, dialect) is not None or (dialect == "logseq" and _APPS_OWN.match(content)):
        return True
    if content.startswith(">"):
        return written is None or line.strip() in written
    return content in (*_SAYS, _OURS_REMOVED) or bool(re.fullmatch(f"{_BRANCH_SAYS}|{_DECIDES}", content))


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
    from twinpage.core.lens.hidden import hidden_in_logseq

    hidden, _ = hidden_in_logseq(text)
    for found in _BLOCK_START.finditer(text, max(at - 1, 0)):
        start = found.start() + (found[0][:1] == "\n")
        if start >= at and not any(span.start < start < span.end for span in hidden):
            return start
    return len(text)
