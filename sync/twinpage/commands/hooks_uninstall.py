"""``twinpage hooks uninstall``: takes away what ``hooks install`` made for a vault, and nothing else."""

from __future__ import annotations

from pathlib import Path

from twinpage.commands.hooks_install import setup_of
from twinpage.core.attribute_lines import with_lines
from twinpage.core.hooks.hook_script import HOOKS, hook_script, is_ours, python_of, was_ours
from twinpage.edge import deeds
from twinpage.edge.disk import Disk
from twinpage.edge.git.hooks import HooksFolder
from twinpage.edge.refused import reason
from twinpage.edge.terminal import Terminal
from twinpage.errors import NotWritten
from twinpage.model.edit import digest
from twinpage.model.flag import BASELINE
from twinpage.model.signoff import SIGNOFFS
from twinpage.workspace.git.setup import (
    ATTRIBUTES,
    DRIVER,
    DRIVER_NAME,
    FOLDERS,
    LEGACY,
    NAME,
    TEXTCONV,
    VAULTS,
    GitSetup,
    this_program,
)
from twinpage.workspace.git.uniting import let_git_unite

_BECAUSE = "`twinpage hooks uninstall`"


def run(*, vault: Path, terminal: Terminal) -> int:
    """Take away and tell; 0. Raises Usage, NotWritten, ChangedMeanwhile."""
    setup = setup_of(vault)
    lines = _attributes(setup)
    here = setup.vault in setup.vaults()
    # A vault that is no longer there cannot be asked about again.
    for name in setup.vaults():
        if name == setup.vault or not setup.is_there(name):
            setup.config.unset(VAULTS, name)
    others = setup.vaults()
    folders = setup.folders()
    hooks = list(dict.fromkeys(name for folder in folders for name in _hooks(folder, others)))
    settings = False if others else _settings(setup)
    for folder in folders:
        for name in HOOKS:
            text = folder.read(name) or ""
            if was_ours(text) and not is_ours(text):
                terminal.remark(f"{folder.path / name} was changed since twinpage made it, and stays.")
    if lines:
        terminal.result(f"Took our lines out of {setup.repository.vault / ATTRIBUTES}.")
        # Sign-offs and accepted flags are not of the hooks: whoever writes them lets git unite them.
        needed = any((setup.repository.vault / name).exists() for name in (SIGNOFFS, BASELINE))
        if needed and (sentence := let_git_unite(setup.repository.vault)):
            terminal.remark(sentence)
    if others:
        terminal.result(f"Hooks and merge driver stay for {', '.join(others)}.")
    elif hooks or settings:
        terminal.result(f"Took away {', '.join([*hooks, *(['the merge driver'] if settings else [])])}.")
    elif not here and not lines:
        terminal.result("Nothing of twinpage is installed in this repository.")
    return 0


def _hooks(folder: HooksFolder, others: tuple[str, ...]) -> list[str]:
    """Those that are gone now; while other vaults need them they stay, without this one."""
    gone = []
    for name in (place for hook in HOOKS for place in (hook, hook + LEGACY)):
        text = folder.read(name)
        if text is None or not is_ours(text):
            continue
        if others:
            hook = name.removesuffix(LEGACY)
            folder.write(name, hook_script(hook, this_program(), others), text)
        else:
            folder.remove(name, text)
            gone.append(name)
    return gone


def _settings(setup: GitSetup) -> bool:
    config = setup.config
    found = False
    for key in (TEXTCONV, DRIVER):
        for value in config.all(key):
            if python_of(value):
                config.unset(key, value)
                found = True
    config.unset(NAME, DRIVER_NAME)
    for place in config.all(FOLDERS):
        config.unset(FOLDERS, place)
    return found


def _attributes(setup: GitSetup) -> bool:
    if not setup.attribute_lines():
        return False
    vault = setup.repository.vault
    before = setup.attributes() or b""
    after = with_lines(before, ())
    disk = Disk(vault)
    if after:
        disk.write(ATTRIBUTES, after, digest(before), deeds.line(ATTRIBUTES, before, _BECAUSE))
        disk.flush()
        return True
    disk.ensure(ATTRIBUTES, digest(before))
    try:
        with deeds.told(vault, ATTRIBUTES, f"removed  {ATTRIBUTES}  ({_BECAUSE})"):
            (vault / ATTRIBUTES).unlink()
    except OSError as error:
        raise NotWritten(ATTRIBUTES, reason(error)) from error
    return True
