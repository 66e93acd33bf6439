"""Commands of a review: sign off what was read, and tell what changed between two revisions."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from twinpage.cli.frame import Vault, app, end, root_of
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage


@app.command(epilog="Example: twinpage review main...HEAD --output-format markdown")
def review(
    revisions: Annotated[
        list[str],
        typer.Argument(
            metavar="BASE[..HEAD]",
            help="A revision; two; or BASE...HEAD, since they parted. Without HEAD: the files as they are.",
        ),
    ],
    output_format: Annotated[
        Literal["text", "markdown", "json"],
        typer.Option("--output-format", help="For a terminal, for a pull request, or for programs."),
    ] = "text",
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(
            "--fail-on",
            help="Exit with 1 when a flag is introduced from this severity on; default: `fail-on` of twinpage.toml, "
            "else error.",
        ),
    ] = None,
    vault: Vault = None,
) -> None:
    """Tell what changed in the model, and what that breaks."""
    from twinpage.commands import review as command

    if len(revisions) > 1:
        two = f": `twinpage review {revisions[0]}..{revisions[1]}`" if len(revisions) == 2 else ""
        raise Usage(f"Two revisions are written with .. between them{two}.")
    code = command.run(
        vault=root_of(vault),
        revisions=revisions[0],
        output_format=output_format,
        fail_on=fail_on,
        terminal=Terminal(),
    )
    end(code)


@app.command(epilog='Example: twinpage signoff orbit-works/journeys/buyer --note "prices checked"')
def signoff(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact that you have read.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What you have to say about it.")] = "",
    vault: Vault = None,
) -> None:
    """Say that you have read an artifact, and that it is right."""
    from twinpage.commands import signoff as command

    end(command.run(vault=root_of(vault), artifact=artifact, note=note, terminal=Terminal()))
