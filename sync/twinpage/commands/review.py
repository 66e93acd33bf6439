"""``twinpage review``: what a change does to the model, as a report for whoever has to say yes or no."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from twinpage import __version__
from twinpage.core.review.as_data import as_data
from twinpage.core.review.markup import for_markdown, for_terminal
from twinpage.core.review.report import LIMIT, report
from twinpage.edge.git_place import find_repository
from twinpage.edge.git_range import ends_of
from twinpage.edge.terminal import Terminal
from twinpage.model.flag import Severity
from twinpage.model.review import Review
from twinpage.workspace.review_of import review_of


def run(*, vault: Path, revisions: str, output_format: str, fail_on: Severity | None, terminal: Terminal) -> int:
    """Print the report; 1 when an introduced flag is as grave as ``fail_on``, else of the settings, else 0."""
    remarks: list[str] = []
    review = review_of(ends_of(find_repository(vault), revisions), remarks)
    for remark in remarks:
        terminal.remark(remark)
    if fail_on is not None:
        review = replace(review, fail_on=fail_on)
    terminal.result(_worded(review, output_format, terminal.colour))
    return review.exit_code


def _worded(review: Review, output_format: str, colour: bool) -> str:
    if output_format == "json":
        told = {"format": 1, "tool": {"name": "twinpage", "version": __version__}, **as_data(review)}
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return (
        report(review, for_markdown(), LIMIT) if output_format == "markdown" else report(review, for_terminal(colour))
    )
