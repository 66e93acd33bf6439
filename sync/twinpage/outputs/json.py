"""JSON for machines; ``schemas/outputs`` describes each form. Keys stay, new ones may come: ``format`` tells."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from msgspec.structs import asdict

from twinpage import __version__
from twinpage.model.check_outcome import CheckOutcome, InBaseline, SinceBase
from twinpage.model.event import Event
from twinpage.model.flag import SEVERITIES, Flag
from twinpage.model.outcome import (
    ConflictsOutcome,
    HeldTwin,
    OpenConflict,
    Removal,
    StatusOutcome,
    SyncOutcome,
    TrashOutcome,
    Watcher,
)
from twinpage.model.output import Output, Style
from twinpage.model.review import Review

FORMAT = 1


def check(outcome: CheckOutcome, style: Style) -> str:
    """Flags, sorted by path, line and code, with their number by severity; with a base, those introduced since."""
    summary = {severity: outcome.count(severity) for severity in SEVERITIES}
    more = {"base": _since(outcome.since)} if outcome.since else {}
    if outcome.baseline:
        more["baseline"] = _baseline(outcome.baseline)
    return _written(
        tool={"name": "twinpage", "version": __version__},
        summary={**summary, "artifacts": outcome.artifacts},
        flags=[_flag(flag) for flag in outcome.all_flags],
        **more,
    )


def _since(since: SinceBase) -> dict[str, Any]:
    numbers = Counter(flag.severity for flag in since.standing)
    return {
        "revision": since.revision,
        "commit": since.commit,
        "resolved": [_flag(flag) for flag in since.resolved],
        "standing": {severity: numbers[severity] for severity in SEVERITIES},
    }


def _baseline(baseline: InBaseline) -> dict[str, Any]:
    return {"accepted": [_flag(flag) for flag in baseline.accepted], "fixed": len(baseline.fixed)}


def sync(outcome: SyncOutcome, style: Style) -> str:
    """What a pass wrote, held and found in conflict."""
    changes = [
        {"path": change.path, "action": change.action, "artifact": change.artifact, "because": change.because}
        for change in outcome.changes
    ]
    return _written(
        changes=changes,
        held=[_held(twin) for twin in outcome.held],
        conflicts=[_conflict(conflict) for conflict in outcome.conflicts],
        flags=outcome.flags,
    )


def status(outcome: StatusOutcome, style: Style) -> str:
    """How the twins stand to one another, by artifact id."""
    return _written(
        in_step=outcome.in_step,
        ahead=outcome.ahead,
        behind=outcome.behind,
        apart=outcome.apart,
        conflicts=outcome.conflicts,
        held=outcome.held,
        last_pass=outcome.last_pass or None,
        watch=_watcher(outcome.watcher) if outcome.watcher else None,
    )


def _watcher(watcher: Watcher) -> dict[str, Any]:
    return {
        "process": watcher.pid,
        "since": watcher.since,
        "seconds-since-sign-of-life": round(watcher.age),
        "batches": watcher.batches,
    }


def conflicts(outcome: ConflictsOutcome, style: Style) -> str:
    """All open conflicts with their values, and what git's markers need besides."""
    undone = [{"artifact": left.artifact, "name": left.name, "paths": left.paths} for left in outcome.undone]
    named = [{**_conflict(one), "name": one.name, "place": one.place} for one in outcome.conflicts]
    held = [_held(twin) for twin in outcome.held]
    return _written(conflicts=named, undone=undone, held=held, unstaged=outcome.unstaged)


def event(event: Event, time: str, style: Style) -> str:
    """One thing that a watcher tells, on one line."""
    said = {"format": FORMAT, "event": event.what, "time": time, **asdict(event)}
    del said["what"]
    kept = {name: part for name, part in said.items() if part not in ("", 0)}
    return json.dumps(kept, ensure_ascii=False) + "\n"


def trash(outcome: TrashOutcome, style: Style) -> str:
    """What the trash holds, newest first, and what was taken out of it for good."""
    return _written(
        removals=[{**_removal(removal), "goes": removal.goes} for removal in outcome.removals],
        taken=[_removal(removal) for removal in outcome.taken],
        bytes=sum(removal.size for removal in outcome.removals),
        limits={"days": outcome.days, "megabytes": outcome.megabytes},
        unread=outcome.unread,
        spared=outcome.spared,
    )


def _removal(removal: Removal) -> dict[str, Any]:
    return {
        "name": removal.name,
        "artifact": removal.artifact,
        "when": removal.when,
        "because": removal.because,
        "files": removal.files,
        "bytes": removal.size,
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {**flag.as_data(), "why": flag.why, "fixable": flag.fixable}


def _held(twin: HeldTwin) -> dict[str, Any]:
    return {
        "artifact": twin.artifact,
        "path": twin.path,
        "line": twin.line,
        "pointers": twin.pointers,
        "because": twin.because,
    }


def _conflict(conflict: OpenConflict) -> dict[str, Any]:
    return {
        "artifact": conflict.artifact,
        "path": conflict.path,
        "note": conflict.note or None,
        "pointer": conflict.pointer,
        "base": conflict.base,
        "mine": conflict.mine,
        "other": conflict.other,
        "from": conflict.from_,
    }


def _written(**parts: Any) -> str:
    named = {key.replace("_", "-"): part for key, part in parts.items()}
    return json.dumps({"format": FORMAT, **named}, ensure_ascii=False, indent=2) + "\n"


def review(found: Review, style: Style) -> str:
    """All that a review found, however much it is."""
    from twinpage.core.review.as_data import as_data  # nobody else needs it, and the gate must be quick

    return _written(tool={"name": "twinpage", "version": __version__}, **as_data(found))


OUTPUT = Output(
    name="json",
    check=check,
    sync=sync,
    status=status,
    conflicts=conflicts,
    event=event,
    trash=trash,
    review=review,
)
