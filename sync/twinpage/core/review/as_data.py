"""A review as plain data, all of it: for the JSON output."""

from __future__ import annotations

from typing import Any

from twinpage.core.model_diff import words
from twinpage.model.review import Changed, Introduced, Moment, Named, Review


def as_data(review: Review) -> dict[str, Any]:
    """By the names of ``schemas/outputs/review.schema.json``."""
    return {
        "base": _moment(review.base),
        "head": _moment(review.head),
        "verdict": {"passes": not review.fails, "fail-on": review.fail_on},
        "counts": [
            {"kind": one.kind, "before": one.before, "after": one.after, "example": one.example}
            for one in review.counts
        ],
        "coverage": [
            {
                "kind": row.kind,
                "partner": row.partner,
                "before": {"have": row.before[0], "of": row.before[1]},
                "after": {"have": row.after[0], "of": row.after[1]},
                "example": row.example,
            }
            for row in review.coverage
        ],
        "partners": [
            {"artifact": _named(one.artifact), "partner": one.partner, "change": "lost" if one.lost else "got"}
            for one in review.partners
        ],
        "flags": {"introduced": _flags(review.introduced), "resolved": _flags(review.resolved)},
        "accepted": review.accepted,
        "broken": [{"artifact": _named(one.artifact), "target": _named(one.target)} for one in review.broken],
        "impact": [
            {
                "artifact": _named(one.artifact),
                "change": one.happened,
                "named-by": [_named(who) for who in one.referrers],
                "embedded-in": list(one.notes),
            }
            for one in review.impact
        ],
        "not-asked": review.not_asked,
        "changes": [_changed(change) for change in review.changes],
        "signoffs": [
            {
                "artifact": _named(made.artifact),
                "gone": made.gone,
                "by": [{"name": one.name, "email": one.email, "when": one.when} for one in made.signoffs],
            }
            for made in review.void
        ],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {"revision": moment.label, "commit": moment.commit or None}


def _named(artifact: Named) -> dict[str, Any]:
    return {"id": artifact.id, "kind": artifact.kind, "name": artifact.name, "example": artifact.example}


def _flags(found: Introduced) -> list[dict[str, Any]]:
    flags = [(flag, False) for flag in found.own] + [(flag, True) for flag in found.examples]
    return [{**flag.as_data(), "example": example} for flag, example in flags]


def _changed(change: Changed) -> dict[str, Any]:
    return {
        "artifact": _named(change.artifact),
        "change": change.happened,
        "was": _named(change.was) if change.was else None,
        "in": [one.id for one in change.place],
        "differences": [
            {
                "action": one.action,
                "pointer": one.pointer,
                "words": words(one),
                "was": one.old if one.action == "reworded" else None,
                "now": one.new if one.action == "reworded" else None,
            }
            for one in change.differences
        ],
    }
