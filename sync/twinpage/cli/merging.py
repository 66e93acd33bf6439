"""Merging versions: by hand, and for git."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twinpage.cli.frame import app, end, root_of
from twinpage.edge.terminal import Terminal


@app.command(epilog="Example: twinpage merge base.json ours.json theirs.json --output merged.json")
def merge(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="What both started from; may be empty.")],
    ours: Annotated[Path, typer.Argument(metavar="OURS", help="Our version.")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="The other version.")],
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where to write the merge; default: stdout.")
    ] = None,
    vault: Annotated[
        Path | None,
        typer.Option("--vault", metavar="DIR", help="The vault; default: the one around OURS."),
    ] = None,
) -> None:
    """Merge three versions of a twin by fields and items."""
    from twinpage.commands import merge as command

    root = root_of(vault) if vault is not None else None
    end(command.run(versions=(base, ours, theirs), output=output, vault=root, terminal=Terminal()))
