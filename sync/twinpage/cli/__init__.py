"""Options, one call of a command, an exit code. Decisions and heavy imports belong to the commands."""

from __future__ import annotations

from twinpage.cli import making, keeping, deciding, comparing, merging, hooking, reviewing, telling  # isort: skip  (in the order of --help)
from twinpage.cli.frame import app, run

__all__ = ["app", "comparing", "deciding", "hooking", "keeping", "making", "merging", "reviewing", "run", "telling"]
