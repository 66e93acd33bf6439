"""The settings in force, as a twinpage.toml that says everything, and where each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from twinpage.config import Config
from twinpage.edge.place import SETTINGS
from twinpage.edge.terminal import Terminal
from twinpage.errors import Usage
from twinpage.model.toml_lines import Path as KeyPath
from twinpage.rules import RULES
from twinpage.workspace.ground import detect_dialect
from twinpage.workspace.settings import Settings, read_settings

_COMMENT_COLUMN = 48


def run(*, vault: Path, terminal: Terminal) -> int:
    """Print all settings; mistakes go to stderr and make it 2."""
    settings = read_settings(vault)
    terminal.result("\n".join(_lines(settings, vault)))
    for mistake in settings.mistakes:
        terminal.remark(f"{SETTINGS}, {mistake}")
    return 2 if settings.mistakes else 0


def _lines(settings: Settings, root: Path) -> Iterator[str]:
    config = settings.config
    yield f"# {root / SETTINGS}"
    yield _dialect(config, root)
    yield _said(config, ("exclude",), f"exclude = {_quoted(list(config.exclude))}")
    yield _said(config, ("fail-on",), f"fail-on = {_quoted(config.fail_on)}")
    yield _said(config, ("flags-note",), f"flags-note = {_quoted(config.flags_note)}")
    yield from _rules(config)
    yield from _needs(settings)
    yield from _folders(settings)
    for ignore in config.ignores:
        yield f"\n[[ignore]]{'':<{_COMMENT_COLUMN - 10}}# line {ignore.line}"
        for key in ("code", "artifact", "reason", "until"):
            if getattr(ignore, key):
                yield f"{key} = {_quoted(getattr(ignore, key))}"


def _dialect(config: Config, root: Path) -> str:
    if config.dialect:
        return _said(config, ("dialect",), f"dialect = {_quoted(config.dialect)}")
    try:
        return (
            f"{f'dialect = {_quoted(detect_dialect(root))}':<{_COMMENT_COLUMN}}# from the app's settings in the vault"
        )
    except Usage as error:
        return f"# {error}"


def _rules(config: Config) -> Iterator[str]:
    # A rule with options has a table of its own: in TOML a key cannot be both.
    with_options = {code for code, rule in RULES.items() if rule.default_options or config.options(code)}
    yield "\n[rules]"
    for code, rule in RULES.items():
        if code not in with_options:
            value = _quoted(config.severity(code) or rule.severity)
            yield _said(config, ("rules", code), f"{code} = {value}")
    for code in sorted(with_options):
        yield f"\n[rules.{code}]"
        severity = config.severity(code)
        key: KeyPath = ("rules", code, "severity") if ("rules", code, "severity") in config.lines else ("rules", code)
        yield _said(config, key if severity else (), f"severity = {_quoted(severity or RULES[code].severity)}")
        for name, option in {**dict(RULES[code].default_options), **config.options(code)}.items():
            yield _said(config, ("rules", code, name), f"{name} = {_quoted(option)}")


def _needs(settings: Settings) -> Iterator[str]:
    if settings.config.needs:
        yield "\n[needs]"
    for kind, pairs in settings.config.needs.items():
        written = ", ".join(f"{{ kind = {_quoted(partner)}, by = {_quoted(by)} }}" for partner, by in pairs)
        yield _said(settings.config, ("needs", kind), f"{kind} = [{written}]")


def _folders(settings: Settings) -> Iterator[str]:
    yield "\n[folders]"
    for kind in settings.registry:
        folder = settings.config.folder_of(kind.name)
        yield _said(settings.config, ("folders", kind.name), f"{kind.name} = {_quoted(folder or kind.folder)}")


def _said(config: Config, key: KeyPath, written: str) -> str:
    origin = f"line {config.lines[key]}" if key in config.lines else "default"
    return f"{written:<{_COMMENT_COLUMN - 1}} # {origin}"


def _quoted(value: object) -> str:
    # JSON's texts, numbers, booleans and lists of texts are TOML's too.
    return json.dumps(value, ensure_ascii=False)
