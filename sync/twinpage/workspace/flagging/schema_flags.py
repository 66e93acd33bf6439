"""Flags of the schemas of a team's own: what is of a kind whose schema cannot be used is held until it can."""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.artifact_text import read_bytes
from twinpage.model.flag import Flag
from twinpage.model.problem import line_and_column
from twinpage.rules import RULES
from twinpage.workspace.opening import Workspace


def flags_of_schemas(ws: Workspace) -> Iterator[Flag]:
    """Why files in ``schemas/`` are no JSON (TP001) or describe no kind (TP121)."""
    for path, data in ws.schema_files.items():
        source = read_bytes(path, data)
        for problem in source.problems if source.value is None else ws.registry.problems.get(path, ()):
            rule, severity = RULES[problem.code], ws.severities.get(problem.code)
            if severity is None:
                continue
            at = source.offset_of(problem.pointer) if problem.pointer else problem.offset
            line, column = line_and_column(source.text, at or 0)
            told = problem.message
            yield Flag(rule.code, rule.name, severity, path, line, column, "", problem.pointer, told, rule.why)
