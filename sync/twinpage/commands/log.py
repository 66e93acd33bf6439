"""``twinpage log``: how one artifact changed over commits, in words."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.model_diff import history
from twinpage.edge.git.disk import Contents
from twinpage.edge.git.place import find_repository
from twinpage.edge.git.trees import at_revision
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage
from twinpage.model.difference import LogOutcome
from twinpage.model.plain import plain_line
from twinpage.workspace.revisions.model_history import History, is_shallow


def run(*, vault: Path, artifact: str, number: int | None, output_format: str, terminal: Terminal) -> int:
    """Print the history, newest first; 0. Raises Usage when no commit has the artifact."""
    repository = find_repository(vault)
    head = at_revision(repository, "HEAD")
    with Contents(repository) as contents:
        entries = History(repository, head, contents).of(artifact, number)
    if not entries:
        raise Usage(f"No commit has an artifact `{plain_line(artifact)}`: check the id, or commit it first.")
    outcome = LogOutcome(artifact, entries, is_shallow(repository))
    match output_format:
        case "json":
            terminal.result(history.as_json(outcome))
        case "markdown":
            terminal.result(history.as_markdown(outcome))
        case _:
            terminal.result(history.as_text(outcome, terminal.colour))
    return 0
