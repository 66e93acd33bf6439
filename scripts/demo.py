"""Show twinpage on a machine with only Python 3.11 and git: installs it beside the checkout's files and runs the demo.

python scripts/demo.py [DIR]
"""

from __future__ import annotations

import subprocess
import sys

from environment import environment, python_with


def main() -> int:
    """Install what is needed, then become ``twinpage demo``."""
    python = python_with("run", "-e", ".")
    command = [str(python), "-m", "twinpage", "demo", *sys.argv[1:]]
    return subprocess.run(command, env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
