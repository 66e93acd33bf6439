"""What a note shows of the other branch while its artifact file says nothing of it.

git merges each file by itself. Where a branch changed a note and did not carry that over, there was nothing to merge in
the artifact file, so the note alone shows what clashed; nobody may take it for decided.
"""

from __future__ import annotations

from twinpage.core.choosing import conflicts
from twinpage.core.choosing.conflicts import Found
from twinpage.edge.git.unmerged import unmerged
from twinpage.model.kind import Value
from twinpage.model.page import Page
from twinpage.workspace.look import artifact_path
from twinpage.workspace.opening import Workspace

MEND = (
    "This shows what the other branch says, and the artifact file does not. `twinpage conflicts` tells both versions "
    "while git has the merge open; after that, write here what is right and remove this box."
)


def only_in_note(ws: Workspace, artifact: str, page: Page, values: tuple[Value | None, ...]) -> Found | None:
    """The first conflict between branches that the note alone shows. ``values``: of the artifact file now and before.

    What the file had when it was last in step was decided there since. While its own merge is open it had it, too.
    """
    shown = [found for found in conflicts.find(page.text, ws.dialect.name) if found.branch is not None]
    if not shown:
        return None
    known = {open_.pointer for value in values for open_ in conflicts.from_artifact(value or {})}
    alone = [found for found in shown if found.pointer not in known]
    return alone[0] if alone and artifact_path(artifact) not in unmerged(ws.root) else None
