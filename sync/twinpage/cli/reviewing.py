"""Commands of a review: sign off what was read, and tell what changed between two revisions."""

from __future__ import annotations

from typing import Annotated

import typer

from twinpage.cli.frame import Vault, app, end, root_of
from twinpage.edge.terminal import Terminal


@app.command(epilog='Example: twinpage signoff orbit-works/journeys/buyer --note "prices checked"')
def signoff(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact that you have read.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What you have to say about it.")] = "",
    vault: Vault = None,
) -> None:
    """Say that you have read an artifact, and that it is right."""
    from twinpage.commands import signoff as command

    end(command.run(vault=root_of(vault), artifact=artifact, note=note, terminal=Terminal()))
