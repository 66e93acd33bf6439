"""``twinpage textconv``: an artifact file as readable lines, for git's diff. It needs no vault and no state."""

from __future__ import annotations

import sys
from pathlib import Path

from twinpage.core.readable_file import readable
from twinpage.errors import Usage


def run(file: str) -> int:
    """Print the file; 0. Raises Usage when it cannot be read."""
    try:
        data = Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "its name is odd"
        raise Usage(f"{file} cannot be read ({reason}); check the path.") from error
    try:
        sys.stdout.buffer.write(readable(data))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        sys.stderr.close()
    return 0
