"""What twinpage has to do with the git repository around a vault: hooks, merge driver, readable diffs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from twinpage.core.attribute_lines import RULES, lines_in
from twinpage.core.hooks.calling import calls_twinpage, settings_of
from twinpage.core.hooks.hook_script import HOOKS, Program, hook_script, is_ours, program_of, python_of, was_ours
from twinpage.edge.disk import Disk
from twinpage.edge.git.attributes import attributes_of
from twinpage.edge.git.config import GitConfig
from twinpage.edge.git.hooks import HooksFolder, folder_at, hooks_folder
from twinpage.edge.git.repository import Repository
from twinpage.edge.place import SETTINGS
from twinpage.edge.refused import reason
from twinpage.errors import NotRead

ATTRIBUTES = ".gitattributes"
VAULTS, FOLDERS, DRIVER, NAME, TEXTCONV = (
    "twinpage.vault",
    "twinpage.hooks",
    "merge.twinpage.driver",
    "merge.twinpage.name",
    "diff.twinpage.textconv",
)
DRIVER_NAME = "twinpage: merges artifact files and notes by what they say"
LEGACY = ".legacy"
"""pre-commit puts a hook that it finds aside under this ending, and goes on running it."""


@dataclass
class GitSetup:
    """The repository around one vault, and what of ours is set up in it."""

    repository: Repository

    @cached_property
    def folder(self) -> HooksFolder:
        return hooks_folder(self.repository)

    def folders(self) -> tuple[HooksFolder, ...]:
        """All in which hooks of ours may lie, the one in force first: another program may have named another since."""
        places = ("", *self.config.all(FOLDERS))
        found = {one.path: one for one in (self.folder, *(folder_at(self.repository, place) for place in places))}
        return tuple(one for one in found.values() if not one.shared)

    @cached_property
    def config(self) -> GitConfig:
        return GitConfig(self.repository.vault)

    @property
    def vault(self) -> str:
        """The vault's folder from the top of the work tree, as hooks know it; ``.`` at the top."""
        return self.from_top(self.repository.vault)

    def from_top(self, place: Path) -> str:
        """A path from the top of the work tree."""
        return os.path.relpath(os.path.realpath(place), os.path.realpath(self.repository.top)).replace(os.sep, "/")

    def vaults(self) -> tuple[str, ...]:
        """Those that hooks of this repository work for, this one perhaps among them."""
        return self.config.all(VAULTS)

    def is_there(self, vault: str) -> bool:
        return (self.repository.top / vault / SETTINGS).is_file()

    # ------------------------------------------------------------------ hooks

    def ours(self, name: str) -> bool:
        return is_ours(self.folder.read(name) or "")

    def foreign(self, name: str) -> bool:
        """There is a hook that is not ours to overwrite: another program's, or ours with somebody's changes."""
        text = self.folder.read(name)
        return text is not None and not is_ours(text)

    def changed(self, name: str) -> bool:
        """It was ours until somebody changed it."""
        text = self.folder.read(name) or ""
        return was_ours(text) and not is_ours(text)

    def calls_us(self, name: str) -> bool:
        """A foreign hook comes to run twinpage, itself or by what its program is told to run."""
        text = self.folder.read(name) or ""
        texts = {name: text, name + LEGACY: self.folder.read(name + LEGACY) or ""}
        for path in settings_of(str(self.folder.path / name), text, name):
            texts[path] = _text(self.repository.top / path)
        return calls_twinpage(texts)

    def is_current(self, name: str, program: Program) -> bool:
        """The hook is as it would be installed now."""
        return self.folder.read(name) == hook_script(name, program, self.vaults()) and self.folder.runs(name)

    def outdated(self, name: str) -> bool:
        """It is ours, and would be another if it were installed for the same Python now."""
        text = self.folder.read(name) or ""
        program = program_of(text)
        return is_ours(text) and program is not None and text != hook_script(name, program, self.vaults())

    # ------------------------------------------------------------------ merging and showing

    def attribute_lines(self) -> tuple[str, ...]:
        """Our lines in the vault's .gitattributes."""
        return lines_in(self.attributes() or b"")

    def attributes(self) -> bytes | None:
        """The vault's .gitattributes; None when there is none that git reads. Raises NotRead."""
        place = self.repository.vault / ATTRIBUTES
        if place.is_symlink() or not place.is_file():
            return None
        try:
            return Disk(self.repository.vault).read(ATTRIBUTES)
        except OSError as error:
            raise NotRead(str(place), reason(error)) from error

    def said(self) -> dict[str, str]:
        """Pattern -> how git merges such files now."""
        found = attributes_of(self.repository.vault, [rule.example for rule in RULES], "merge")
        return {rule.pattern: found.get((rule.example, "merge"), "unspecified") for rule in RULES}

    def names_driver(self) -> bool:
        return "twinpage" in self.said().values()

    def names_textconv(self) -> bool:
        return "twinpage" in attributes_of(self.repository.vault, [RULES[0].example], "diff").values()

    def setting(self, key: str) -> str:
        return self.config.get(key)

    @property
    def is_used(self) -> bool:
        """Somebody installed a part of it, here or for the team."""
        ours = any(self.ours(name) for name in HOOKS)
        return ours or bool(self.vaults() or self.setting(DRIVER)) or self.names_driver()


def this_program() -> Program:
    """The twinpage that runs now. On Windows git's shell wants slashes, too."""
    return Program(Path(sys.executable).as_posix(), Path(__file__).resolve().parents[2].as_posix())


def is_gone(setting: str) -> bool:
    """The Python of a command of ours is no longer there."""
    python = python_of(setting)
    return bool(python) and not os.access(python, os.X_OK)


def is_old(setting: str) -> bool:
    """A command of ours that would be another if it were set for the same Python now."""
    program = Program(python_of(setting), "")
    return bool(program.python) and setting not in (program.driver, program.textconv)


def is_foreign(setting: str) -> bool:
    """There is a command, and it is not ours to change."""
    return bool(setting) and not python_of(setting)


def told_of_foreign(key: str, setting: str) -> str:
    """What to do about it, as a clause."""
    return (
        f"{key} says `{setting}` here and stays as it is: `git config --local --unset-all {key}` takes it away, then "
        "run `twinpage hooks install`."
    )


def lost(program: Program) -> str:
    """What a hook would look for in vain; empty when its twinpage is there."""
    if not os.access(program.python, os.X_OK):
        return program.python
    return "" if os.path.isfile(f"{program.package}/__main__.py") else program.package


def _text(place: Path) -> str:
    try:
        return place.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
