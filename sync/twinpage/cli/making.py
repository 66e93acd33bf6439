"""Commands that make, name and remove things."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from twinpage.cli.frame import SameFolder, Vault, app, end, folder_of, root_of
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage


@app.command(epilog="Example: twinpage init my-vault --dialect logseq")
def init(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="The folder; made if it is not there.")] = None,
    dialect: Annotated[
        Literal["obsidian", "logseq"] | None,
        typer.Option(
            help="The app that opens it; default: the one whose settings lie there, else obsidian. For notes without "
            "settings of either, say which."
        ),
    ] = None,
    content: Annotated[Literal["none", "examples"], typer.Option("--with", help="What to put in.")] = "examples",
    empty: Annotated[bool, typer.Option("--empty", help="The same as --with none.")] = False,
    vault: SameFolder = None,
) -> None:
    """Make a vault; among notes, write only its settings."""
    from twinpage.commands import init as command

    chosen = folder_of(folder, vault)
    if chosen is None:
        raise Usage("Which folder? Name it: twinpage init DIR.")
    end(command.run(folder=chosen, dialect=dialect, content="none" if empty else content, terminal=Terminal()))


@app.command(epilog="Example: twinpage new profile 'Launch buyer' --case orbit-works")
def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What it is; `twinpage kinds` lists them.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    case: Annotated[str, typer.Option(metavar="ID", help="The case that it belongs to; default: that of --for.")] = "",
    target: Annotated[str, typer.Option("--for", metavar="ID", help="The artifact that it is for.")] = "",
    vault: Vault = None,
) -> None:
    """Make an artifact and its note from the kind's template."""
    from twinpage.commands import new as command

    end(command.run(vault=root_of(vault), kind=kind, name=name, case=case, target=target, terminal=Terminal()))


@app.command(epilog="Example: twinpage remove orbit-works --with-parts")
def remove(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact.")],
    with_parts: Annotated[bool, typer.Option("--with-parts", help="Also what belongs to the case.")] = False,
    vault: Vault = None,
) -> None:
    """Move an artifact's file and note to the trash."""
    from twinpage.commands import remove as command

    end(command.run(vault=root_of(vault), artifact=artifact, with_parts=with_parts, terminal=Terminal()))


@app.command(epilog="Example: twinpage rename orbit-works orbital-works")
def rename(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact.")],
    new_id: Annotated[str, typer.Argument(metavar="NEW-ID", help="The id that it gets.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    vault: Vault = None,
) -> None:
    """Give an artifact another id, everywhere that names it."""
    from twinpage.commands import rename as command

    end(command.run(vault=root_of(vault), artifact=artifact, new_id=new_id, dry_run=dry_run, terminal=Terminal()))


@app.command("import", epilog="Example: twinpage import old-notes/ brief.md")
def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="SRC...", help="Files and folders of notes.")],
    vault: Vault = None,
) -> None:
    """Read foreign notes; report every line without a place."""
    from twinpage.commands import import_ as command

    end(command.run(vault=root_of(vault), sources=tuple(sources), terminal=Terminal()))
