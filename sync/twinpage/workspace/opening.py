"""Opening a vault: its settings, dialect, kinds, state and disk, all read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from twinpage import __version__
from twinpage.config import Config, Known, parse
from twinpage.core.flagging import severities_of
from twinpage.core.index import Index
from twinpage.core.indexed_vault import IndexedVault
from twinpage.core.kinds import Registry
from twinpage.dialects import DIALECTS
from twinpage.edge import clock, shipped
from twinpage.edge.disk import Disk
from twinpage.edge.place import SETTINGS
from twinpage.edge.state import State, memory_state, open_state
from twinpage.edge.state_index import LoadedIndex, StateIndex
from twinpage.errors import NotRead, NotWritten, SettingsMistakes, Usage
from twinpage.model.edit import digest
from twinpage.model.flag import Severity
from twinpage.model.kind import Kind, Value
from twinpage.model.names import fold
from twinpage.model.page import Dialect, Page
from twinpage.model.problem import Problem
from twinpage.workspace.settings import known_words

MANY = 200
"""From so many changed files on, the index is loaded whole instead of asked row by row."""
LARGEST_SETTINGS = 1_000_000
PAGES_KEPT = 20_000


@dataclass
class Workspace:
    """One open vault."""

    disk: Disk
    config: Config
    dialect: Dialect
    registry: Registry
    state: State
    settings_digest: str
    """Of everything that flags and decisions depend on besides the files themselves."""
    today: str
    remarks: list[str] = field(default_factory=list)
    schema_files: Mapping[str, bytes] = field(default_factory=dict)
    pages: dict[str, tuple[str, Page]] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    """Paths of pages that were read in this pass. What is written is compared with the disk once more anyway."""
    vault: IndexedVault = field(init=False)

    def __post_init__(self) -> None:
        self.use(StateIndex(self.state))

    @property
    def root(self) -> Path:
        return self.disk.root

    def use(self, index: Index) -> None:
        """Ask this index from now on."""
        self.vault = IndexedVault(
            index, self.dialect.name, self.registry, self.today, self._options, self.config.needs_of
        )

    def load_index(self, changed: int) -> None:
        """Choose the index for a pass over so many changed files."""
        self.use(LoadedIndex(self.state) if changed > MANY else StateIndex(self.state))

    def forget_state(self) -> None:
        """Go on without the state: nothing is remembered, and nothing is kept."""
        self.state.close()
        self.state = memory_state()
        self.use(StateIndex(self.state))

    def save_index(self) -> None:
        if isinstance(self.vault.index, LoadedIndex):
            self.vault.index.save()

    @cached_property
    def severities(self) -> dict[str, Severity]:
        """The rules that are on here, with their severity."""
        from twinpage.rules import RULES

        return severities_of(RULES, self.config)

    # ------------------------------------------------------------------ the index, whichever it is

    def put_page(self, path: str, title: str) -> set[str]:
        """A note has this title now; the key touched. (An index over the state reads the state's own table.)"""
        if isinstance(self.vault.index, LoadedIndex):
            self.vault.index.put_page(path, title)
        return {f"title:{fold(title)}"}

    def drop_page(self, path: str, title: str) -> set[str]:
        if isinstance(self.vault.index, LoadedIndex):
            self.vault.index.drop_page(path, title)
        return {f"title:{fold(title)}"}

    def put_claim(self, artifact: str, path: str) -> set[str]:
        """A file or note says that it is this artifact; the key touched."""
        if isinstance(self.vault.index, LoadedIndex):
            self.vault.index.put_claim(artifact, path)
        return {f"id:{artifact}"}

    def drop_claim(self, artifact: str, path: str) -> set[str]:
        if isinstance(self.vault.index, LoadedIndex):
            self.vault.index.drop_claim(artifact, path)
        return {f"id:{artifact}"}

    def faults(self, value: Value, kind: Kind) -> tuple[Problem, ...]:
        """What is wrong with a whole artifact, by its schema."""
        return self.registry.validate(value, kind)

    # ------------------------------------------------------------------ texts, parsed once

    def page_of(self, path: str, data: bytes) -> Page:
        """A note's bytes as a page. Bytes that are no UTF-8 give a page that holds everything."""
        known = self.pages.get(path)
        mark = digest(data)
        if known is not None and known[0] == mark:
            return known[1]
        page = read_page(self.dialect, path, data)
        if len(self.pages) >= PAGES_KEPT:
            self.pages.clear()
            self.fresh.clear()
        self.pages[path] = mark, page
        return page

    def keep(self, page: Page) -> None:
        """A page that is about to stand on the disk: not to be parsed again."""
        self.pages[page.path] = page.digest, page
        self.fresh.add(page.path)

    def page(self, path: str) -> Page | None:
        """The note at a path as this pass found it on the disk; None when it is not there. Raises NotRead."""
        if path in self.fresh:
            return self.pages[path][1]
        try:
            data = self.disk.read(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotRead(path, error.strerror or "the system refused") from error
        return self.page_of(path, data)

    def title_at(self, path: str) -> str:
        """Title of the note at a path, as last seen."""
        facts = self.state.file(path)
        return facts.title if facts else ""

    def _options(self, code: str) -> Mapping[str, int | str | bool]:
        from twinpage.rules import RULES

        rule = RULES.get(code)
        return {**dict(rule.default_options if rule else ()), **self.config.options(code)}

    def close(self) -> None:
        self.state.close()


def open_workspace(root: Path, *, keep_state: bool = True) -> Workspace:
    """Open the vault at ``root`` (a folder with twinpage.toml).

    ``keep_state`` False: a command that only looks; where the state cannot be written, it works without. Raises
    SettingsMistakes, Usage (no dialect), NotRead, NotWritten.
    """
    disk = Disk(root)
    settings = _read_small(disk, SETTINGS)
    config, mistakes = parse(settings.decode("utf-8", "replace"), Known())
    if mistakes:
        raise SettingsMistakes(SETTINGS, [str(mistake) for mistake in mistakes])
    disk.excluded = config.excludes
    disk.excludes_files = any(not pattern.endswith("/") for pattern in config.exclude)
    dialect = DIALECTS[config.dialect or detect_dialect(disk.root)]
    schema_files = _team_schemas(disk)
    registry = Registry(shipped.schemas(), _parsed(schema_files))
    remarks: list[str] = []
    try:
        state = open_state(disk.root, remarks)
    except NotWritten:
        if keep_state:
            raise
        state = memory_state()
    parts = [settings, __version__.encode(), dialect.name.encode()]
    parts += [part for path, data in schema_files.items() for part in (path.encode(), data)]
    if any(ignore.until for ignore in config.ignores):
        parts.append(clock.today().encode())
    settings_digest = digest(b"\0".join(parts))
    if state.recall("settings") != settings_digest:
        _, mistakes = parse(settings.decode("utf-8", "replace"), known_words(registry))
        if mistakes:
            raise SettingsMistakes(SETTINGS, [str(mistake) for mistake in mistakes])
    return Workspace(disk, config, dialect, registry, state, settings_digest, clock.today(), remarks, schema_files)


def read_page(dialect: Dialect, path: str, data: bytes) -> Page:
    """A note's bytes as a page; never raises."""
    try:
        return dialect.parse(path, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        line = data.count(b"\n", 0, error.start) + 1
        message = f"This note is not UTF-8: line {line} has the byte {data[error.start]:02X}. Save it as UTF-8."
        offset = len(data[: error.start].decode("utf-8"))
        return dialect.parse(path, text).with_problem(Problem("TP001", offset, message, holds=True))


def detect_dialect(root: Path) -> str:
    """The dialect by the app's settings folder. Raises Usage when neither or both are there."""
    logseq = (root / "logseq" / "config.edn").is_file()
    obsidian = (root / ".obsidian").is_dir()
    if logseq != obsidian:
        return "logseq" if logseq else "obsidian"
    what = "both apps' settings are" if logseq else "no app's settings are"
    raise Usage(f'{SETTINGS} names no dialect and {what} here: write dialect = "obsidian" or dialect = "logseq" in it.')


def _read_small(disk: Disk, path: str) -> bytes:
    try:
        return disk.read(path)[:LARGEST_SETTINGS]
    except OSError as error:
        raise NotRead(path, error.strerror or "the system refused") from error


def _team_schemas(disk: Disk) -> dict[str, bytes]:
    """Schemas of the team's own by vault path."""
    folder = disk.root / "schemas"
    found: dict[str, bytes] = {}
    if folder.is_dir():
        for path in sorted(folder.glob("*.json")):
            found[f"schemas/{path.name}"] = _read_small(disk, f"schemas/{path.name}")
    return found


def _parsed(schema_files: Mapping[str, bytes]) -> dict[str, Any]:
    parsed: dict[str, Any] = {}
    for path, data in schema_files.items():
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            value = None  # the look at the vault flags it as unreadable
        if isinstance(value, dict):
            parsed[path] = value
    return parsed
