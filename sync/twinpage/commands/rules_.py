"""The catalogue of rules, as it holds here."""

from __future__ import annotations

from pathlib import Path

from twinpage.edge.terminal import Terminal
from twinpage.rules import RULES
from twinpage.workspace.settings import read_settings


def run(*, vault: Path | None, terminal: Terminal) -> int:
    """Print a table of all rules; ``*`` marks a severity that the settings chose."""
    config = read_settings(vault).config
    width = max(len(rule.name) for rule in RULES.values())
    lines = [f"{'code':<7}{'name':<{width}}  severity  fix"]
    for rule in RULES.values():
        chosen = config.severity(rule.code)
        severity = f"{chosen}*" if chosen else rule.severity
        lines.append(f"{rule.code:<7}{rule.name:<{width}}  {severity:<8}  {'yes' if rule.fixes else ''}".rstrip())
    if config.severities:
        lines += ["", "* by twinpage.toml"]
    terminal.result("\n".join(lines))
    return 0
