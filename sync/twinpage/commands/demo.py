"""A ready vault to look around in."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from twinpage.commands import check
from twinpage.commands.init import first_sync, how_to_begin, lay_out
from twinpage.core.wording import counted
from twinpage.edge.disk import ARTIFACTS
from twinpage.edge.terminal import Terminal

FOLDER = "twinpage-demo"
NOTE = "Journeys/Journey of the head chef.md"
FILE = f"{ARTIFACTS}/extinguished-animals-meat/journeys/head-chef.json"

_ADVICE = f"""  1. Open the folder as a vault in Obsidian, or any text editor, and look at
     {NOTE}
  2. Change the text of a stage there, add a remark under a heading of your own, then run
     twinpage sync
     and find your text, without the remark, in {FILE}
  3. Change the same stage in that file, sync again, and see the note follow.
  4. Change the stage differently on both sides, sync, and decide: twinpage conflicts
  5. twinpage explain TP301               why a profile without a journey is a flag
  6. twinpage init ../my-vault --dialect logseq
"""


def run(*, folder: Path | None, terminal: Terminal) -> int:
    """Make the vault in a new folder, sync and check it, and tell what was done and what to try.

    A folder that is there is never touched: the next free number is added to its name. Raises Usage, NotWritten.
    """
    root = _free(folder or Path.cwd() / FOLDER)
    laid = lay_out(root, "obsidian", "examples", terminal)
    code, notes = first_sync(laid.root, terminal)
    terminal.result(
        f"Made an Obsidian vault in {laid.root}.\nSynced it: {counted(notes, 'note')} written.\nChecked it:\n"
    )
    check.run(
        vault=laid.root,
        paths=(),
        fix=False,
        output_format="text",
        fail_on=None,
        statistics=False,
        terminal=terminal,
    )
    terminal.result("\n".join(["", *how_to_begin(laid.root, terminal), _ADVICE]))
    return code


def _free(wanted: Path) -> Path:
    """``wanted``, or the first of ``wanted-2``, ``wanted-3``, ... that is not there; an empty folder counts as free."""
    names = (wanted.name if number == 1 else f"{wanted.name}-{number}" for number in count(1))
    return next(path for path in (wanted.with_name(name) for name in names) if _is_free(path))


def _is_free(path: Path) -> bool:
    if not os.path.lexists(path):
        return True
    return path.is_dir() and not path.is_symlink() and not any(path.iterdir())
