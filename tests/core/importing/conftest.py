"""What the tests of the import share: the shipped kinds, and a count of lines that does not believe the importer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from twinpage.core.importing import ImportResult
from twinpage.core.schema.registry import Registry
from twinpage.edge.shipped import schemas

SHARED = Path(__file__).resolve().parents[4] / "shared"

_WORD = re.compile(r"[^\W_]+")
_STRUCTURE = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:\d+[.)][ \t]+)?(?:icon|[\w-]+)::|^[ \t]*(?:[-*+][ \t]+)?\d+[.)][ \t]"
    r"|#\[\[[^\]]*\]\]|[^\w\s]*#[a-z_-]+\b|\bContent (?:is of )?type\b|\bContent uses the following classes:"
    r"|\b(?:Segment|Profile) ID:|\{\{embed|/list(?=\]\])|^[ \t]*- ###? |/examples/|\bName - "
    r"|^[ \t-]*Journey:$|\bTODO\b|^The (?=#)"
)
_LABELS = {
    "definition",
    "keys",
    "inncopilot",
    "description",
    "examples",
    "topics",
    "tools",
    "questions",
    "risks",
    "todos",
}
_LABELS |= {"mitigation strategy", "contingency strategy", "sample list", ""}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool | int):
        yield str(value)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in ("id", "kind", "schema"):
                yield from _strings(part)


def _grams(words: list[str]) -> Iterator[tuple[str, ...]]:
    size = min(len(words), 3)
    return (tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _held(result: ImportResult) -> set[tuple[str, ...]]:
    """Every one, two and three words in a row of every artifact."""
    held: set[tuple[str, ...]] = set()
    for artifact in result.artifacts:
        words = [word for text in _strings(artifact) for word in _words(text)]
        for size in (1, 2, 3):
            held.update(tuple(words[start : start + size]) for start in range(len(words) - size + 1))
    return held


def _is_held(line: str, held: set[tuple[str, ...]]) -> bool:
    words = _words(_STRUCTURE.sub(" ", line))
    if " ".join(words) in _LABELS or held.issuperset(_grams(words)) or held.issuperset(_grams(_words(line))):
        return True
    # Links may end up in one field each: their order is gone, their words are not.
    named = "[[" in line or "/examples/" in line or " / #" in line
    return named and all((word,) in held for word in words if len(word) > 2)


def _unaccounted(documents: Mapping[str, bytes], result: ImportResult) -> list[str]:
    """Source lines of which three words in a row stand in no artifact, and which the report does not name."""
    held = _held(result)
    reported = {(line.path, line.line) for line in result.report}
    missing = []
    for path, data in documents.items():
        if (path, 0) in reported:
            continue
        text = data.decode("utf-8-sig")
        if path in result.repaired:
            text = text.encode("mac_roman").decode("utf-8")
        for number, line in enumerate(text.split("\n"), start=1):
            if (path, number) not in reported and not _is_held(line, held):
                missing.append(f"{path}:{number}: {line.strip()[:100]}")
    return missing


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(schemas())


@pytest.fixture
def unaccounted() -> Callable[[Mapping[str, bytes], ImportResult], list[str]]:
    return _unaccounted


@pytest.fixture
def shared() -> Callable[..., dict[str, bytes]]:
    """Reads documents of folders beside the checkout, or skips the test."""

    def read(*folders: str) -> dict[str, bytes]:
        for folder in folders:
            if not (SHARED / folder).is_dir():
                pytest.skip(f"../shared/{folder} is not there")
        files = [file for folder in folders for file in sorted((SHARED / folder).rglob("*"))]
        return {
            file.relative_to(SHARED).as_posix(): file.read_bytes()
            for file in files
            if file.suffix in (".md", ".txt") and file.name != "INDEX.md"
        }

    return read
