"""``twinpage review``: what a change does to the model, as a report for whoever has to say yes or no."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from twinpage.edge.git.place import find_repository
from twinpage.edge.terminal import Terminal
from twinpage.model.flag import Severity
from twinpage.model.output import Style
from twinpage.workspace.revisions.ends import ends_of


def run(*, vault: Path, revisions: str, output_format: str, fail_on: Severity | None, terminal: Terminal) -> int:
    """Print the report; 1 when an introduced flag is as grave as ``fail_on``, else of the settings, else 0."""
    remarks: list[str] = []
    ends = ends_of(find_repository(vault), revisions, _get_ready)
    from twinpage.outputs import output_for
    from twinpage.workspace.revisions.review_of import review_of

    review = review_of(ends, remarks)
    for remark in remarks:
        terminal.remark(remark)
    if fail_on is not None:
        review = replace(review, fail_on=fail_on)
    terminal.result(output_for("review", output_format)(review, Style(colour=terminal.colour)))
    return review.exit_code


def _get_ready() -> None:
    """Import, while git lists what it has, what is only needed then."""
    from twinpage import outputs, rules  # noqa: F401
    from twinpage.workspace.revisions import review_of  # noqa: F401
