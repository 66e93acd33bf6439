"""Commands that only tell, and the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twinpage.cli.frame import SameFolder, Vault, app, end, folder_of, root_of, root_or_none, settings
from twinpage.edge.terminal import Terminal


@app.command(epilog="Example: twinpage explain TP301")
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code or name of a flag.")], vault: Vault = None
) -> None:
    """Tell why a flag matters and how to mend it."""
    from twinpage.commands import explain as command

    end(command.run(vault=root_or_none(vault), code=code, terminal=Terminal()))


@app.command(epilog="Example: twinpage rules")
def rules(vault: Vault = None) -> None:
    """List the rules with their severity here."""
    from twinpage.commands import rules_ as command

    end(command.run(vault=root_or_none(vault), terminal=Terminal()))


@app.command(epilog="Example: twinpage kinds journey")
def kinds(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="Its fields and how its note is written; without it, list all.")
    ] = "",
    vault: Vault = None,
) -> None:
    """List the kinds of artifacts, or show one."""
    from twinpage.commands import kinds_ as command

    end(command.run(vault=root_or_none(vault), kind=kind, terminal=Terminal()))


@settings.command("show", epilog="Example: twinpage config show --vault my-vault")
def config_show(vault: Vault = None) -> None:
    """Show the settings in force and where each comes from."""
    from twinpage.commands import config_show as command

    end(command.run(vault=root_of(vault), terminal=Terminal()))


@app.command(epilog="Example: twinpage doctor")
def doctor(vault: Vault = None) -> None:
    """Look for what could keep twinpage from working."""
    from twinpage.commands import doctor as command

    end(command.run(vault=root_or_none(vault), folder=Path.cwd(), terminal=Terminal()))


@app.command(epilog="Example: twinpage demo")
def demo(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A new folder for it; default: twinpage-demo here.")
    ] = None,
    vault: SameFolder = None,
) -> None:
    """Make a ready vault and tell what to try next."""
    from twinpage.commands import demo as command

    end(command.run(folder=folder_of(folder, vault), terminal=Terminal()))
