"""A seeded vault of any size: the same number and seed give the same bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

from twinpage.core.artifact_text import write
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.model.kind import Value

WORDS = (
    "buyer", "seller", "order", "price", "quality", "service", "contract", "delivery", "visit", "call",
    "offer", "team", "budget", "need", "risk", "trust", "week", "month", "answer", "question",
    "plan", "result", "test", "machine", "room", "tool", "market", "client", "partner", "talk",
    "letter", "proof", "reason", "time", "money", "value", "idea", "change", "first", "second",
    "clear", "quick", "slow", "early", "late", "honest", "small", "large", "open", "certain",
    "careful",
)  # fmt: skip
CHANNELS = ("web", "app", "email", "phone", "face-to-face", "event")
CASE_SIZE = 20
"""A case, two segments, five profiles, six journeys and six sales strategies."""


def make_vault(folder: Path, size: int, seed: int) -> None:
    """Write ``size`` artifact files of about 2 KB each; their notes are for the first sync to make."""
    random = Random(seed)
    registry = Registry(shipped.schemas())
    for number in range(size):
        value = _artifact(random, number // CASE_SIZE, number % CASE_SIZE)
        kind = registry.kind(value["kind"])
        if kind is None:
            raise ValueError(f"There is no kind {value['kind']}; the generator needs another one.")
        path = folder / "artifacts" / f"{value['id']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write({**value, "schema": kind.schema_name}, kind), encoding="utf-8", newline="")


def _artifact(random: Random, case_number: int, place: int) -> Value:
    case = f"case-{case_number}"
    if place == 0:
        text = {"summary": _text(random, 4), "tagline": _line(random), "values": [_line(random) for _ in range(4)]}
        return {"kind": "case", "id": case, "name": f"Case {case_number}", **text, "solutions": _points(random, 9)}
    if place < 3:
        return _part(random, "segment", case, case_number, place, description=_text(random, 4)) | {
            "criteria": [_line(random) for _ in range(5)],
            "trends": _points(random, 8),
        }
    if place < 8:
        segment = {"segment": f"{case}/segments/segment-{1 + place % 2}"}
        return _part(random, "profile", case, case_number, place, **segment, description=_text(random, 3)) | {
            "pains": _points(random, 5),
            "gains": _points(random, 5),
        }
    profile = {"profile": f"{case}/profiles/profile-{3 + place % 5}"}
    if place < 14:
        return _part(random, "journey", case, case_number, place, **profile, goal=_text(random, 1)) | {
            "stages": [_stage(random, number) for number in range(7)]
        }
    summary = {"summary": _text(random, 2), "items": _points(random, 8)}
    return _part(random, "sales-strategy", case, case_number, place, **profile, **summary)


def _part(random: Random, kind: str, case: str, case_number: int, place: int, **fields: Any) -> Value:
    folder = {"sales-strategy": "sales-strategies"}.get(kind, f"{kind}s")
    name = f"{kind.replace('-', ' ').capitalize()} {place} of case {case_number}"
    identity = {"kind": kind, "id": f"{case}/{folder}/{kind}-{place}", "name": name, "case": case}
    return {**identity, "tags": random.sample(WORDS, 3), **fields}


def _stage(random: Random, number: int) -> Value:
    touchpoints = [
        {"id": f"touchpoint-{place}", "name": f"Touchpoint {place}", "experience": random.randint(-2, 2)}
        for place in range(2)
    ]
    return {
        "id": f"stage-{number}",
        "name": f"Stage {number}",
        "description": _text(random, 1),
        "emotion": random.randint(-2, 2),
        "channels": random.sample(CHANNELS, 2),
        "touchpoints": touchpoints,
    }


def _points(random: Random, number: int) -> list[Value]:
    return [
        {"id": f"point-{place}", "name": f"Point {place}", "description": _line(random, 22)} for place in range(number)
    ]


def _text(random: Random, paragraphs: int) -> str:
    return "\n\n".join(_line(random, 30) for _ in range(paragraphs))


def _line(random: Random, words: int = 6) -> str:
    return " ".join(random.choices(WORDS, k=words)).capitalize() + "."


if __name__ == "__main__":
    make_vault(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
