"""What every test may ask for."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about us.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the flags of tests/vaults anew, to be reviewed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker gets as many slow ones, and does them first, so that none is left alone at the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    items[:] = [item for first in range(workers) for item in (*slow[first::workers], *quick[first::workers])]


def pytest_collection_finish() -> None:
    """What was collected stays for good: nobody has to look through it for garbage, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)  # as the program itself does


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """The golden files are to be written, not compared."""
    return bool(request.config.getoption("--update"))
