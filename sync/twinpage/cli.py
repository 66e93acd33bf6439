"""Options, one call of a command, an exit code. Decisions and heavy imports belong to the commands."""

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


def _root(vault: Path | None) -> Path:
    from twinpage.edge.place import find_vault

    return find_vault(vault or Path())


def _root_or_none(vault: Path | None) -> Path | None:
    """None outside a vault, unless the vault was named."""
    try:
        return _root(vault)
    except NoVault:
        if vault is not None:
            raise
        return None


def _folder(folder: Path | None, vault: Path | None) -> Path | None:
    if folder and vault and folder.absolute() != vault.absolute():
        raise Usage("DIR and --vault name two folders; give one of them.")
    chosen = folder or vault
    return chosen.absolute() if chosen else None


def _end(code: int) -> None:
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


@app.command(epilog="Example: twinpage init my-vault --dialect logseq")
def init(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="The folder; made if it is not there.")] = None,
    dialect: Annotated[Literal["obsidian", "logseq"] | None, typer.Option(help="The app that opens it.")] = None,
    content: Annotated[Literal["none", "examples"], typer.Option("--with", help="What to put in.")] = "examples",
    empty: Annotated[bool, typer.Option("--empty", help="The same as --with none.")] = False,
    vault: Vault = None,
) -> None:
    """Make a vault; among notes, write only its settings."""
    from twinpage.commands import init as command

    chosen = _folder(folder, vault)
    if chosen is None:
        raise Usage("Which folder? Name it: twinpage init DIR.")
    _end(command.run(folder=chosen, dialect=dialect, content="none" if empty else content, terminal=Terminal()))


@app.command(epilog="Example: twinpage new profile 'Launch buyer' --case orbit-works")
def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What it is; `twinpage kinds` lists them.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    case: Annotated[str, typer.Option(metavar="ID", help="The case that it belongs to.")] = "",
    target: Annotated[str, typer.Option("--for", metavar="ID", help="The artifact that it is for.")] = "",
    vault: Vault = None,
) -> None:
    """Make an artifact and its note from the kind's template."""
    from twinpage.commands import new as command

    _end(command.run(vault=_root(vault), kind=kind, name=name, case=case, target=target, terminal=Terminal()))


@app.command(epilog="Example: twinpage remove orbit-works --with-parts")
def remove(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact.")],
    with_parts: Annotated[bool, typer.Option("--with-parts", help="Also what belongs to the case.")] = False,
    vault: Vault = None,
) -> None:
    """Move an artifact's file and note to the trash."""
    from twinpage.commands import remove as command

    _end(command.run(vault=_root(vault), artifact=artifact, with_parts=with_parts, terminal=Terminal()))


@app.command("import", epilog="Example: twinpage import old-notes/ brief.md")
def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="SRC...", help="Files and folders of notes.")],
    vault: Vault = None,
) -> None:
    """Read foreign notes; report every line without a place."""
    from twinpage.commands import import_ as command

    _end(command.run(vault=_root(vault), sources=tuple(sources), terminal=Terminal()))


@app.command(epilog="Example: twinpage sync --dry-run")
def sync(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    allow_mass_delete: Annotated[
        bool, typer.Option("--allow-mass-delete", help="Carry over removals even if they are many.")
    ] = False,
    flags_note: Annotated[bool, typer.Option("--flags-note", help="Make the Flags note now.")] = False,
    output_format: Format = "text",
    vault: Vault = None,
) -> None:
    """Bring notes and artifact files in step: one two-way pass."""
    from twinpage.commands import sync as command

    code = command.run(
        vault=_root(vault),
        dry_run=dry_run,
        allow_mass_delete=allow_mass_delete,
        flags_note=flags_note,
        output_format=output_format,
        terminal=Terminal(),
    )
    _end(code)


@app.command(epilog="Example: twinpage check --fail-on warning")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATHS]...", help="Only flags at these files and folders.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    output_format: Format = "text",
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option("--fail-on", help="Exit with 1 from this severity on; default: error."),
    ] = None,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count flags by code.")] = False,
    vault: Vault = None,
) -> None:
    """Flag what the model lacks."""
    from twinpage.commands import check as command

    code = command.run(
        vault=_root(vault),
        paths=tuple(paths or ()),
        fix=fix,
        output_format=output_format,
        fail_on=fail_on,
        statistics=statistics,
        terminal=Terminal(),
    )
    _end(code)


@app.command(epilog="Example: twinpage status")
def status(output_format: Format = "text", vault: Vault = None) -> None:
    """Tell which twins are in step and which are not."""
    from twinpage.commands import status as command

    _end(command.run(vault=_root(vault), output_format=output_format, terminal=Terminal()))


@app.command(epilog="Example: twinpage conflicts --output-format json")
def conflicts(output_format: Format = "text", vault: Vault = None) -> None:
    """List the open conflicts with both values."""
    from twinpage.commands import conflicts as command

    _end(command.run(vault=_root(vault), output_format=output_format, terminal=Terminal()))


@app.command(epilog="Example: twinpage resolve orbit-works/journeys/launch-buyer --field /goal=note")
def resolve(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="The artifact.")],
    take: Annotated[Side | None, typer.Option("--take", help="The side that is right everywhere.")] = None,
    fields: Annotated[
        list[str] | None, typer.Option("--field", metavar="POINTER=SIDE", help="The side that is right here.")
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Decide in your editor.")] = False,
    vault: Vault = None,
) -> None:
    """End the conflicts of an artifact."""
    from twinpage.commands import resolve as command

    if sum((take is not None, bool(fields), edit)) != 1:
        raise Usage("Say which side is right, in one way: --take SIDE, --field POINTER=SIDE or --edit.")
    chosen = tuple(_field_and_side(field) for field in fields or ())
    code = command.run(
        vault=_root(vault), artifact=artifact, take=take or "", fields=chosen, edit=edit, terminal=Terminal()
    )
    _end(code)


def _field_and_side(words: str) -> tuple[str, str]:
    pointer, equals, side = words.rpartition("=")
    if not equals or side not in SIDES:
        raise Usage(f"`{words}` names no side; write --field POINTER=SIDE with {', '.join(SIDES[:-1])} or {SIDES[-1]}.")
    return pointer, side


@app.command(epilog="Example: twinpage restore orbit-works/journeys/launch-buyer")
def restore(
    artifact: Annotated[str, typer.Argument(metavar="[ID]", help="The artifact; without it, list the trash.")] = "",
    vault: Vault = None,
) -> None:
    """Bring back what left the disk."""
    from twinpage.commands import restore as command

    _end(command.run(vault=_root(vault), artifact=artifact, terminal=Terminal()))


@app.command(epilog="Example: twinpage explain TP301")
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code or name of a flag.")], vault: Vault = None
) -> None:
    """Tell why a flag matters and how to mend it."""
    from twinpage.commands import explain as command

    _end(command.run(vault=_root_or_none(vault), code=code, terminal=Terminal()))


@app.command(epilog="Example: twinpage rules")
def rules(vault: Vault = None) -> None:
    """List the rules with their severity here."""
    from twinpage.commands import rules_ as command

    _end(command.run(vault=_root_or_none(vault), terminal=Terminal()))


@app.command(epilog="Example: twinpage kinds journey")
def kinds(
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="Its fields and how its note is written.")] = "",
    vault: Vault = None,
) -> None:
    """List the kinds of artifacts, or show one."""
    from twinpage.commands import kinds_ as command

    _end(command.run(vault=_root_or_none(vault), kind=kind, terminal=Terminal()))


@settings.command("show", epilog="Example: twinpage config show --vault my-vault")
def config_show(vault: Vault = None) -> None:
    """Show the settings in force and where each comes from."""
    from twinpage.commands import config_show as command

    _end(command.run(vault=_root(vault), terminal=Terminal()))


@app.command(epilog="Example: twinpage doctor")
def doctor(vault: Vault = None) -> None:
    """Look for what could keep twinpage from working."""
    from twinpage.commands import doctor as command

    _end(command.run(vault=_root_or_none(vault), folder=Path.cwd(), terminal=Terminal()))


@app.command(epilog="Example: twinpage demo")
def demo(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A new folder for it.")] = None,
    vault: Vault = None,
) -> None:
    """Make a ready vault and tell what to try next."""
    from twinpage.commands import demo as command

    _end(command.run(folder=_folder(folder, vault), terminal=Terminal()))
