"""What many rules do alike: show what a reader noticed."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.rule import Finding
from twinpage.core.vault.vault import Subject


def shown(subject: Subject, code: str) -> Iterator[Finding]:
    """The readers' findings with this code; what both twins say in the same words is said once, of the note.

    A problem with a pointer and no offset is placed by its pointer: validators do not know the text.
    """
    said: set[tuple[str, str]] = set()
    for side, problem in subject.problems(code):
        if (problem.pointer, problem.message) not in said:
            if side == "note":
                said.add((problem.pointer, problem.message))
            offset = problem.offset if problem.offset or not problem.pointer else None
            yield Finding(problem.message, problem.pointer, offset, side)
