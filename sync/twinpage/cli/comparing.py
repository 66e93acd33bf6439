"""Commands that tell what changed in the model, from what git has."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from twinpage.cli.frame import Vault, app, end, root_of
from twinpage.edge.terminal import Terminal

Readable = Annotated[
    Literal["text", "markdown", "json"], typer.Option("--output-format", help="How to write the result.")
]


@app.command(epilog="Example: twinpage diff main..topic --output-format markdown")
def diff(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REV[..REV]] [ID]",
            help="A revision, compared with the files as they are (without one, HEAD); or two with .. between them, "
            "or ... for what the second did since they parted. And one artifact.",
        ),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 when something differs.")] = False,
    output_format: Readable = "text",
    vault: Vault = None,
) -> None:
    """Tell what changed in the model, in words."""
    from twinpage.commands import diff as command

    code = command.run(
        vault=root_of(vault),
        words=tuple(words or ()),
        exit_code=exit_code,
        output_format=output_format,
        terminal=Terminal(),
    )
    end(code)


@app.command(epilog="Example: twinpage log orbit-works/journeys/buyer -n 5")
def log(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact.")],
    number: Annotated[
        int | None, typer.Option("-n", metavar="N", min=1, help="At most so many commits; default: all.")
    ] = None,
    output_format: Readable = "text",
    vault: Vault = None,
) -> None:
    """Tell how an artifact changed over commits, newest first."""
    from twinpage.commands import log as command

    end(
        command.run(
            vault=root_of(vault), artifact=artifact, number=number, output_format=output_format, terminal=Terminal()
        )
    )


@app.command(hidden=True, epilog="Example: twinpage textconv artifacts/orbit-works.json")
def textconv(file: Annotated[str, typer.Argument(metavar="FILE", help="An artifact file or a note.")]) -> None:
    """Print an artifact file as readable lines, for `git diff` (see `twinpage hooks install --diff`)."""
    from twinpage.commands import textconv as command

    end(command.run(file))
