"""Commands read without typer: it means the same, and whatever is in doubt goes to typer."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from twinpage import quick
from twinpage.__main__ import main
from twinpage.cli import app
from twinpage.commands import check as command
from twinpage.commands import review
from twinpage.quick import CHOICES, SWITCHES, VALUES, read_check

PACKAGE = str(Path(quick.__file__).resolve().parents[1])


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What `check.run` is called with, by typer and without it."""
    (tmp_path / "twinpage.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    calls = []

    def run(**options):
        calls.append({name: value for name, value in options.items() if name != "terminal"})
        return 0

    monkeypatch.setattr(command, "run", run)

    def by_both(arguments):
        calls.clear()
        assert quick.check(arguments) == 0
        with pytest.raises(SystemExit):
            app(["check", *arguments])
        return calls

    return by_both


def test_it_knows_no_option_that_typer_does_not_know():
    options = {name: option for option in typer.main.get_command(app).commands["check"].params for name in option.opts}
    for name in SWITCHES:
        assert options[name].is_flag
    for name in VALUES:
        assert not options[name].is_flag
        assert options[name].nargs == 1
    for name, choices in CHOICES.items():
        assert set(choices) <= set(options[name].type.choices)


def test_plain_lines_mean_the_same(asked):
    chance = random.Random(3)
    words = [[name] for name in SWITCHES] + [["a path"], ["sub/é.md"], ["."], ["--rev=HEAD~1"], ["--vault", "."]]
    words += [["--rev", "main"], ["--base", "a=b"], ["--base=v1"], ["--vault=."]]
    words += [[name, choice] for name, choices in CHOICES.items() for choice in choices]
    for _ in range(120):
        line = [word for _ in range(chance.randrange(5)) for word in chance.choice(words)]
        one, other = asked(line)
        assert one == other, line
    assert asked([])[0]["where"] == command.WORKING_TREE


@pytest.mark.parametrize(
    "line",
    [
        *(["--help"], ["--fix"], ["-h"], ["--"], ["--", "a.md"], ["--stagd"], ["--staged=yes"], ["--rev"], ["--rev="]),
        *(["--rev", "--staged"], ["--output-format", "yaml"], ["--fail-on", "Error"], [""], ["--nothing=1"], ["-x"]),
        *(["--rev", ""], ["--output-format"], ["--write-baseline"]),
    ],
)
def test_what_is_in_doubt_is_for_typer(line):
    assert read_check(line) is None
    assert read_check(["a.md", *line, "--staged"]) is None


@pytest.mark.parametrize(
    "line",
    [
        ["main...HEAD"],
        ["HEAD~1", "--output-format", "markdown"],
        ["--output-format=json", "a..b", "--fail-on", "warning"],
        ["--vault", ".", "v1", "--fail-on=info"],
    ],
)
def test_a_review_is_read_as_typer_reads_it(line, monkeypatch, tmp_path):
    (tmp_path / "twinpage.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    calls = []
    monkeypatch.setattr(review, "run", lambda *, terminal, **options: calls.append(options) or 0)
    assert quick.review(line) == 0
    with pytest.raises(SystemExit):
        app(["review", *line])
    assert calls[0] == calls[1]


@pytest.mark.parametrize("line", [[], ["a", "b"], ["a", "--help"], ["a", "--output-format", "sarif"], ["a", "--x"]])
def test_a_review_in_doubt_is_for_typer(line):
    assert quick.review(line) is None


def run_it(*words, folder, **options):
    command = [sys.executable, "-m", "twinpage", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": PACKAGE}, **options
    )


def test_errors_are_told_as_ever(tmp_path):
    for line in (["check"], ["check", "--statistics"], ["check", "--fix"]):
        done = run_it(*line, folder=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "There is no vault in" in done.stderr
        assert "Traceback" not in done.stderr


def test_typer_is_not_loaded(tmp_path):
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n')
    code = (
        "import sys; sys.argv = ['twinpage', 'check']; from twinpage.__main__ import main; code = main();"
        "assert 'typer' not in sys.modules and 'git' not in sys.modules and 'watchdog' not in sys.modules;"
        "sys.exit(code)"
    )
    environment = os.environ | {"PYTHONPATH": PACKAGE}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a shell")
def test_nobody_reads_to_the_end(tmp_path):
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n')
    for number in range(2000):
        (tmp_path / "artifacts").mkdir(exist_ok=True)
        (tmp_path / f"artifacts/{number}-{'x' * 60}.json").write_text("{")
    line = f"'{sys.executable}' -m twinpage check | head -n 1"
    environment = os.environ | {"PYTHONPATH": PACKAGE}
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_ctrl_c_while_libraries_are_imported_is_no_traceback(monkeypatch):
    def interrupted(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["twinpage", "diff"])
    monkeypatch.setattr("twinpage.quick.answered", interrupted)
    assert main() == 130
