"""What all commands share: the vault, the exit code, and no traceback."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import typer

from twinpage import __version__
from twinpage.edge.terminal import Terminal
from twinpage.errors import NoVault, TwinpageError, Usage

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Keeps the notes of a business model and its artifact files in step, in both directions.",
    epilog="Example: twinpage init my-vault",
)
settings = typer.Typer(rich_markup_mode=None, help="Tell about the settings.", epilog="Example: twinpage config show")
app.add_typer(settings, name="config")

Vault = Annotated[
    Path | None,
    typer.Option("--vault", metavar="DIR", help="The vault; default: the one around the current directory."),
]
Format = Annotated[Literal["text", "json"], typer.Option("--output-format", help="How to write the result.")]
Side = Literal["note", "file", "ours", "theirs"]
SIDES = ("note", "file", "ours", "theirs")


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code: 0, 1, 2 or 130. Nothing is raised, no traceback is shown."""
    terminal = Terminal()
    try:
        app(arguments, prog_name="twinpage")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except TwinpageError as error:
        terminal.remark(str(error))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        terminal.remark(_unexpected(error, arguments))
    return 2


def _unexpected(error: Exception, arguments: list[str]) -> str:
    from twinpage.edge.crash import write_log
    from twinpage.edge.place import vault_or_none

    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--vault=") else [word])]
    named = [Path(after) for word, after in pairwise(words) if word == "--vault"]
    log = write_log(error, vault_or_none(named[-1] if named else Path()))
    where = f"please report it with {log}" if log else f"please report it ({type(error).__name__})"
    return f"Something unexpected happened inside twinpage; {where}."


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
