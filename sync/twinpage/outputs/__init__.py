"""Output formats, one a file, found by listing this folder: each file ends in ``OUTPUT = Output(...)``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from twinpage.model.output import Output


@cache
def outputs() -> dict[str, Output]:
    """All formats by name."""
    found = [import_module(f"{__name__}.{module.name}").OUTPUT for module in iter_modules(__path__)]
    return {output.name: output for output in sorted(found, key=lambda output: output.name)}


def outputs_for(command: str) -> dict[str, Callable[..., str]]:
    """By the name of each format that knows a command, such as ``check``, the function that words its outcome."""
    found = {name: getattr(output, command) for name, output in outputs().items()}
    return {name: function for name, function in found.items() if function is not None}


def output_for(command: str, name: str) -> Callable[..., str]:
    """That function of one format, which knows the command. No other format is loaded."""
    function: Callable[..., str] = getattr(import_module(f"{__name__}.{name}").OUTPUT, command)
    return function
