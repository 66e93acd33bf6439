"""Virtual environments for the scripts: made on first use in .test/, made anew when pyproject.toml changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".test"
NEEDED = (3, 11)


def python_with(name: str, *requirements: str) -> Path:
    """The interpreter of an environment in which pip has installed the requirements, such as ``-e .[dev]``."""
    if sys.version_info < NEEDED:
        sys.exit("This needs Python 3.11 or newer; start it with a newer one, such as python3.11.")
    folder = HOME / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "installed-for"
    wanted = _fingerprint(requirements)
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Installing into {folder.relative_to(ROOT)} ...", flush=True)
    made = run([sys.executable, "-m", "venv", str(folder)])
    if made:
        sys.exit("Python could not make a virtual environment; install its venv module (python3-venv on Debian).")
    if run([str(python), "-m", "pip", "install", "-qq", *requirements]):
        sys.exit("The installation failed; see above. It needs a package index, once.")
    stamp.write_text(wanted, encoding="utf-8")
    return python


def run(command: list[str], folder: Path = ROOT) -> int:
    """Run a program in the foreground and return its exit code."""
    return subprocess.run(command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode


def environment() -> dict[str, str]:
    """Ours, without what would make a clean environment less clean, or each start of ours a slow one."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}


def _fingerprint(requirements: tuple[str, ...]) -> str:
    # A wheel of the same name may have new content.
    files = [ROOT / "pyproject.toml", *(Path(word) for word in requirements if word.endswith(".whl"))]
    contents = b"\0".join(path.read_bytes() for path in files)
    return hashlib.sha256(contents + repr((requirements, sys.version)).encode()).hexdigest()
