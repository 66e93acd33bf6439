"""Text for people at a terminal: one flag a line, what to do at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from twinpage.core.flags.check_words import conclusion
from twinpage.core.trash_words import readable_size, spared_in_words
from twinpage.core.wording import counted, listed, moment, some
from twinpage.model.output import Output, Style
from twinpage.model.plain import plain_line

if TYPE_CHECKING:
    from twinpage.model.check_outcome import CheckOutcome
    from twinpage.model.event import Event
    from twinpage.model.flag import Flag
    from twinpage.model.outcome import (
        Change,
        ConflictsOutcome,
        HeldTwin,
        Removal,
        StatusOutcome,
        SyncOutcome,
        TrashOutcome,
        Watcher,
    )
    from twinpage.model.review import Review

_COLOURS = {"error": "31", "warning": "33", "info": "36", "path": "1", "faint": "2"}
_VERBS = {"created": "made", "updated": "updated", "trashed": "moved to the trash", "merged": "merged"}
_PLANNED = {"created": "make", "updated": "update", "trashed": "move to the trash", "merged": "merge"}
_BACK = "`twinpage restore {}` brings it back."
_EVENTS: dict[str, tuple[str, str]] = {
    "started": ("", "faint"),
    "change": ("", "path"),
    "held": ("held", "warning"),
    "freed": ("free", "faint"),
    "waiting": ("waiting", "faint"),
    "conflict": ("conflict", "error"),
    "agreed": ("agreed", "faint"),
    "flag": ("flag", "warning"),
    "flag-gone": ("flag gone", "faint"),
    "resting": ("resting", "faint"),
    "going-on": ("going on", "faint"),
    "refused": ("refused", "error"),
    "remark": ("", "faint"),
    "stopped": ("", "faint"),
}
"""Of each event the word that it is told by, and its colour."""


MOST_AGAIN = 10
"""So many errors are told a second time, at the end."""
FEW_ALIKE = 3
"""So many that are held for the same reason have a line each."""
NAMED = 8
"""So many of more share one with their ids."""
SILENT = 60.0
"""Seconds without a sign of life after which a watcher is thought to hang; it gives one every ten."""


def check(outcome: CheckOutcome, style: Style) -> str:
    """Flags by file, those of example cases last and apart, then what it all means."""
    lines = [f"mended  {plain_line(_told(change))}" for change in outcome.fixed]
    lines += _by_file(outcome.flags, style)
    if outcome.example_flags:
        lines += [*_gap(lines), "Example cases:", *_by_file(outcome.example_flags, style)]
    if outcome.since and outcome.since.resolved:
        lines += [*_gap(lines), f"Resolved since {plain_line(outcome.since.revision)}:"]
        lines += [_resolved(flag, style) for flag in outcome.since.resolved]
    if style.statistics:
        lines += _gap(lines) + _statistics(outcome)
    lines += _gap(lines) + conclusion(outcome)
    lines += _errors_again(outcome, style)
    return "\n".join(lines) + "\n"


def _errors_again(outcome: CheckOutcome, style: Style) -> list[str]:
    """Who was refused a commit need not search among what refuses nobody."""
    flags = [*outcome.flags, *outcome.example_flags]
    errors = [flag for flag in flags if flag.severity == "error"]
    if not errors or len(errors) == len(flags):
        return []
    shown = [f"  {line}" for line in _by_file(errors, style)[:MOST_AGAIN]]
    left = [f"  and {len(errors) - MOST_AGAIN} more"] if len(errors) > MOST_AGAIN else []
    return [f"Mend {'this error' if len(errors) == 1 else f'these {len(errors)} errors'} first:", *shown, *left]


def sync(outcome: SyncOutcome, style: Style) -> str:
    """What was written and why, what waits, what needs a decision."""
    verbs = _PLANNED if outcome.planned else _VERBS
    lines = [f"{verbs[change.action]:<18}  {plain_line(_told(change))}" for change in outcome.changes]
    lines += _held(outcome.held, style)
    lines += [
        f"{_coloured('conflict', 'error', style)}  {plain_line(conflict.artifact)}  {_place(conflict.pointer)}"
        for conflict in outcome.conflicts
    ]
    lines += [_pass_in_words(outcome), *_ways_back(outcome)]
    if outcome.conflicts:
        lines.append("`twinpage conflicts` shows both sides, and what to type to decide.")
    if outcome.flags:
        lines.append(f"{counted(outcome.flags, 'flag')}: see `twinpage check`.")
    return "\n".join(lines) + "\n"


def _held(twins: Iterable[HeldTwin], style: Style) -> Iterator[str]:
    """One line each; those that wait for the same reason share one, with their ids."""
    by_reason: dict[str, list[HeldTwin]] = {}
    for twin in twins:
        by_reason.setdefault(twin.because, []).append(twin)
    held = _coloured("held", "warning", style)
    for because, alike in by_reason.items():
        if len(alike) > FEW_ALIKE:
            ids = ", ".join(plain_line(twin.artifact or twin.path) for twin in alike[:NAMED])
            more = f" and {len(alike) - NAMED:,} more" if len(alike) > NAMED else ""
            yield f"{held}  {ids}{more}  {plain_line(because)}"
        else:
            yield from (f"{held}  {plain_line(twin.path)}:{twin.line}  {plain_line(because)}" for twin in alike)


def status(outcome: StatusOutcome, style: Style) -> str:
    """How many twins are in step, and which are not."""
    groups = (
        ("note is ahead", "notes are ahead", outcome.ahead),
        ("note is behind", "notes are behind", outcome.behind),
        ("changed on both sides", "changed on both sides", outcome.apart),
        ("in conflict", "in conflict", outcome.conflicts),
        ("held", "held", outcome.held),
    )
    lines = [f"{counted(outcome.in_step, 'twin')} in step."]
    for one, many, artifacts in groups:
        if artifacts:
            lines.append(f"{counted(len(artifacts), one, many)}:")
            lines += [f"  {plain_line(artifact)}" for artifact in artifacts]
    lines.append(f"Last pass: {moment(plain_line(outcome.last_pass)) or 'none yet on this machine'}.")
    lines.append(_watched(outcome.watcher))
    if outcome.conflicts:
        lines.append("`twinpage conflicts` shows both sides.")
    elif outcome.ahead or outcome.behind or outcome.apart:
        lines.append("`twinpage sync` brings them in step.")
    if outcome.held:
        lines.append("`twinpage sync` tells why something is held and what to do.")
    return "\n".join(lines) + "\n"


def _watched(watcher: Watcher | None) -> str:
    if watcher is None:
        return "Nobody watches this vault; `twinpage watch` keeps both sides in step."
    who = f"Watched by {plain_line(watcher.name)} since {moment(plain_line(watcher.since))}"
    if watcher.age > SILENT:
        return f"{who}, which has not answered for {watcher.age:.0f} s: stop it and start `twinpage watch` again."
    return f"{who}: {counted(watcher.batches, 'batch', 'batches')} carried, last sign of life {watcher.age:.0f} s ago."


def conflicts(outcome: ConflictsOutcome, style: Style) -> str:
    """Each conflict with its three values side by side, and the commands that end it."""
    from twinpage.core.choosing.conflict_table import commands, ending, merge_command, table

    lines: list[str] = []
    for _, group in groupby(outcome.conflicts, key=lambda conflict: conflict.artifact):
        found = list(group)
        first = found[0]
        lines += [*_gap(lines), *_headed(first.artifact, first.name, [first.note, first.path], style)]
        for conflict in found:
            lines += ["", *table(conflict, style.width)]
        lines += ["", f"  {ending(found)}", *(f"    {command}" for command in commands(found, outcome.vault))]
    for left in outcome.undone:
        lines += [*_gap(lines), *_headed(left.artifact, left.name, left.paths, style), ""]
        lines += ["  git did not end this merge, but nothing clashes. This writes the merge:"]
        lines += [f"    {merge_command(left, outcome.vault)}"]
    for line in _held(outcome.held, style):
        lines += [*_gap(lines), line]
    if not lines:
        lines = ["No conflicts."]
    if outcome.unstaged:
        them = listed([plain_line(path) for path in outcome.unstaged])
        lines += ["", f"git waits for {them}: look whether it is merged as it should be, then stage it with `git add`."]
    if any(conflict.pointer and not conflict.by_git for conflict in outcome.conflicts):
        lines += ["", "Editing both sides so that they say the same ends a conflict, too."]
    return "\n".join(lines) + "\n"


def event(event: Event, time: str, style: Style) -> str:
    """One calm line: when, what, where, why."""
    word, colour = _EVENTS[event.what]
    if event.what == "change":
        word = _VERBS[event.action]
    at = f"{plain_line(event.path)}:{event.line}" if event.line else plain_line(event.path or event.artifact)
    if event.what == "conflict":
        at = f"{plain_line(event.artifact)} {_place(event.pointer)}"
    sentence = _without_advice(event.sentence) if event.what == "flag-gone" else plain_line(event.sentence)
    if event.action == "trashed":
        sentence = f"{sentence}; {_BACK.format(plain_line(event.artifact)).rstrip('.')}"
    told = f"({sentence})" if event.what == "change" else sentence
    if event.code:
        told = f"{event.code} {told}"
    head = _coloured(time.partition("T")[2][:8] or time, "faint", style)
    words = [head, _coloured(f"{word:<9}", colour, style) if word else "", at, told]
    return "  ".join(part for part in words if part).rstrip() + "\n"


def trash(outcome: TrashOutcome, style: Style) -> str:
    """One removal a row, the newest first; then what all of it weighs, what pruning takes, and how one comes back."""
    if outcome.pruned:
        return "\n".join([*_taken(outcome), *_weight(outcome)]) + "\n"
    lines = []
    for removal in outcome.removals:
        back = "" if removal.by_id or not removal.files else f"  `twinpage restore {plain_line(removal.name)}`"
        lines.append(_removal(removal) + back + (_coloured("  [goes]", "faint", style) if removal.goes else ""))
    lines += _weight(outcome)
    if outcome.removals:
        going = sum(removal.goes for removal in outcome.removals)
        what = f"{going} of them, marked [goes]" if going else "none of them"
        lines.append(f"Pruning takes {what}: it takes {_limits(outcome)}.")
        lines.append("Bring one back with `twinpage restore ID`.")
    return "\n".join(lines) + "\n"


def _taken(outcome: TrashOutcome) -> list[str]:
    if not outcome.taken:
        return [f"Nothing was taken away: pruning takes {_limits(outcome)}."]
    size = readable_size(sum(removal.size for removal in outcome.taken))
    rows = [f"taken away  {_removal(removal)}" for removal in outcome.taken]
    return [*rows, f"{counted(len(outcome.taken), 'removal')} taken away for good, {size}."]


def _weight(outcome: TrashOutcome) -> Iterator[str]:
    size = readable_size(sum(removal.size for removal in outcome.removals))
    many = counted(len(outcome.removals), "removal")
    yield f"The trash holds {many}, {size}." if outcome.removals else "The trash is empty."
    if outcome.spared:
        yield spared_in_words(outcome.megabytes)
    if outcome.unread:
        names = some([plain_line(folder) for folder in outcome.unread])
        yield f"Left alone, because its record cannot be read: {names}. Look into it, and delete it by hand."


def _removal(removal: Removal) -> str:
    when = moment(plain_line(removal.when))
    kinds = {"note": ".md", "artifact file": ".json"}
    files = listed([word for word, ending in kinds.items() if any(path.endswith(ending) for path in removal.files)])
    told = f"({plain_line(removal.because)}; {files or 'nothing is left of it'})"
    return f"{when:<16}  {readable_size(removal.size):>9}  {plain_line(removal.artifact)}  {told}"


def _limits(outcome: TrashOutcome) -> str:
    return f"what is older than {outcome.days} days, and the oldest beyond {outcome.megabytes:,} MB"


def _headed(artifact: str, name: str, paths: Iterable[str], style: Style) -> list[str]:
    heading = f"{plain_line(name)} ({plain_line(artifact)})" if name else plain_line(artifact)
    return [_coloured(heading, "path", style), *(f"  {plain_line(path)}" for path in paths if path)]


def _by_file(flags: Sequence[Flag], style: Style) -> list[str]:
    return [_line(flag, style) for flag in sorted(flags, key=lambda flag: flag.order)]


def _line(flag: Flag, style: Style) -> str:
    place = _coloured(f"{plain_line(flag.path)}:{flag.line}:{flag.column}", "path", style)
    severity = _coloured(flag.severity, flag.severity, style)
    mark = _coloured("  [fix]", "faint", style) if flag.fixable else ""
    return f"{place}  {severity} {flag.code} {plain_line(flag.message)}{mark}"


def _resolved(flag: Flag, style: Style) -> str:
    """What is gone needs no line and no advice."""
    return _coloured(f"{plain_line(flag.path)}  {flag.code} {_without_advice(flag.message)}", "faint", style)


def _without_advice(message: str) -> str:
    return plain_line(message).partition(". ")[0].rstrip(".") + "."


def _statistics(outcome: CheckOutcome) -> list[str]:
    numbers = Counter((flag.code, flag.name, flag.severity) for flag in outcome.all_flags)
    ordered = sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0]))
    return [f"{number:>6}  {code}  {severity:<7}  {name}" for (code, name, severity), number in ordered]


def _told(change: Change) -> str:
    return f"{change.path}  ({change.because})"


def _pass_in_words(outcome: SyncOutcome) -> str:
    if not outcome.changes:
        waiting = outcome.held or outcome.conflicts or outcome.not_written
        return "Nothing to write." if waiting else "Everything is in step; nothing to write."
    gone = len(_trashed(outcome))
    would = "would be " if outcome.planned else ""
    told = [f"{counted(written, 'file')} {would}written"] if (written := len(outcome.changes) - gone) else []
    if gone:
        told.append(f"{gone} moved to the trash" if told else f"{counted(gone, 'file')} {would}moved to the trash")
    return ", ".join(told) + ("; nothing was." if outcome.planned else ".")


def _trashed(outcome: SyncOutcome) -> list[Change]:
    return [change for change in outcome.changes if change.action == "trashed"]


def _ways_back(outcome: SyncOutcome) -> list[str]:
    ids = {change.artifact for change in _trashed(outcome)}
    if not ids or outcome.planned:
        return []
    return [_BACK.format(plain_line(*ids)) if len(ids) == 1 else "`twinpage restore ID` brings each of them back."]


def _place(pointer: str) -> str:
    return plain_line(pointer) or "the whole artifact"


def _coloured(text: str, colour: str, style: Style) -> str:
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if style.colour else text


def _gap(lines: Sequence[str]) -> list[str]:
    return [""] if lines else []


def review(found: Review, style: Style) -> str:
    """The whole report, in colour on a terminal."""
    from twinpage.core.review.markup import for_terminal  # nobody else needs it, and the gate must be quick
    from twinpage.core.review.report import report

    return report(found, for_terminal(style.colour))


OUTPUT = Output(
    name="text",
    check=check,
    sync=sync,
    status=status,
    conflicts=conflicts,
    event=event,
    trash=trash,
    review=review,
)
