"""New contents under a name of no meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinpage.edge.new_files import write_safe


def test_a_file_that_is_there_already_stays(tmp_path: Path) -> None:
    place = tmp_path / "kept"
    write_safe(str(place), b"first", 0o600)
    with pytest.raises(FileExistsError):
        write_safe(str(place), b"second", None)
    assert place.read_bytes() == b"first"
    assert place.stat().st_mode & 0o777 == 0o600
