"""Commands as hooks, editors and CI call them, answered before typer is imported: that takes a tenth of a second.

A command line is taken here only if there is nothing about it to explain. Whatever else stands in it (``--help``, an
option that is not in these tables, a value that is none) is for typer, which knows what to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from twinpage.edge.terminal import Terminal
from twinpage.errors import TwinpageError

SWITCHES = ("--staged", "--statistics")
CHOICES = {
    "--output-format": ("github", "json", "markdown", "sarif", "text"),
    "--fail-on": ("error", "info", "warning"),
}
VALUES = ("--vault", "--rev", "--base", *CHOICES)
DIFF_CHOICES = {"--output-format": ("json", "markdown", "text")}
REVIEW_CHOICES = DIFF_CHOICES | {"--fail-on": CHOICES["--fail-on"]}


def answered(arguments: Sequence[str]) -> int | None:
    """The exit code of a whole command line; None when typer has to read it."""
    name, *rest = arguments
    return {"check": check, "diff": diff, "review": review, "textconv": textconv}[name](rest)


def textconv(arguments: Sequence[str]) -> int | None:
    """The same of ``twinpage textconv``, which git starts for each side of each file."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        return None

    def run() -> int:
        from twinpage.commands import textconv as command

        return command.run(arguments[0])

    return ended(run, ["textconv", *arguments])


def diff(arguments: Sequence[str]) -> int | None:
    """The same of ``twinpage diff``."""
    read = read_words(arguments, ("--exit-code",), DIFF_CHOICES, ("--vault", *DIFF_CHOICES))
    if read is None:
        return None
    switches, values, words = read

    def run() -> int:
        from twinpage.commands import diff as command
        from twinpage.edge.place import find_vault

        return command.run(
            vault=find_vault(Path(values.get("--vault", ""))),
            words=tuple(words),
            exit_code="--exit-code" in switches,
            output_format=values.get("--output-format", "text"),
            terminal=Terminal(),
        )

    return ended(run, ["diff", *arguments])


def review(arguments: Sequence[str]) -> int | None:
    """The same of ``twinpage review``."""
    read = read_words(arguments, (), REVIEW_CHOICES, ("--vault", *REVIEW_CHOICES))
    if read is None or len(read[2]) != 1:
        return None
    _, values, words = read

    def run() -> int:
        from twinpage.commands import review as command
        from twinpage.edge.place import find_vault

        return command.run(
            vault=find_vault(Path(values.get("--vault", ""))),
            revisions=words[0],
            output_format=values.get("--output-format", "text"),
            fail_on=values.get("--fail-on"),  # type: ignore[arg-type]
            terminal=Terminal(),
        )

    return ended(run, ["review", *arguments])


def check(arguments: Sequence[str]) -> int | None:
    """The exit code of ``twinpage check`` with these arguments; None when typer has to read them."""
    read = read_check(arguments)
    if read is None:
        return None
    switches, values, paths = read

    def run() -> int:
        from twinpage.commands import check as command

        where = command.Where("--staged" in switches, values.get("--rev"), values.get("--base"))
        return command.run(
            vault=where.vault(Path(values["--vault"]) if "--vault" in values else None),
            paths=tuple(Path(path) for path in paths),
            fix=False,
            output_format=values.get("--output-format", "text"),
            fail_on=values.get("--fail-on"),  # type: ignore[arg-type]
            statistics="--statistics" in switches,
            terminal=Terminal(),
            where=where,
            accept_all=False,
            prune=False,
        )

    return ended(run, ["check", *arguments])


def read_check(arguments: Sequence[str]) -> tuple[set[str], dict[str, str], list[str]] | None:
    """Switches, values and paths, where nothing is in doubt."""
    return read_words(arguments, SWITCHES, CHOICES, VALUES)


def read_words(
    arguments: Sequence[str],
    known_switches: Sequence[str],
    choices: Mapping[str, Sequence[str]],
    known_values: Sequence[str],
) -> tuple[set[str], dict[str, str], list[str]] | None:
    """The same with these options: switches, values of one of a few choices, values of any kind."""
    switches: set[str] = set()
    values: dict[str, str] = {}
    paths: list[str] = []
    rest = list(arguments)
    while rest:
        word, *rest = rest
        name, equals, value = word.partition("=")
        if word in known_switches:
            switches.add(word)
        elif not word.startswith("-") and word:
            paths.append(word)
        elif name not in known_values or (not equals and not rest):
            return None
        else:
            if not equals:
                value, *rest = rest
            if not value or value.startswith("-") or value not in choices.get(name, (value,)):
                return None
            values[name] = value
    return switches, values, paths


def ended(run: Callable[[], int], arguments: Sequence[str]) -> int:
    """The exit code of a command: its own, 2 where it raised, 130 when it was stopped. No traceback is shown."""
    try:
        code = run()
        if why := Terminal().end():
            Terminal().remark(f"The result could not be written ({why}). Make room for it and run the command again.")
            return 2
        return code
    except TwinpageError as error:
        Terminal().remark(str(error))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        Terminal().remark(_unexpected(error, arguments))
    return 2


def _unexpected(error: Exception, arguments: Sequence[str]) -> str:
    from twinpage.edge.crash import write_log
    from twinpage.edge.place import vault_or_none

    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--vault=") else [word])]
    named = [Path(after) for word, after in pairwise(words) if word == "--vault"]
    log = write_log(error, vault_or_none(named[-1] if named else Path()))
    where = f"please report it with {log}" if log else f"please report it ({type(error).__name__})"
    return f"Something unexpected happened inside twinpage; {where}."
