"""``twinpage hooks install``: what git shall do for a vault, in this clone and, by .gitattributes, for the team."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from twinpage.core.attribute_lines import RULES, with_lines
from twinpage.core.hooks.chaining import how_to_chain
from twinpage.core.hooks.hook_script import CHECKS, HOOKS, Program, hook_script, python_of
from twinpage.edge import deeds
from twinpage.edge.disk import Disk
from twinpage.edge.git.place import find_repository, in_repository
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage
from twinpage.model.edit import digest
from twinpage.workspace.git.setup import (
    ATTRIBUTES,
    DRIVER,
    DRIVER_NAME,
    FOLDERS,
    NAME,
    TEXTCONV,
    VAULTS,
    GitSetup,
    is_foreign,
    this_program,
    told_of_foreign,
)


def run(*, vault: Path, diff: bool, terminal: Terminal) -> int:
    """Install and tell; 1 when something is left for a person to do. Raises Usage, NotWritten, ChangedMeanwhile."""
    setup = setup_of(vault)
    program = this_program()
    if setup.vault not in setup.vaults():
        setup.config.add(VAULTS, setup.vault)
    diff = diff or bool(python_of(setup.setting(TEXTCONV)))
    left = [*_hooks(setup, program, terminal), *_settings(setup, program, diff)]
    diff = bool(python_of(setup.setting(TEXTCONV)))
    left += _attributes(setup, diff, terminal)
    if python_of(setup.setting(DRIVER)):
        terminal.result("Merge driver: set for this clone.")
    if diff:
        terminal.result("`git diff` shows artifact files in words.")
    for sentence in left:
        terminal.result(f"\n{sentence}")
    return int(bool(left))


def setup_of(vault: Path) -> GitSetup:
    """Raises Usage outside a repository, and where git refuses to read it."""
    if not in_repository(vault):
        raise Usage(f"{vault} lies in no git repository; `git init` makes one.")
    return GitSetup(find_repository(vault))


def _hooks(setup: GitSetup, program: Program, terminal: Terminal) -> Iterator[str]:
    """Write those that are ours to write; what is left to do."""
    folder = setup.folder
    if folder.shared:
        yield _told_of_shared(setup)
        return
    vaults = setup.vaults()
    for name in HOOKS:
        before = folder.read(name)
        if setup.foreign(name):
            yield from _told_of_foreign(setup, name, program, terminal)
        elif not setup.is_current(name, program):
            folder.write(name, hook_script(name, program, vaults), before)
    ours = [name for name in HOOKS if setup.ours(name)]
    place = setup.from_top(folder.path)
    if ours and folder.because and place not in setup.config.all(FOLDERS):
        setup.config.add(FOLDERS, place)  # to be found again when another is in force
    if ours:
        terminal.result(f"Hooks in {folder.path}: {', '.join(ours)}.")
    if ours and folder.in_work_tree and not folder.ignored(ours[0]):
        terminal.result(f"  {place} can be committed; who gets the hooks that way needs `twinpage` on the PATH.")


def _told_of_shared(setup: GitSetup) -> str:
    folder = setup.folder
    sentence = (
        f"No hook was written: git runs those of {os.path.realpath(folder.path)} here ({folder.because}), and other "
        "repositories may run them, too."
    )
    if folder.path.is_symlink():
        return f"{sentence} Put a folder in the place of the link and run the command again."
    return (
        f"{sentence} Give this repository hooks of its own and run the command again:\n"
        '  git config --local core.hooksPath "$(git rev-parse --path-format=absolute --git-common-dir)/hooks"'
    )


def _told_of_foreign(setup: GitSetup, name: str, program: Program, terminal: Terminal) -> Iterator[str]:
    place = setup.folder.path / name
    if setup.calls_us(name) and not setup.changed(name):
        terminal.result(f"{place} is another program's and calls twinpage already.")
        return
    if name not in CHECKS:
        # A hint is no gate: nobody has to do anything about it.
        terminal.remark(f"{place} is not twinpage's and stays as it is, so no hint is given there.")
        return
    if setup.changed(name):
        yield (
            f"{place} was twinpage's until somebody changed it, and stays as it is. Move the change elsewhere, remove "
            "the file and run the command again."
        )
        return
    short = shutil.which("twinpage", path=terminal.environment.get("PATH", "")) is not None
    call = "twinpage" if short else program.command("").rstrip()
    where, lines = how_to_chain(str(place), setup.folder.read(name) or "", name, call, setup.vaults())
    yield "\n".join([f"{place} is not twinpage's and stays as it is. {where}", *(f"  {line}" for line in lines)])


def _settings(setup: GitSetup, program: Program, diff: bool) -> Iterator[str]:
    config = setup.config
    for key, command in ((DRIVER, program.driver), *(((TEXTCONV, program.textconv),) if diff else ())):
        there = config.get(key)
        if is_foreign(there):
            yield told_of_foreign(key, there)
            continue
        if key == DRIVER:
            config.set(NAME, DRIVER_NAME)
        config.set(key, command)


def _attributes(setup: GitSetup, diff: bool, terminal: Terminal) -> Iterator[str]:
    place = setup.repository.vault / ATTRIBUTES
    if os.path.lexists(place) and (place.is_symlink() or not place.is_file()):
        yield f"{place} is no plain file, so git does not read it; put one in its place and run the command again."
        return
    before = setup.attributes()
    ours, said = setup.attribute_lines(), setup.said()
    lines = []
    for rule in RULES:
        had = rule.line() in ours or rule.line(diff=True) in ours
        if had or said[rule.pattern] == "unspecified" or (said[rule.pattern] == rule.merge and diff and rule.readable):
            lines.append(rule.line(diff))
        if said[rule.pattern] not in ("unspecified", rule.merge):
            yield (
                f"git's attributes say merge={said[rule.pattern]} of {rule.pattern} here, and that stays in force; "
                "take it out, or narrow it, if twinpage shall merge these files."
            )
    after = with_lines(before or b"", lines)
    if after != (before or b""):
        disk = Disk(setup.repository.vault)
        deed = deeds.line(ATTRIBUTES, before, "`twinpage hooks install`")
        disk.write(ATTRIBUTES, after, None if before is None else digest(before), deed)
        disk.flush()
        terminal.result(f"Lines in {place}: commit it, and every clone knows that twinpage merges here.")
