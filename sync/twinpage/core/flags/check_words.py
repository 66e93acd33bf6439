"""What a check comes to, in sentences that all formats for people share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from twinpage.core.wording import counted, listed, words
from twinpage.model.check_outcome import CheckOutcome, Coverage
from twinpage.model.flag import SEVERITIES, Flag
from twinpage.model.plain import plain_line

MOST_NAMED = 10


def conclusion(outcome: CheckOutcome) -> list[str]:
    """What the flags mean, in lines: the verdict first, what to do last."""
    flags = outcome.all_flags
    since = outcome.since
    inside = f"in {counted(outcome.artifacts, 'artifact')}"
    if since:
        inside = f"introduced since {plain_line(since.revision)} {inside}"
    if not flags:
        accepted = outcome.baseline is not None and outcome.baseline.accepted
        lines = [f"No flags {inside} but those that are accepted." if accepted else f"No flags {inside}."]
    else:
        said = [_severity_count(severity, outcome.count(severity)) for severity in SEVERITIES]
        apart = f"; example cases account for {len(outcome.example_flags)}" if outcome.example_flags else ""
        lines = [f"{listed([part for part in said if part])} {inside}{apart}."]
    if since:
        lines.append(f"{counted(len(since.resolved), 'flag')} resolved; {len(since.standing)} stand in both.")
    lines += in_baseline(outcome)
    lines += coverage_in_words(outcome.coverage)
    fixable = sum(flag.fixable for flag in flags)
    if fixable:
        lines.append(f"`twinpage check --fix` can mend {fixable}, marked [fix].")
    if flags:
        lines.append(f"`twinpage explain {_gravest(outcome).code}` tells why a flag is there and how to mend it.")
    return lines


def _gravest(outcome: CheckOutcome) -> Flag:
    """The first of the gravest ones, those of example cases after the team's own."""
    own, examples = (sorted(some, key=lambda flag: flag.order) for some in (outcome.flags, outcome.example_flags))
    return min((*own, *examples), key=lambda flag: SEVERITIES.index(flag.severity))


def _severity_count(severity: str, number: int) -> str:
    if not number:
        return ""
    return f"{number} info" if severity == "info" else counted(number, severity)


def in_baseline(outcome: CheckOutcome) -> Iterator[str]:
    """What is accepted, and what is fixed and so need not be accepted any more."""
    baseline = outcome.baseline
    if baseline is None:
        return
    accepted = f"{len(baseline.accepted)} accepted in twinpage.baseline"
    if baseline.new:
        yield f"{accepted}, {len(baseline.new)} of them new:"
        yield from _named([f"{flag.code} {flag.artifact or flag.path} {flag.pointer}" for flag in baseline.new])
    elif baseline.new is not None:
        yield f"{accepted}, none of them new."
    elif baseline.accepted or baseline.written:
        yield f"{accepted}."
    if baseline.fixed:
        fixed = counted(len(baseline.fixed), "accepted flag is", "accepted flags are")
        end = "gone from twinpage.baseline" if baseline.written else "`twinpage check --prune-baseline` takes them out"
        yield f"{fixed} fixed; {end}:"
        yield from _named(baseline.fixed)
    if baseline.new is not None and outcome.all_flags:
        yield _not_accepted(outcome.all_flags)
    if baseline.waits_for_commit:
        yield "Commit twinpage.baseline: the hook and CI go by what is staged and committed."


def _named(entries: Sequence[str]) -> Iterator[str]:
    for text in entries[:MOST_NAMED]:
        yield f"  {plain_line(' '.join(text.split()))}"
    if len(entries) > MOST_NAMED:
        yield f"  and {len(entries) - MOST_NAMED} more"


def _not_accepted(flags: Sequence[Flag]) -> str:
    """``flags``: what is left when all that can be accepted is."""
    codes = sorted({flag.code for flag in flags})
    ways = {
        "TP501": "`twinpage sync` brings twins in step",
        "TP901": "`twinpage conflicts` shows what is to be decided",
    }
    never = f"{listed(codes)} never {'is' if len(codes) == 1 else 'are'}"
    number = counted(len(flags), "flag is", "flags are")
    return f"{number} not accepted: {never}. {listed([ways[code] for code in codes])}."


def coverage_in_words(rows: Iterable[Coverage]) -> Iterator[str]:
    """``3 of 4 profiles have a journey, 2 of 4 a sales strategy.``, the team's own cases first."""
    for example, group in groupby(sorted(rows, key=lambda row: row.example), key=lambda row: row.example):
        parts = [
            f"{row.have} of {counted(row.of, words(row.kind))} with {words(row.partner)}" for row in group if row.of
        ]
        if parts:
            yield f"{'Example cases' if example else 'Coverage'}: {', '.join(parts)}."
