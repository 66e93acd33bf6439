"""Two people work at random on both sides of a vault, with crashes and passes between: nothing typed is ever lost.

The walks, and what holds after each of their steps, are in ``scripts/walk.py`` and ``scripts/walk_steps.py``.
``python scripts/random_walk.py --minutes 60`` walks on for as long as one likes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

SCRIPTS = str(Path(__file__).resolve().parents[2] / "scripts")
if SCRIPTS not in sys.path:
    sys.path.append(SCRIPTS)

from walk import Walker  # noqa: E402
from walk_steps import ALL  # noqa: E402
from walk_vault import folder_in_memory, prepared  # noqa: E402

SLICES = 20
AMOUNT = int(os.environ.get("TWINPAGE_RANDOM", "2000"))
"""Walks of 30 steps, of both dialects together."""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(SLICES))
def test_nothing_is_lost(part, record_property):
    with prepared(), folder_in_memory() as folder:
        walker = Walker(folder / "vault", ALL)
        for seed in range(part, AMOUNT, SLICES):
            failed = walker.walk(("obsidian", "logseq")[seed // SLICES % 2], seed, 30)
            assert failed is None, str(failed)
        record_property("walks", walker.walks)
        record_property("steps", walker.done)


FOUND = json.loads((Path(__file__).parent / "walks_that_broke.json").read_text(encoding="utf-8"))
"""Walks that once broke a law, as ``scripts/random_walk.py`` told them."""


@pytest.mark.slow
@pytest.mark.parametrize("one", FOUND, ids=lambda one: f"{one['dialect']}-{one['seed']}")
def test_what_once_broke_holds(one):
    plan = tuple((name, number) for name, number in one["steps"])
    with prepared(), folder_in_memory() as folder:
        assert Walker(folder / "vault", ALL).replay(one["dialect"], one["seed"], plan) == ""
