"""Merging three versions of one file of a vault. No state is needed, and none is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from twinpage.core.merging.three_way import MergedText, Three, merge_files
from twinpage.edge import shipped
from twinpage.edge.place import SETTINGS
from twinpage.errors import Unwritable


def vault_around(top: Path, path: str) -> Path | None:
    """The vault that a path of a work tree belongs to; None where it is in none. Nothing above ``top`` counts."""
    for folder in Path(path).parents:
        if (top / folder / SETTINGS).is_file():
            return (top / folder).resolve()
    return None


def merged(
    root: Path | None, path: str, three: Three, by_lines: Callable[[], str], label: str, *, by_hand: bool = False
) -> MergedText | None:
    """Merge a file at this vault path; None where it is neither an artifact file nor the note of an artifact.

    ``by_lines``: what git's merge of texts makes of them, where nothing quicker will do.
    ``root`` None: no vault, so only kinds that come with twinpage are known. ``by_hand``: not the
    work tree is merged, so what stands there tells nothing of these versions. Raises Unwritable,
    SettingsMistakes, Usage.
    """
    settled = three.settled
    if settled is not None:
        return MergedText(settled)
    is_file = path.endswith(".json") and (root is None or path.startswith("artifacts/"))
    if not is_file and "artifact-id" not in three.ours:
        return None
    registry = shipped.kinds().with_team(_team_schemas(root) if root is not None else {})
    from_ = f"theirs {label}".strip()
    if is_file:
        return merge_files(three, registry, from_)
    from twinpage.workspace.revisions.three_note_versions import merged_notes

    return merged_notes(root, path, three, by_lines, registry, from_, not by_hand)


def text_of(data: bytes) -> str:
    """Raises Unwritable for bytes that are no UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unwritable("A version is not UTF-8.") from None


def _team_schemas(root: Path) -> Mapping[str, Mapping[str, Any]]:
    if not (root / "schemas").is_dir():
        return {}
    from twinpage.workspace.settings import team_schemas

    return team_schemas(root)
