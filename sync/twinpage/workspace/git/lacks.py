"""What git would need to check, merge and show the vault, and does not have: for `doctor`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from twinpage.core.hooks.hook_script import CHECKS, HOOKS, program_of, python_of
from twinpage.edge.git.place import find_repository, in_repository
from twinpage.errors import Usage
from twinpage.workspace.git.setup import (
    DRIVER,
    TEXTCONV,
    GitSetup,
    is_foreign,
    is_gone,
    is_old,
    lost,
    told_of_foreign,
)

_INSTALL = "run `twinpage hooks install`"


class Lack(Struct, frozen=True):
    """One thing that git lacks here; the sentence ends with what mends it."""

    sentence: str
    optional: bool = False
    """Nobody asked for it: it is only told that it exists."""
    lines: tuple[str, ...] = ()


def lacks(vault: Path) -> Iterator[Lack]:
    """Nothing outside git, and hardly a word where nobody uses it for the model."""
    if not in_repository(vault) or shutil.which("git") is None:
        return
    try:
        setup = GitSetup(find_repository(vault))
    except Usage as error:
        yield Lack(str(error))
        return
    if not setup.is_used:
        if not (setup.foreign(CHECKS[0]) and setup.calls_us(CHECKS[0])):
            sentence = "git neither checks nor merges this vault by what it says; `twinpage hooks install` lets it."
            yield Lack(sentence, optional=True)
        return
    yield from _hooks(setup)
    yield from _driver(setup)
    yield from _textconv(setup)


def _hooks(setup: GitSetup) -> Iterator[Lack]:
    folder = setup.folder
    if folder.shared:
        if not all(setup.calls_us(name) for name in CHECKS):
            sentence = f"git runs the hooks of {folder.path}, which are not this repository's ({folder.because})"
            yield Lack(f"{sentence}; `twinpage hooks install` tells how to give it its own.")
        return
    for name in CHECKS:
        if setup.changed(name):
            yield Lack(
                f"{folder.path / name} was changed since twinpage made it, and is no longer kept up to date; move the "
                f"change elsewhere, remove the file and {_INSTALL}."
            )
        elif setup.foreign(name) and not setup.calls_us(name):
            yield Lack(
                f"{folder.path / name} is another program's and does not call twinpage, so nothing is checked there; "
                "`twinpage hooks install` tells which lines it needs."
            )
    missing = [name for name in HOOKS if folder.read(name) is None]
    if missing:
        yield Lack(f"git's hooks {', '.join(missing)} are not installed in this clone; {_INSTALL}.")
    elif any(setup.ours(name) for name in HOOKS) and setup.vault not in setup.vaults():
        yield Lack(f"The hooks of this repository do not know this vault; {_INSTALL}.")
    elif old := [name for name in HOOKS if setup.outdated(name)]:
        yield Lack(f"git's hooks {', '.join(old)} are those of another version or other vaults; {_INSTALL}.")
    programs = {program_of(folder.read(name) or "") for name in HOOKS if setup.ours(name)}
    for place in sorted({lost(program) for program in programs if program} - {""}):
        yield Lack(f"git's hooks need {place}, which is gone; {_INSTALL} from another Python.")
    still = [name for name in HOOKS if setup.ours(name) and not folder.runs(name)]
    if still:
        yield Lack(f"git cannot run {', '.join(still)}, which may not be executed; {_INSTALL}.")


def _driver(setup: GitSetup) -> Iterator[Lack]:
    driver = setup.setting(DRIVER)
    if not driver and setup.names_driver():
        yield Lack(
            "The team's .gitattributes names twinpage's merge driver, and this clone does not have it, so git merges "
            f"line by line; {_INSTALL}."
        )
    elif is_foreign(driver):
        yield Lack(f"git merges notes and artifact files by another program; {told_of_foreign(DRIVER, driver)}")
    elif is_gone(driver):
        yield Lack(
            f"git's merge driver needs {python_of(driver)}, which is gone; {_INSTALL} with a Python that has it."
        )
    elif driver and not setup.names_driver():
        yield Lack(f"The merge driver is set, and no .gitattributes names it for this vault; {_INSTALL}.")
    elif is_old(driver):
        yield Lack(f"git's merge driver is set as another version does it; {_INSTALL}.")


def _textconv(setup: GitSetup) -> Iterator[Lack]:
    textconv = setup.setting(TEXTCONV)
    if not textconv and setup.names_textconv():
        yield Lack(f"`git diff` could show artifact files in words, and this clone cannot; {_INSTALL} with --diff.")
    elif is_foreign(textconv):
        yield Lack(f"`git diff` shows artifact files by another program; {told_of_foreign(TEXTCONV, textconv)}")
    elif is_gone(textconv):
        yield Lack(
            f"`git diff` needs {python_of(textconv)}, which is gone; {_INSTALL} with --diff, from another Python."
        )
    elif is_old(textconv):
        yield Lack(f"`git diff` shows artifact files as another version does it; {_INSTALL}.")
