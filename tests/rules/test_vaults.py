"""Golden vaults: each rule in a small real vault, once as it should not be and once as it should.

``tests/vaults/CODE-name/bad`` and ``good`` are vaults, ``bad.flags.txt`` and ``good.flags.txt`` what ``check`` says of
them. ``agreed``, where there is one, is the vault as it was at the last sync. ``--update`` writes the flags anew.
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest

from twinpage.commands import check, sync
from twinpage.edge.terminal import Terminal
from twinpage.model.flag import Flag
from twinpage.rules import RULES
from twinpage.workspace.flagging.flags import all_flags, take_flags
from twinpage.workspace.opening import open_workspace

LONG_AGO = 1_600_000_000
VAULTS = Path(__file__).parents[1] / "vaults"
NAMES = sorted(path.name for path in VAULTS.iterdir() if path.is_dir())


def lay(source: Path, vault: Path) -> None:
    """Make the vault look like the source, but for its own folder."""
    for path in sorted(vault.rglob("*"), reverse=True):
        if path.relative_to(vault).parts[0] != ".twinpage":
            path.rmdir() if path.is_dir() else path.unlink()
    shutil.copytree(source, vault, dirs_exist_ok=True)
    for path in vault.rglob("*"):
        if path.is_file():
            os.utime(path, (LONG_AGO, LONG_AGO))  # a note that was just saved is not written: somebody may be typing


def files(vault: Path) -> dict[str, bytes]:
    return {
        path.relative_to(vault).as_posix(): path.read_bytes()
        for path in sorted(vault.rglob("*"))
        if path.is_file() and path.relative_to(vault).parts[0] != ".twinpage"
    }


def look(vault: Path, *, keep_state: bool) -> list[Flag]:
    ws = open_workspace(vault, keep_state=keep_state)
    try:
        assert take_flags(ws) == (), "a rule failed"
        return all_flags(ws)
    finally:
        ws.close()


def sync_quietly(vault: Path) -> None:
    said = io.StringIO()
    terminal = Terminal(said, said, {})
    code = sync.run(vault=vault, dry_run=False, allow_mass_delete=False, output_format="text", terminal=terminal)
    assert code == 0, said.getvalue()


def mend_quietly(vault: Path) -> None:
    said = io.StringIO()
    options = {"paths": (), "fix": True, "output_format": "text", "fail_on": None, "statistics": False}
    check.run(vault=vault, terminal=Terminal(said, said, {}), **options)


def flags_of_folder(name: str, side: str, vault: Path) -> list[Flag]:
    """Look twice: with a fresh state and with what was kept of it; looking changes nothing."""
    vault.mkdir()
    if (VAULTS / name / "agreed").is_dir():
        lay(VAULTS / name / "agreed", vault)
        sync_quietly(vault)
        assert files(vault) == files(VAULTS / name / "agreed")
    lay(VAULTS / name / side, vault)
    flags = look(vault, keep_state=True)
    again = look(vault, keep_state=False)
    assert [told(flag) for flag in again] == [told(flag) for flag in flags]
    assert files(vault) == files(VAULTS / name / side)
    return flags


def told(flag: Flag) -> str:
    return f"{flag.path}:{flag.line}:{flag.column} {flag.code} {flag.message}"


@pytest.mark.parametrize("side", ["bad", "good"])
@pytest.mark.parametrize("name", NAMES)
def test_flags_of_a_vault(name, side, tmp_path, update):
    flags = flags_of_folder(name, side, tmp_path / "vault")
    golden = VAULTS / name / f"{side}.flags.txt"
    text = "".join(f"{told(flag)}\n" for flag in flags)
    if update:
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")
    code = name[:5]
    assert (code in {flag.code for flag in flags}) == (side == "bad")


def test_every_rule_has_its_vaults_and_both_apps_are_there():
    assert {name[:5] for name in NAMES} == set(RULES)
    settings = [(VAULTS / name / "bad" / "twinpage.toml").read_text(encoding="utf-8") for name in NAMES]
    in_logseq = {name[:5] for name, text in zip(NAMES, settings, strict=True) if '"logseq"' in text}
    assert len(in_logseq) >= 8


@pytest.mark.parametrize("name", [name for name in NAMES if RULES[name[:5]].fixes])
def test_a_rule_that_says_it_mends_does(name, tmp_path):
    vault = tmp_path / "vault"
    before = flags_of_folder(name, "bad", vault)
    assert any(flag.fixable for flag in before if flag.code == name[:5])
    mend_quietly(vault)
    after = look(vault, keep_state=False)
    assert [told(flag) for flag in after if flag.code == name[:5]] == []


def test_good_vaults_have_no_flags_at_all():
    loud = [name for name in NAMES if (VAULTS / name / "good.flags.txt").read_text(encoding="utf-8")]
    assert loud == []
