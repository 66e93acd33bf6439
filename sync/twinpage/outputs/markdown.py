"""Markdown for the summary of a job or a comment: the verdict first, then the flags, then all else."""

from __future__ import annotations

from twinpage.core.flags.check_words import conclusion
from twinpage.core.safe_markdown import code, sentence
from twinpage.core.wording import counted
from twinpage.model.check_outcome import CheckOutcome
from twinpage.model.flag import SEVERITIES, Flag
from twinpage.model.output import Output, Style
from twinpage.model.review import Review

LONGEST = 60_000
"""Characters; a comment on GitHub may have 65,536."""
_ROOM = 200
"""For the sentences about what was cut."""
_HEAD = ["| | flag | where | what |", "|---|---|---|---|"]


def check(outcome: CheckOutcome, style: Style) -> str:
    """At most ``LONGEST`` characters. What is cut is told, and flags are cut last, the least severe ones first."""
    verdict, *rest = [sentence(line) for line in conclusion(outcome)]
    lines = ["## twinpage check", "", f"**{verdict}**", ""]
    left = LONGEST - _ROOM - _size(lines) - _size(_HEAD)
    rows = [_row(flag, example=False) for flag in _ordered(outcome.flags)]
    rows += [_row(flag, example=True) for flag in _ordered(outcome.example_flags)]
    shown = _fitting(rows, left)
    if shown:
        lines += [*_HEAD, *shown, ""]
    if len(shown) < len(rows):
        lines += [f"{counted(len(rows) - len(shown), 'flag')} cut; `twinpage check` lists all.", ""]
    left -= _size(shown)
    resolved = [f"- {flag.code} {code(flag.path)} {sentence(flag.message)}" for flag in _resolved(outcome)]
    more = [*(f"- {line}" for line in rest), *([""] if resolved else []), *(f"{row} (resolved)" for row in resolved)]
    told = _fitting(more, left)
    lines += told
    if len(told) < len(more):
        lines += ["", f"{counted(len(more) - len(told), 'line')} about other things cut."]
    return "\n".join(lines).rstrip("\n") + "\n"


def _ordered(flags: tuple[Flag, ...]) -> list[Flag]:
    return sorted(flags, key=lambda flag: (SEVERITIES.index(flag.severity), flag.order))


def _resolved(outcome: CheckOutcome) -> tuple[Flag, ...]:
    return outcome.since.resolved if outcome.since else ()


def _row(flag: Flag, example: bool) -> str:
    severity = f"{flag.severity}, example" if example else flag.severity
    mark = r" \[fix\]" if flag.fixable else ""
    return f"| {severity} | {flag.code} | {code(f'{flag.path}:{flag.line}')} | {sentence(flag.message)}{mark} |"


def _size(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _fitting(lines: list[str], room: int) -> list[str]:
    fit = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fit.append(line)
    return fit


def review(found: Review, style: Style) -> str:
    """The report for a pull request, within its limit."""
    from twinpage.core.review.markup import for_markdown  # nobody else needs it, and the gate must be quick
    from twinpage.core.review.report import LIMIT, report

    return report(found, for_markdown(), LIMIT)


OUTPUT = Output(name="markdown", check=check, review=review)
