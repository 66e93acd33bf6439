"""Settings and kinds of a vault for commands that only tell: mistakes are shown, none stops them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from twinpage.config import Config, Known, Mistake, parse
from twinpage.core.fields import reference_names
from twinpage.core.schema.registry import Registry
from twinpage.edge import shipped
from twinpage.edge.place import SETTINGS

LARGEST = 1_000_001
"""Bytes that are read of settings or a schema; what is larger is a mistake, whatever follows."""


class Settings(Struct, frozen=True):
    """What holds in a vault, or everywhere when there is none."""

    config: Config
    mistakes: tuple[Mistake, ...]
    registry: Registry
    root: Path | None = None


def read_settings(root: Path | None) -> Settings:
    """Read without raising: what cannot be read counts as a mistake."""
    if root is None:
        return Settings(Config(), (), shipped.kinds())
    registry = shipped.kinds().with_team(team_schemas(root))
    try:
        text = _bytes(root / SETTINGS).decode("utf-8", "replace")
    except OSError as error:
        sentence = f"The file cannot be read ({error.strerror}); make it readable."
        return Settings(Config(), (Mistake(1, "", sentence),), registry, root)
    config, mistakes = parse(text, known_words(registry))
    return Settings(config, mistakes, registry, root)


def known_words(registry: Registry) -> Known:
    """The codes, options and kinds that settings may speak of."""
    from twinpage.rules import RULES

    def references(kind: str) -> tuple[str, ...]:
        found = registry.kind(kind)
        return tuple(dict.fromkeys(reference_names(found.shape))) if found else ()

    return Known({code: dict(rule.default_options) for code, rule in RULES.items()}, registry.names(), references)


def team_schemas(root: Path) -> dict[str, Mapping[str, Any]]:
    """A team's own schemas by vault path; what is no JSON object or lies elsewhere is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted((root / "schemas").glob("*.json")):
        if not Path(os.path.realpath(path)).is_relative_to(root):
            continue
        try:
            value = json.loads(_bytes(path))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found[f"schemas/{path.name}"] = value
    return found


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)
