"""The command line as a person meets it: real processes, real exit codes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twinpage import __version__, cli
from twinpage.__main__ import SHORT_HELP

PACKAGE_HOME = str(Path(cli.__file__).parents[2])
COMMANDS = (
    "init",
    "new",
    "remove",
    "rename",
    "import",
    "sync",
    "watch",
    "check",
    "status",
    "conflicts",
    "resolve",
    "restore",
    "trash",
    "diff",
    "log",
    "merge",
    "review",
    "signoff",
    "explain",
    "rules",
    "kinds",
    "doctor",
    "demo",
    "config",
    "hooks",
)
GROUPS = {"config": ("show",), "hooks": ("install", "uninstall")}
WITH_FORMAT = ("diff", "log", "review", "check", "sync", "watch", "status", "conflicts", "trash")


def twinpage(*words: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": PACKAGE_HOME, "COLUMNS": "80", "PYTHONUTF8": "1", **environment}
    return subprocess.run(
        [sys.executable, "-m", "twinpage", *words],
        cwd=folder,
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "twinpage.toml").write_text('dialect = "obsidian"\n', encoding="utf-8")
    return tmp_path


def test_no_arguments_print_a_short_help() -> None:
    done = twinpage()
    assert (done.returncode, done.stdout, done.stderr) == (0, SHORT_HELP, "")
    assert set(re.findall(r"twinpage ([a-z]+)", SHORT_HELP)) - set(COMMANDS) <= {"keeps"}


def test_version() -> None:
    done = twinpage("--version")
    assert (done.returncode, done.stdout) == (0, f"twinpage {__version__}\n")
    assert twinpage("sync", "--version").returncode == 2


def test_version_and_short_help_import_no_library() -> None:
    for words in (["--version"], []):
        code = (
            f"import sys; sys.argv = ['twinpage', *{words!r}]\n"
            "from twinpage.__main__ import main\nmain()\n"
            "print(sorted({'typer', 'jsonschema', 'yaml', 'git', 'watchdog', 'rich'} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": PACKAGE_HOME}, capture_output=True, text=True
        )
        assert done.stdout.endswith("[]\n"), done.stderr


def test_help_lists_every_command_and_no_other() -> None:
    done = twinpage("--help")
    listed = re.findall(r"^  ([a-z]+)  +\S", done.stdout.partition("Commands:")[2], re.MULTILINE)
    assert (done.returncode, listed) == (0, list(COMMANDS))
    assert "..." not in done.stdout.partition("Commands:")[2], "a summary is too long for one line"


@pytest.mark.parametrize("command", [f"{name} {part}".strip() for name in COMMANDS for part in GROUPS.get(name, ("",))])
def test_help_of_each_command_has_an_example_and_the_vault(command: str) -> None:
    done = twinpage(*command.split(), "--help")
    assert done.returncode == 0
    example = done.stdout.rstrip().rpartition("\n")[2]
    assert example.startswith(f"  Example: twinpage {command}"), "on one line, so that it can be copied"
    assert "--vault DIR" in done.stdout
    assert ("--output-format" in done.stdout) == (command in WITH_FORMAT)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("init", "--vault DIR The same as DIR."),
        ("init", "default: the one whose settings lie there, else obsidian"),
        ("demo", "--vault DIR The same as DIR."),
        ("demo", "default: twinpage-demo here"),
        ("new", "default: that of --for"),
        ("check", "default: the whole vault"),
        ("check", "default: the files as they are"),
        ("check", "default: `fail-on` of twinpage.toml, else error"),
        ("check", "Example: twinpage check --staged --base main"),
        ("resolve", "may be given several times"),
        ("diff", "or ... for what the second did since they parted"),
        ("diff", "without one, HEAD"),
        ("log", "default: all"),
        ("merge", "default: stdout"),
        ("merge", "default: the one around OURS"),
        ("review", "default: `fail-on` of twinpage.toml, else error"),
        ("kinds", "without it, list all"),
    ],
)
def test_help_names_what_is_meant_without_a_word(command: str, said: str) -> None:
    assert said in " ".join(twinpage(command, "--help").stdout.split())


def test_no_summary_of_a_command_in_a_group_is_cut() -> None:
    for group in GROUPS:
        assert "..." not in twinpage(group, "--help").stdout.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["review", "pr", "main"], "`twinpage review pr..main`"),
        (["review", "pr", "main", "old"], "with .. between them"),
        (["chek"], "Did you mean 'check'"),
        (["check", "--fial"], "No such option: --fial"),
        (["check", "--fail-on", "fatal"], "fatal"),
        (["sync", "--output-format", "yaml"], "yaml"),
        (["explain"], "CODE"),
        (["init"], "twinpage init DIR"),
        (["resolve", "a/b"], "--take SIDE"),
        (["resolve", "a/b", "--take", "note", "--edit"], "in one way"),
        (["resolve", "a/b", "--field", "/goal"], "names no side"),
        (["resolve", "a/b", "--field", "/goal=mine"], "note, file, ours or theirs"),
        (["demo", "a", "--vault", "b"], "two folders"),
        (["serve"], "No such command"),
        (["watch", "--output-format", "json"], "jsonl"),
    ],
)
def test_a_mistake_in_the_command_line_is_2_and_says_what_to_do(words: list[str], said: str, vault: Path) -> None:
    done = twinpage(*words, folder=vault)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", ["sync", "check", "status", "conflicts", "restore", "trash", "config show", "remove a"]
)
def test_outside_a_vault_it_is_2_and_says_how_to_name_one(command: str, tmp_path: Path) -> None:
    done = twinpage(*command.split(), folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no vault in" in done.stderr
    assert "--vault DIR" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_vault_is_found_from_below_and_by_name(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    below = vault / "Notes" / "deep"
    below.mkdir(parents=True)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for done in (
        twinpage("config", "show", folder=below),
        twinpage("config", "show", "--vault", str(vault), folder=elsewhere),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"# {vault.resolve() / 'twinpage.toml'}\n")


def test_a_bug_is_one_sentence_and_a_log_in_the_vault(vault: Path) -> None:
    (vault / ".twinpage").mkdir()
    done = broken(vault)
    assert (done.returncode, done.stdout) == (2, "")
    (log,) = (vault / ".twinpage" / "log").iterdir()
    assert done.stderr == f"Something unexpected happened inside twinpage; please report it with {log.resolve()}.\n"
    assert "ZeroDivisionError: the inside is out" in log.read_text(encoding="utf-8")


def test_a_bug_outside_a_vault_leaves_its_log_with_temporary_files(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "temporary").mkdir()
    done = broken(tmp_path / "here", TMPDIR=str(tmp_path / "temporary"))
    (log,) = (tmp_path / "temporary").iterdir()
    assert done.returncode == 2
    assert str(log) in done.stderr
    assert list((tmp_path / "here").iterdir()) == []


def test_the_log_does_not_follow_a_link_out_of_the_vault(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (vault / ".twinpage").symlink_to(outside)
    done = broken(vault)
    assert done.returncode == 2
    assert list(outside.iterdir()) == []


def broken(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose inside fails."""
    code = (
        "import sys, twinpage.commands.rules_ as command\n"
        "def run(**words):\n    raise ZeroDivisionError('the inside is out')\n"
        "command.run = run\nfrom twinpage.cli import run\nsys.exit(run(['rules']))"
    )
    settings = {**os.environ, "PYTHONPATH": PACKAGE_HOME, **environment}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=settings, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_is_130_without_a_traceback() -> None:
    code = (
        "import sys, time, twinpage.commands.rules_ as command\n"
        "def run(**words):\n    print('ready', flush=True)\n    time.sleep(30)\n"
        "command.run = run\nfrom twinpage.cli import run\nsys.exit(run(['rules']))"
    )
    settings = {**os.environ, "PYTHONPATH": PACKAGE_HOME}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whoever runs the tests may have it ignored
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (130, "")


def test_no_colour_when_not_a_terminal(vault: Path) -> None:
    assert "\x1b" not in twinpage("rules", folder=vault, FORCE_COLOR="1").stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="nothing here is always full")
def test_a_result_that_cannot_be_written_is_told_with_what_to_do(vault: Path) -> None:
    for words in (["check"], ["rules"], ["--help"], ["check", "--help"], ["--version"], []):
        settings = {**os.environ, "PYTHONPATH": PACKAGE_HOME}
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(
                [sys.executable, "-m", "twinpage", *words],
                cwd=vault,
                env=settings,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert done.stderr.startswith("The result could not be written (No space left on device). Make room")
        assert done.stderr.count("\n") == 1


def test_whoever_reads_no_further_is_no_error(vault: Path) -> None:
    for words in (["check"], ["--help"], ["check", "--help"], []):
        settings = {**os.environ, "PYTHONPATH": PACKAGE_HOME}
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "twinpage", *words],
                cwd=vault,
                env=settings,
                stdout=writer,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        finally:
            os.close(writer)
        assert (done.returncode, done.stderr) == (0, ""), words


@pytest.mark.skipif(os.name == "nt", reason="a shell's way of closing them")
@pytest.mark.parametrize("closed", ["<&- >&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_no_verdict(vault: Path, closed: str) -> None:
    for words in ("--version", "rules", "check", "status", ""):
        command = f"{sys.executable} -m twinpage {words} {closed}"
        settings = {**os.environ, "PYTHONPATH": PACKAGE_HOME}
        done = subprocess.run(command, shell=True, cwd=vault, env=settings, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), (words, done)
