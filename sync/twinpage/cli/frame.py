"""What all commands share: the vault, the exit code, and no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.models import CommandInfo

from twinpage import __version__
from twinpage.edge.terminal import Terminal
from twinpage.errors import NoVault, Usage
from twinpage.quick import ended


def _app() -> typer.Typer:
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Keeps the notes of a business model and its artifact files in step, in both directions.",
        epilog="Example: twinpage init my-vault",
    )


app = _app()
settings = typer.Typer(rich_markup_mode=None, help="Tell about the settings.", epilog="Example: twinpage config show")
app.add_typer(settings, name="config")

Vault = Annotated[
    Path | None,
    typer.Option("--vault", metavar="DIR", help="The vault; default: the one around the current directory."),
]
SameFolder = Annotated[Path | None, typer.Option("--vault", metavar="DIR", help="The same as DIR.")]
"""Of a command that makes the vault."""
Format = Annotated[Literal["text", "json"], typer.Option("--output-format", help="How to write the result.")]
Side = Literal["note", "file", "ours", "theirs"]
SIDES = ("note", "file", "ours", "theirs")


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code: 0, 1, 2 or 130. Nothing is raised, no traceback is shown."""

    def work() -> int:
        try:
            _with_one_command(arguments)(arguments, prog_name="twinpage")
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):
                return 0  # whoever read the help has gone
            return end.code if isinstance(end.code, int) else 0
        except OSError as error:
            if error.filename is not None:
                raise
            Terminal().refused(error)  # help is written by click, not by us
        return 2

    return ended(work, arguments)


def _with_one_command(arguments: list[str]) -> typer.Typer:
    """The app with none but the command that is asked for: making all of them ready takes longer than parsing one."""
    asked = [command for command in app.registered_commands if arguments[:1] == [_name_of(command)]]
    if not asked:
        return app
    one = _app()
    one.callback()(main)
    one.registered_commands = asked
    return one


def _name_of(command: CommandInfo) -> str:
    return command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")


def root_of(vault: Path | None) -> Path:
    from twinpage.edge.place import find_vault

    return find_vault(vault or Path())


def root_or_none(vault: Path | None) -> Path | None:
    """None outside a vault, unless the vault was named."""
    try:
        return root_of(vault)
    except NoVault:
        if vault is not None:
            raise
        return None


def folder_of(folder: Path | None, vault: Path | None) -> Path | None:
    if folder and vault and folder.absolute() != vault.absolute():
        raise Usage("DIR and --vault name two folders; give one of them.")
    chosen = folder or vault
    return chosen.absolute() if chosen else None


def end(code: int) -> None:
    raise typer.Exit(code)


def _show_version(wanted: bool) -> None:
    if wanted:
        Terminal().result(f"twinpage {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
