"""What git does for a vault: hooks, merge driver, readable diffs."""

from __future__ import annotations

from typing import Annotated

import typer

from twinpage.cli.frame import Vault, app, end, root_of
from twinpage.edge.terminal import Terminal

hooks = typer.Typer(
    rich_markup_mode=None,
    help="Let git check, merge and show the model.",
    epilog="Example: twinpage hooks install",
)
app.add_typer(hooks, name="hooks")


@hooks.command("install", epilog="Example: twinpage hooks install --diff")
def install(
    diff: Annotated[bool, typer.Option("--diff", help="Also let `git diff` show artifact files in words.")] = False,
    vault: Vault = None,
) -> None:
    """Let git check commits and merge by meaning."""
    from twinpage.commands import hooks_install as command

    end(command.run(vault=root_of(vault), diff=diff, terminal=Terminal()))


@hooks.command("uninstall", epilog="Example: twinpage hooks uninstall")
def uninstall(vault: Vault = None) -> None:
    """Take away what `hooks install` made, and nothing else."""
    from twinpage.commands import hooks_uninstall as command

    end(command.run(vault=root_of(vault), terminal=Terminal()))


@hooks.command("hint", hidden=True, epilog="Example: twinpage hooks hint")
def hint(vault: Vault = None) -> None:
    """Say in one line that twins differ, if they do: for git's hooks."""
    from twinpage.commands import hooks_hint as command

    end(command.run(vault=root_of(vault), terminal=Terminal()))
