"""README and `--help` say the same: commands, their options, and the settings."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from twinpage.cli import app
from twinpage.config import KEYS
from twinpage.edge import shipped
from twinpage.rules import RULES

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
COMMON = {"--vault", "--help"}


def section(title: str) -> str:
    """The text under a second-level heading."""
    _, _, after = README.partition(f"\n## {title}\n")
    assert after, f"README has no section {title}"
    return after.partition("\n## ")[0]


def in_readme() -> dict[str, set[str]]:
    """Options of each command, by the first cells of the table."""
    rows = re.findall(r"^\| *`([^`]+)`", section("Commands"), re.MULTILINE)
    return {command_of(row): set(re.findall(r"--[a-z-]+", row)) for row in rows}


def command_of(row: str) -> str:
    return " ".join(re.match(r"[a-z]+(?: (?:show|install|uninstall)\b)?", row.removeprefix("twinpage "))[0].split())  # type: ignore[index]


def in_the_program() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    group = typer.main.get_command(app)
    pending = [("", group)]
    while pending:
        name, command = pending.pop()
        below = getattr(command, "commands", None)
        if below is None:
            if command.hidden:  # for git, not for people
                continue
            options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
            found[name] = options - COMMON
        else:
            pending += [(f"{name} {part}".strip(), one) for part, one in below.items()]
    return found


def test_the_table_of_commands_is_what_help_says() -> None:
    assert in_readme() == in_the_program()


def test_every_setting_is_told() -> None:
    said = set(re.findall(r"[a-z][a-z-]*", section("Settings")))
    assert set(KEYS) - said == set()


def test_the_table_of_flags_is_the_catalogue() -> None:
    rows = re.findall(r"^\| *(TP[0-9]{3}) *\| *([a-z-]+) *\| *([a-z]+) *\|$", section("Flags"), re.MULTILINE)
    assert rows == [(rule.code, rule.name, rule.severity) for rule in RULES.values()]


def test_every_kind_is_told() -> None:
    kinds = {name.removesuffix(".schema.json") for name in shipped.schemas()} - {"common"}
    assert len(kinds) == 12
    assert {kind for kind in kinds if kind not in README and kind.replace("-", " ") not in README} == set()


def test_the_scripts_are_told() -> None:
    assert "python scripts/demo.py" in README
    assert "python scripts/test.py" in README


def test_links_of_the_readme_lead_somewhere() -> None:
    root = Path(__file__).parent.parent
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [target for target in targets if not (root / target).exists()] == []
