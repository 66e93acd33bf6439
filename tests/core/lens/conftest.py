"""What the tests of the lens share: kinds, dialects, and the cases of scripts/lens_cases.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from twinpage.core.schema.registry import Registry
from twinpage.edge.shipped import schemas

REPOSITORY = Path(__file__).resolve().parents[3]
if str(REPOSITORY / "scripts") not in sys.path:
    sys.path.append(str(REPOSITORY / "scripts"))

# More examples: TWINPAGE_EXAMPLES=500 python -m pytest tests/core/lens
settings.register_profile(
    "lens",
    max_examples=int(os.environ.get("TWINPAGE_EXAMPLES", "15")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="session")
def kinds() -> Registry:
    return Registry(schemas())


@pytest.fixture(scope="session")
def shared() -> Path:
    """Material that lies beside a checkout of the authors; without it these tests are skipped."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not there")
    return folder
