"""Note-taking apps, one a file: each file ends in a constant ``DIALECT``, has its name, and is found by being here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from twinpage.model.page import Dialect


class _Listed(Mapping[str, Dialect]):
    """Imported when first asked for: what one app's notes need is a good part of a short command's time."""

    def __init__(self) -> None:
        self._names = [module.name for module in iter_modules(__path__)]

    def __getitem__(self, name: str) -> Dialect:
        if name not in self._names:
            raise KeyError(name)
        dialect: Dialect = import_module(f"{__name__}.{name}").DIALECT
        return dialect

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


DIALECTS: Mapping[str, Dialect] = _Listed()
"""By name: ``obsidian``, ``logseq``."""
