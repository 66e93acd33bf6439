"""Commands by which a person decides, and brings back."""

from __future__ import annotations

from typing import Annotated

import typer

from twinpage.cli.frame import SIDES, Format, Side, Vault, app, end, root_of
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage


@app.command(epilog="Example: twinpage conflicts --output-format json")
def conflicts(output_format: Format = "text", vault: Vault = None) -> None:
    """Show the open conflicts side by side, and how to end them."""
    from twinpage.commands import conflicts as command

    end(command.run(vault=root_of(vault), output_format=output_format, terminal=Terminal()))


@app.command(epilog="Example: twinpage resolve orbit-works/journeys/buyer --field /goal=note")
def resolve(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact.")],
    take: Annotated[Side | None, typer.Option("--take", help="The side that is right everywhere.")] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field", metavar="POINTER=SIDE", help="The side that is right here; may be given several times."
        ),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Decide in your editor, field by field.")] = False,
    vault: Vault = None,
) -> None:
    """End the conflicts of an artifact."""
    from twinpage.commands import resolve as command

    if sum((take is not None, bool(fields), edit)) != 1:
        raise Usage("Say which side is right, in one way: --take SIDE, --field POINTER=SIDE or --edit.")
    chosen = tuple(_field_and_side(field) for field in fields or ())
    code = command.run(
        vault=root_of(vault), artifact=artifact, take=take or "", fields=chosen, edit=edit, terminal=Terminal()
    )
    end(code)


def _field_and_side(words: str) -> tuple[str, str]:
    pointer, equals, side = words.rpartition("=")
    if not equals or side not in SIDES:
        raise Usage(f"`{words}` names no side; write --field POINTER=SIDE with {', '.join(SIDES[:-1])} or {SIDES[-1]}.")
    return pointer, side


@app.command(epilog="Example: twinpage restore orbit-works/journeys/launch-buyer")
def restore(
    artifact: Annotated[str, typer.Argument(metavar="[ID]", help="The artifact; without it, list the trash.")] = "",
    with_parts: Annotated[bool, typer.Option("--with-parts", help="Also what belongs to the case.")] = False,
    vault: Vault = None,
) -> None:
    """Bring back what left the disk."""
    from twinpage.commands import restore as command

    end(command.run(vault=root_of(vault), artifact=artifact, terminal=Terminal(), with_parts=with_parts))


@app.command(epilog="Example: twinpage trash --prune --older-than 365")
def trash(
    prune: Annotated[bool, typer.Option("--prune", help="Take away for good what is too old or too much.")] = False,
    days: Annotated[
        int | None, typer.Option("--older-than", metavar="DAYS", min=0, help="How old is too old; default: 90.")
    ] = None,
    megabytes: Annotated[
        int | None, typer.Option("--larger-than", metavar="MB", min=0, help="How much is too much; default: 1000.")
    ] = None,
    output_format: Format = "text",
    vault: Vault = None,
) -> None:
    """List what was put away, or prune it."""
    from twinpage.commands import trash as command

    root, how = root_of(vault), output_format
    end(
        command.run(
            vault=root,
            asked_to_prune=prune,
            older_than=days,
            larger_than=megabytes,
            output_format=how,
            terminal=Terminal(),
        )
    )
