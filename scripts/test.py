"""Everything that must hold before a change lands, on a machine with only Python 3.11 and git.

    python scripts/test.py            all steps
    python scripts/test.py lint tests     some of them

Ends with the number of tests that passed and failed; exit code 1 when a step failed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from environment import HOME, ROOT, environment, python_with, run

AT_ONCE = ("-n", "3", "--dist", "worksteal")
"""One more than the two cores that there are at least: a third of the tests waits for a clock, a watcher or git."""
STAND_ON_LIBRARIES = (
    *("tests/core/lens/test_hostile.py", "tests/core/lens/test_yaml_trouble.py", "tests/core/schema"),
    *(
        "tests/dialects",
        "tests/edge/test_events.py",
        "tests/edge/git/test_git.py",
        "tests/core/vault",
        "tests/test_cli.py",
    ),
    *("tests/commands/test_init.py", "tests/commands/test_sync.py", "tests/commands/test_diff.py"),
)


class StepFailed(Exception):
    """A step found something; it has already been printed."""


class Counts:
    """Tests of all runs together."""

    passed = 0
    failed = 0
    skipped = 0

    def add(self, closing: str) -> None:
        """Add a closing line of pytest such as ``3 failed, 40 passed in 2.1s``."""
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", closing):
            if word in ("passed", "skipped"):
                setattr(self, word, getattr(self, word) + int(number))
            else:
                self.failed += int(number)


COUNTS = Counts()


def main() -> int:
    """Run the chosen steps in order and stop at the first that fails."""
    chosen = sys.argv[1:] or list(STEPS)
    unknown = [word for word in chosen if word not in STEPS]
    if unknown:
        sys.exit(f"There is no step {unknown[0]}; there are {', '.join(STEPS)}.")
    times: list[str] = []
    failed = ""
    for name in chosen:
        print(f"\n=== {name}: {STEPS[name].__doc__}", flush=True)
        started = time.monotonic()
        try:
            STEPS[name]()
        except StepFailed as error:
            failed = f"Step {name} failed: {error}."
        times.append(f"{time.monotonic() - started:7.1f} s  {name}")
        if failed:
            break
    print("\n" + "\n".join(times))
    print(failed or "All steps passed.")
    print(f"{COUNTS.passed} passed, {COUNTS.failed} failed, {COUNTS.skipped} skipped", flush=True)
    return int(bool(failed))


def lint() -> None:
    """ruff's rules and format."""
    must(tool("ruff"), "check", ".")
    must(tool("ruff"), "format", "--check", ".")


def types() -> None:
    """mypy, strict."""
    must(tool("mypy"))


def contracts() -> None:
    """Who may import whom."""
    must(tool("lint-imports"), "--no-cache")


def tests() -> None:
    """All tests."""
    pytest(dev_python(), *AT_ONCE)


def lowest() -> None:
    """The quick tests of what stands on other libraries, at the lowest versions that pyproject.toml allows."""
    pytest(python_with("lowest", *lowest_versions()), "-m", "not slow", *AT_ONCE, *STAND_ON_LIBRARIES)


def wheel() -> None:
    """The wheel, made from the sdist, installed and tried."""
    with tempfile.TemporaryDirectory() as folder:
        must(str(dev_python()), "-m", "build", "--outdir", folder, ".")
        built = next(Path(folder).glob("*.whl"))
        python = python_with("wheel", str(built))
        for dialect in ("obsidian", "logseq"):
            smoke(python, Path(folder) / dialect, dialect)


def smoke(python: Path, vault: Path, dialect: str) -> None:
    """Make a vault with the installed wheel; every artifact must have its note, and a pass must find all in step."""
    twinpage = [str(python), "-m", "twinpage"]
    outside = vault.parent
    must(*twinpage, "init", str(vault), "--dialect", dialect, folder=outside)
    pass_ = json.loads(said(*twinpage, "sync", "--vault", str(vault), "--output-format", "json", folder=outside))
    notes = len(list(vault.rglob("*.md")))
    artifacts = len(list((vault / "artifacts").rglob("*.json")))
    if pass_["changes"] or not 0 < artifacts <= notes:
        raise StepFailed(f"{dialect}: {artifacts} artifact files, {notes} notes, then {len(pass_['changes'])} changes")
    must(*twinpage, "check", "--vault", str(vault), folder=outside)
    must(*twinpage, "doctor", "--vault", str(vault), folder=outside)


STEPS: dict[str, Callable[[], None]] = {
    "lint": lint,
    "types": types,
    "contracts": contracts,
    "tests": tests,
    "lowest": lowest,
    "wheel": wheel,
}


def dev_python() -> Path:
    return python_with("dev", "-e", ".[dev]")


def tool(name: str) -> str:
    return str(dev_python().with_name(name))


def lowest_versions() -> list[str]:
    """Each dependency pinned to its lower bound, and the tools that run tests as they come."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = [re.match(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", line) for line in project["dependencies"]]
    if None in bounds:
        raise StepFailed("a dependency in pyproject.toml has no lower bound; write NAME>=VERSION")
    return [f"{bound[1]}=={bound[2]}" for bound in bounds if bound] + ["pytest", "pytest-xdist", "hypothesis"]


def must(*command: str, folder: Path = ROOT) -> None:
    """Run a program that has to succeed."""
    print("$", " ".join([Path(command[0]).name, *command[1:]]), flush=True)
    code = run(list(command), folder)
    if code:
        raise StepFailed(f"{Path(command[0]).name} ended with {code}")


def said(*command: str, folder: Path) -> str:
    """What a program that has to succeed prints."""
    print("$", " ".join([Path(command[0]).name, *command[1:]]), flush=True)
    done = subprocess.run(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        raise StepFailed(f"{command[2]} {command[3]} ended with {done.returncode}: {done.stdout}")
    return done.stdout


def pytest(python: Path, *options: str) -> None:
    """Run the tests, show what pytest says as it says it, and count."""
    # The same examples each time: a change must not fail to land by chance. A plain `pytest` looks for new ones.
    command = [str(python), "-m", "pytest", "-q", "--hypothesis-profile", "ci", *options]
    print("$", " ".join(["python", *command[1:]]), flush=True)
    closing = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            closing = line if re.search(r"\d+ (passed|failed|errors?).* in [0-9.]+s", line) else closing
    COUNTS.add(closing)
    if process.returncode or not closing:
        raise StepFailed(f"pytest ended with {process.returncode}")


if __name__ == "__main__":
    HOME.mkdir(exist_ok=True)
    sys.exit(main())
