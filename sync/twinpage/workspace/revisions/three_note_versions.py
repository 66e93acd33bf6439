"""Merging three versions of a note: what of the vault around it has to be known for that."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from twinpage.core.artifact_text import read_bytes
from twinpage.core.merging.overlay import view_of
from twinpage.core.merging.three_notes import merge_notes
from twinpage.core.merging.three_way import MergedText, Three
from twinpage.core.schema.registry import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge.place import SETTINGS
from twinpage.errors import SettingsMistakes
from twinpage.model.kind import Value
from twinpage.model.page import Dialect


def merged_notes(
    root: Path | None,
    path: str,
    three: Three,
    by_lines: Callable[[], str],
    registry: Registry,
    from_: str,
    strict: bool,
) -> MergedText | None:
    """See ``merge_notes``. Raises Unwritable, SettingsMistakes, Usage."""
    dialect = _dialect(root, three.ours)
    reference = _said_by_file(root, dialect.parse(path, three.ours).property("artifact-id"), registry)
    return merge_notes(path, three, by_lines, dialect, registry, reference, from_, strict=strict)


def _dialect(root: Path | None, text: str) -> Dialect:
    if root is None:
        return DIALECTS["logseq" if "artifact-id:: " in text else "obsidian"]
    settings = (root / SETTINGS).read_bytes().decode("utf-8", "replace")
    with suppress(tomllib.TOMLDecodeError):
        named = tomllib.loads(settings).get("dialect")
        if isinstance(named, str) and named in DIALECTS:
            return DIALECTS[named]  # what else the settings say is no matter here, and takes its time to read
    from twinpage.config import Known, parse

    config, mistakes = parse(settings, Known())
    if mistakes:
        raise SettingsMistakes(SETTINGS, [str(mistake) for mistake in mistakes])
    if config.dialect:
        return DIALECTS[config.dialect]
    from twinpage.workspace.ground import detect_dialect  # it brings all that a state needs

    return DIALECTS[detect_dialect(root)]


def _said_by_file(root: Path | None, artifact: str, registry: Registry) -> Value | None:
    """What the artifact file in the work tree says: it lends items their ids."""
    if root is None or not artifact:
        return None
    place = (root / "artifacts" / f"{artifact}.json").resolve()
    try:
        if not place.is_relative_to(root):
            return None
        value = read_bytes("", place.read_bytes()).value
    except OSError:
        return None
    kind = registry.kind(str(value.get("kind", ""))) if value else None
    return view_of(value, kind) if value and kind else None
