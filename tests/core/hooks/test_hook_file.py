from __future__ import annotations

from pathlib import Path

import yaml

from twinpage.core.hooks.hook_file import HOOKS_FILE, hooks_file
from twinpage.core.hooks.hook_script import GATE, Program, hook_script

ROOT = Path(__file__).resolve().parents[3]


def test_the_file_at_the_top_is_what_we_would_write(update: bool) -> None:
    if update:
        (ROOT / HOOKS_FILE).write_text(hooks_file(), encoding="utf-8")
    assert (ROOT / HOOKS_FILE).read_text(encoding="utf-8") == hooks_file()


def test_it_looks_at_the_whole_staged_model_once_as_our_own_hook_does() -> None:
    (hook,) = yaml.safe_load(hooks_file())
    assert (hook["pass_filenames"], hook["always_run"], hook["require_serial"]) == (False, True, True)
    assert hook["entry"] == GATE
    assert f"$({GATE} --vault" in hook_script("pre-commit", Program("/python", "/package"), ["."])
