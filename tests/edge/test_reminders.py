from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from twinpage.edge.reminders import forget, is_reminded, remind
from twinpage.errors import NotWritten


def test_a_reminder_is_there_until_it_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / ".twinpage").mkdir()
    assert not is_reminded(tmp_path, "x")
    remind(tmp_path, "x")
    remind(tmp_path, "x")
    assert is_reminded(tmp_path, "x")
    forget(tmp_path, "x")
    forget(tmp_path, "x")
    assert not is_reminded(tmp_path, "x")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / ".twinpage").mkdir()
    (tmp_path / ".twinpage" / "x").symlink_to(tmp_path / "elsewhere")
    remind(tmp_path, "x")
    assert not os.path.lexists(tmp_path / "elsewhere")


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match=r"\.twinpage/x could not be written"):
        remind(tmp_path, "x")
