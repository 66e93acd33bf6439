"""Why a flag is there: the page of its rule, and what holds in this vault."""

from __future__ import annotations

from pathlib import Path

from twinpage.core.flags.rule import Rule
from twinpage.edge.terminal import Terminal
from twinpage.errors import UnknownWord
from twinpage.rules import RULES, close_codes, page
from twinpage.workspace.settings import Settings, read_settings


def run(*, vault: Path | None, code: str, terminal: Terminal) -> int:
    """Print the page of a rule, named by code or name. Raises UnknownWord."""
    rule = _rule(code)
    settings = read_settings(vault)
    parts = [f"{rule.code} {rule.name}", page(rule.code), _here(rule, settings)]
    terminal.result("\n\n".join(parts))
    return 0


def _rule(said: str) -> Rule:
    word = said.strip()
    by_name = {rule.name: rule for rule in RULES.values()}
    rule = RULES.get(word.upper()) or by_name.get(word.lower())
    if rule is None:
        raise UnknownWord("rule", word, close_codes(word), "twinpage rules")
    return rule


def _here(rule: Rule, settings: Settings) -> str:
    severity = settings.config.severity(rule.code)
    said = f"{severity}, by twinpage.toml" if severity else f"{rule.severity}, the default"
    lines = ["## Settings", f"Severity: {said}. In twinpage.toml:", "", *_example(rule, settings), ""]
    lines += [
        f"One artifact is let off by `flags-ignored` in its note or `ignore` in its file: {rule.code} and the reason."
    ]
    return "\n".join(lines)


def _example(rule: Rule, settings: Settings) -> list[str]:
    other = "warning" if rule.severity == "off" else "off"
    if not rule.default_options:
        return ["    [rules]", f'    {rule.code} = "{other}"']
    options = {**dict(rule.default_options), **settings.config.options(rule.code)}
    written = [f"    {name} = {_toml(value)}" for name, value in options.items()]
    return [f"    [rules.{rule.code}]", f'    severity = "{other}"', *written]


def _toml(value: int | str | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
