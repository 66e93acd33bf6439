"""What reading and writing one note costs, without a process around it."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twinpage.core import lens
from twinpage.core.lens.yaml_front import front_of
from twinpage.core.merging.overlay import view_of
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.model.page import Dialect

SIZE = 3000
"""Bytes of the notes that are measured, as near as the vault has them."""
NOTES = 60


class _Titles:
    """Names of notes to ids and back."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._titles = titles
        self._ids = {name: artifact for artifact, name in titles.items()}

    def id_of(self, target: str) -> str | None:
        return self._ids.get(target)

    def link_to(self, artifact: str) -> str | None:
        return self._titles.get(artifact)


def measure(vault: Path, dialect: str) -> tuple[float, float, float]:
    """Seconds, as medians: a note read; one field of it changed with the laws checked; ``json.loads`` of its file."""
    registry, app = Registry(shipped.schemas()), DIALECTS[dialect]
    titles: dict[str, str] = {}
    found: list[tuple[int, Path, str, str]] = []
    for path in sorted(vault.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        page = app.parse(path.name, text)
        artifact = page.property("artifact-id")
        if artifact:
            titles[artifact] = page.title
            found.append((abs(len(text) - SIZE), path, text, artifact))
    names = _Titles(titles)
    reads, writes, parses = [], [], []
    for _, path, text, artifact in sorted(found)[:NOTES]:
        file = (vault / "artifacts" / f"{artifact}.json").read_text(encoding="utf-8")
        value = json.loads(file)
        kind = registry.kind(value["kind"])
        assert kind is not None
        reference = view_of(value, kind)
        view = lens.get(app.parse(path.name, text), kind, names, reference).value
        changed = _changed(view)
        parses.append(_timed(json.loads, file))
        reads.append(_timed(_get, app, path.name, text, kind, names, reference))
        writes.append(_timed(_put, app, path.name, text, kind, changed, names, reference))
    return statistics.median(reads), statistics.median(writes), statistics.median(parses)


def _get(app: Dialect, path: str, text: str, *known: Any) -> object:
    # A page remembers how it is built, and its front matter is remembered, too: each reading starts from nothing.
    front_of.cache_clear()
    return lens.get(app.parse(path, text), *known)


def _put(app: Dialect, path: str, text: str, *known: Any) -> object:
    front_of.cache_clear()
    return lens.put(app.parse(path, text), *known)


def _changed(view: dict[str, Any]) -> dict[str, Any]:
    """The view with a sentence more in one of its texts."""
    for name, part in view.items():
        if isinstance(part, str) and part.endswith("."):
            return {**view, name: f"{part} Again."}
    for name, part in view.items():
        if isinstance(part, list) and isinstance(part[0], dict):
            return {**view, name: [{**part[0], "description": "Again."}, *part[1:]]}
    raise ValueError("This note has no text to change; the generator makes notes that have.")


def _timed(work: Callable[..., object], *arguments: Any) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work(*arguments)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))
