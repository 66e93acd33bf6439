"""What can be modelled: the kinds, and how the note of one is written."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from twinpage.core.schema.kind_page import describe
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownWord
from twinpage.workspace.settings import read_settings


def run(*, vault: Path | None, kind: str, terminal: Terminal) -> int:
    """Print all kinds, or the fields of one and its note in both dialects. Raises UnknownWord."""
    settings = read_settings(vault)
    registry, here = settings.registry, settings.config.dialect
    if not kind:
        terminal.result(_all(registry))
        return 0
    found = registry.kind(kind.strip().lower().replace(" ", "-"))
    if found is None:
        raise UnknownWord("kind", kind, get_close_matches(kind.lower(), registry.names(), 2), "twinpage kinds")
    ordered = sorted(DIALECTS.values(), key=lambda dialect: (dialect.name != here, dialect.name != "obsidian"))
    terminal.result(describe(found, ordered))
    return 0


def _all(registry: Registry) -> str:
    width = max(len(name) for name in registry.names())
    lines = []
    for kind in registry:
        own = f" ({kind.origin})" if kind.origin else ""
        lines.append(f"{kind.name:<{width}}  {kind.description.partition('. ')[0].rstrip('.')}.{own}")
    for path, problems in registry.problems.items():
        lines.append(f"\n{path} describes no kind: {problems[0].message}")
    return "\n".join([*lines, "", "`twinpage kinds KIND` shows fields and how a note is written."])
