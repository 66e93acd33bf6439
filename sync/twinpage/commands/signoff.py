"""``twinpage signoff``: somebody has read an artifact, and it is right."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.signoffs import LONGEST_NOTE, who
from twinpage.edge.git.person import person
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage
from twinpage.model.plain import plain_line
from twinpage.model.signoff import SIGNOFFS
from twinpage.workspace.git.uniting import let_git_unite
from twinpage.workspace.opening import open_workspace
from twinpage.workspace.signing import sign_off


def run(*, vault: Path, artifact: str, note: str, terminal: Terminal) -> int:
    """Append the sign-off, and tell it."""
    note = _one_text(note)
    ws = open_workspace(vault)
    try:
        done = sign_off(ws, artifact, person, note)
    finally:
        ws.close()
    what = f"{plain_line(done.name)} ({artifact})"
    if done.written:
        terminal.result(f"Signed off as {who(done.signoff)}: {what}.")
        terminal.remark(f"Commit {SIGNOFFS}, so that others see it.")
        if told := let_git_unite(vault):
            terminal.remark(told)
    else:
        terminal.result(f"{what} is signed off by you since {done.signoff.day}, and says the same; nothing was added.")
    return 0


def _one_text(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Usage(f"The note is longer than {LONGEST_NOTE:,} characters: say it shorter, or in the artifact's note.")
    try:
        note.encode("utf-8")
    except UnicodeEncodeError:
        raise Usage("The note is no text in UTF-8: write it again.") from None
    return note
