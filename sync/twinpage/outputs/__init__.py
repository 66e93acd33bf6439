"""Output formats, one a file, found by listing this folder: each file ends in ``OUTPUT = Output(...)``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from twinpage.model.outcome import Output


@cache
def outputs() -> dict[str, Output]:
    """All formats by name."""
    found = [import_module(f"{__name__}.{module.name}").OUTPUT for module in iter_modules(__path__)]
    return {output.name: output for output in sorted(found, key=lambda output: output.name)}
