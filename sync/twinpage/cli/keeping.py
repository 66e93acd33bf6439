"""Commands that bring both sides in step and look at how they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from twinpage.cli.frame import Format, Vault, app, end, root_of
from twinpage.edge.terminal import Terminal

CheckFormat = Annotated[
    Literal["text", "json", "github", "markdown", "sarif"],
    typer.Option("--output-format", help="How to write the result."),
]


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
        vault=root_of(vault),
        dry_run=dry_run,
        allow_mass_delete=allow_mass_delete,
        flags_note=flags_note,
        output_format=output_format,
        terminal=Terminal(),
    )
    end(code)


@app.command(epilog="Example: twinpage watch --vault my-vault")
def watch(
    output_format: Annotated[
        Literal["text", "jsonl"], typer.Option("--output-format", help="Lines for people, or one event of JSON a line.")
    ] = "text",
    vault: Vault = None,
) -> None:
    """Keep both sides in step for as long as it runs."""
    from twinpage.commands import watch as command

    end(command.run(vault=root_of(vault), output_format=output_format, terminal=Terminal()))


@app.command(epilog="Example: twinpage check --staged --base main")
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]...", help="Only flags at these files and folders; default: the whole vault."),
    ] = None,
    staged: Annotated[
        bool, typer.Option("--staged", help="Look at what would be committed now; default: the files as they are.")
    ] = False,
    revision: Annotated[str | None, typer.Option("--rev", metavar="REV", help="Look at this revision.")] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="REV", help="Only what was introduced since this revision.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    output_format: CheckFormat = "text",
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(
            "--fail-on", help="Exit with 1 from this severity on; default: `fail-on` of twinpage.toml, else error."
        ),
    ] = None,
    write_baseline: Annotated[
        bool,
        typer.Option("--write-baseline", help="Accept all flags of now but TP501 and TP901 in twinpage.baseline."),
    ] = False,
    prune_baseline: Annotated[
        bool, typer.Option("--prune-baseline", help="Only take out of twinpage.baseline what is fixed.")
    ] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count flags by code.")] = False,
    vault: Vault = None,
) -> None:
    """Flag what the model lacks."""
    from twinpage.commands import check as command

    where = command.Where(staged, revision, base)
    code = command.run(
        vault=where.vault(vault),
        paths=tuple(paths or ()),
        fix=fix,
        output_format=output_format,
        fail_on=fail_on,
        statistics=statistics,
        terminal=Terminal(),
        where=where,
        accept_all=write_baseline,
        prune=prune_baseline,
    )
    end(code)


@app.command(epilog="Example: twinpage status")
def status(output_format: Format = "text", vault: Vault = None) -> None:
    """Tell which twins are in step and which are not."""
    from twinpage.commands import status as command

    end(command.run(vault=root_of(vault), output_format=output_format, terminal=Terminal()))
