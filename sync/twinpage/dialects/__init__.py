"""Note-taking apps, one a file: each file ends in a constant ``DIALECT`` and is found by being here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from twinpage.model.page import Dialect


def _listed() -> dict[str, Dialect]:
    found: dict[str, Dialect] = {}
    for module in iter_modules(__path__):
        dialect: Dialect = import_module(f"{__name__}.{module.name}").DIALECT
        found[dialect.name] = dialect
    return found


DIALECTS: Mapping[str, Dialect] = _listed()
"""By name: ``obsidian``, ``logseq``."""
