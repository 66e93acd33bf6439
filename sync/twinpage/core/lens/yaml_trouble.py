"""What a YAML reader complains of, in the words of somebody who writes properties and no YAML."""

from __future__ import annotations

_WORDS = (
    (("mapping values",), 'a value goes on with a colon, or the line is indented too far. Put the value in "quotes".'),
    (("token",), 'a value begins with a character that it may not begin with. Put the value in "quotes".'),
    (("end of stream",), "a quotation mark or bracket is opened and never closed. Close it."),
    (("']'", "'}'"), "a list in brackets is never closed, or lacks a comma. Mend it."),
    (("expected key", "expected ':'", "block end", "document start"), "this line is no `name: value`. Mend it."),
    (("escape",), "a backslash in double quotes means something else there. Use 'single quotes'."),
)


def in_words(problem: str | None) -> str:
    """The end of a sentence that says why properties cannot be read, with what to do.

    ``problem``: as libyaml or PyYAML word it, which differ.
    """
    said = problem or ""
    for marks, words in _WORDS:
        if any(mark in said for mark in marks):
            return words
    return f"{said or 'this is no YAML'}. Mend this line."
