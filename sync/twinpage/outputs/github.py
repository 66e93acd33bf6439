"""Annotations of GitHub: commands of a workflow on stdout, which its pages show beside the lines.

GitHub shows ten of each severity and step, so no more are given, and the rest is told by number.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinpage.core.flags.check_words import conclusion
from twinpage.model.check_outcome import CheckOutcome
from twinpage.model.flag import SEVERITIES, Flag
from twinpage.model.output import Output, Style
from twinpage.model.plain import plain

MOST = 10
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def check(outcome: CheckOutcome, style: Style) -> str:
    """The first ten flags of each severity, those of example cases last, then what it all means."""
    flags = [*_ordered(outcome.flags), *_ordered(outcome.example_flags)]
    lines: list[str] = []
    for severity in SEVERITIES:
        found = [flag for flag in flags if flag.severity == severity]
        lines += [_annotation(flag, outcome.prefix) for flag in found[:MOST]]
        if len(found) > MOST:
            lines.append(f"{len(found) - MOST} more with severity {severity}; `twinpage check` lists all.")
    lines += [_harmless(line) for line in conclusion(outcome)]
    return "\n".join(lines) + "\n"


def _ordered(flags: tuple[Flag, ...]) -> Iterator[Flag]:
    yield from sorted(flags, key=lambda flag: flag.order)


def _annotation(flag: Flag, prefix: str) -> str:
    facts = {
        "file": prefix + flag.path,
        "line": str(flag.line),
        "col": str(flag.column),
        "title": f"{flag.code} {flag.name}",
    }
    told = ",".join(f"{key}={_property(value)}" for key, value in facts.items())
    return f"::{_COMMANDS[flag.severity]} {told}::{_data(flag.message)}"


def _data(text: str) -> str:
    """Escaped as the runner reads it: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts"""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return plain(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _harmless(line: str) -> str:
    """A line of ours in which no command can begin, whatever a revision is called."""
    return line.replace("::", ": :").replace("##[", "## [")


OUTPUT = Output(name="github", check=check)
