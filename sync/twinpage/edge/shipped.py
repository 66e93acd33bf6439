"""Files that come with the package: schemas and the template of a vault. The only module that knows where they lie."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twinpage.errors import IncompleteInstall

if TYPE_CHECKING:
    from twinpage.core.schema.registry import Registry

_PACKAGE = Path(__file__).resolve().parents[1]


def _folder(name: str) -> Path:
    """In a wheel they lie inside the package, in a checkout (and an editable install) at its top."""
    for home in (_PACKAGE / "_shipped", _PACKAGE.parents[1]):
        if (home / name).is_dir():
            return home / name
    raise IncompleteInstall(name)


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.schema.json"))}


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """The schemas of the shipped kinds by file name, such as ``journey.schema.json``. Not to be changed by callers."""
    return _read(_folder("schemas"))


@cache
def kinds() -> Registry:
    """The shipped kinds, compiled once in a process; ``with_team`` adds a team's own."""
    from twinpage.core.schema.registry import Registry  # whoever only copies the template needs no kinds

    return Registry(schemas())


@cache
def output_schemas() -> dict[str, dict[str, Any]]:
    """The schemas of our own JSON outputs by file name, such as ``check.schema.json``."""
    return _read(_folder("schemas") / "outputs")


def template() -> Path:
    """The folder whose content a new vault gets. Read only."""
    return _folder("vault-template")


def template_files() -> tuple[tuple[str, bytes], ...]:
    """All files of the template, dot-files included, as (relative POSIX path, content), sorted."""
    top = template()
    files = {path.relative_to(top).as_posix(): path for path in top.rglob("*") if path.is_file()}
    return tuple((name, files[name].read_bytes()) for name in sorted(files))
