"""Opening a vault: its settings, dialect, kinds, state and disk, all read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from twinpage.config import parse
from twinpage.core.flags.flagging import severities_of
from twinpage.core.schema.registry import Registry
from twinpage.core.vault.index import Index
from twinpage.core.vault.indexed_vault import IndexedVault
from twinpage.dialects import DIALECTS
from twinpage.edge import shipped
from twinpage.edge.former import FormerFiles
from twinpage.edge.place import SETTINGS
from twinpage.edge.states.state import State, memory_state
from twinpage.edge.states.state_index import LoadedIndex, StateIndex
from twinpage.edge.states.state_tables import Packed
from twinpage.errors import NotRead, SettingsMistakes
from twinpage.model.edit import Digest, digest
from twinpage.model.flag import Severity
from twinpage.model.kind import Kind, Value
from twinpage.model.names import fold
from twinpage.model.page import Dialect, Page
from twinpage.model.problem import Problem
from twinpage.model.remembering import forget_texts
from twinpage.model.source import Source
from twinpage.workspace.ground import Ground, open_ground
from twinpage.workspace.remembered import FLAGS_NOTE
from twinpage.workspace.settings import known_words
from twinpage.workspace.signed import signed_of

MANY = 200
"""From so many changed files on, the index is loaded whole instead of asked row by row."""
MANY_PAGES = 20_000


@dataclass
class Workspace(Ground):
    """One open vault, ready to be read."""

    pages: dict[str, tuple[str, Page]] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    """Paths of pages that were read in this pass. What is written is compared with the disk once more anyway."""
    raw: dict[str, bytes | Source] = field(default_factory=dict)
    """Artifact files as this pass found them on the disk, the first ones already read: of each that takes memory."""
    most_kept: int = MANY_PAGES
    """How many notes and how many artifact files are kept in memory at most."""
    most_read: int = 2_000
    """How many of these artifact files are kept as what they say, which takes more memory than their bytes."""
    loaded_from: int = MANY
    """From so many changed files on, the index is loaded whole."""
    before: dict[str, Packed] = field(default_factory=dict)
    """By path of a file that was just written over: what was remembered of its twin until then."""
    own_writes: set[Digest] = field(default_factory=set)
    """Digests of notes that a command wrote before its pass: nobody is typing in them."""
    dialect: Dialect = field(init=False)
    registry: Registry = field(init=False)
    vault: IndexedVault = field(init=False)
    _sound: dict[str, tuple[Digest, Kind]] = field(default_factory=dict, init=False)
    """Artifact files in which nothing was wrong a moment ago, by path. Not kept longer: of each it takes memory."""
    _names_of: tuple[int, int, int] = field(default=(0, 0, 0), init=False)

    def __post_init__(self) -> None:
        self.dialect = DIALECTS[self.dialect_name]
        self.registry = shipped.kinds().with_team(_parsed(self.schema_files))
        self.use(StateIndex(self.state))

    def use(self, index: Index) -> None:
        """Ask this index from now on."""
        known = self.state.recall(FLAGS_NOTE)
        ours = str(json.loads(known)[0]) if known else ""
        self.vault = IndexedVault(
            index,
            self.dialect.name,
            self.registry,
            self.today,
            self._options,
            self.config.needs_of,
            ours,
            partial(signed_of, self.state),
        )

    def load_index(self, changed: int) -> None:
        """Choose the index for a pass over so many changed files."""
        before, names = self._names_of, self.vault.case_names_if_known
        self.use(LoadedIndex(self.state) if changed > self.loaded_from else StateIndex(self.state))
        self._names_of = id(self.state), self.state.version(), self.state.rollbacks
        if before == self._names_of:  # nobody else wrote, nothing was taken back: the names of cases are the same
            self.vault.case_names_if_known = names

    def forget_state(self, instead: State | None = None) -> None:
        """Go on without the state: nothing is remembered but what another one knows, and nothing is kept."""
        self.state.close()
        self.state = instead or memory_state()
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

    def faults_in(self, file: Source, kind: Kind) -> tuple[Problem, ...]:
        """The same of a file that can be read. In what a look found nothing wrong, the next who asks is told so."""
        if self._sound.pop(file.path, None) == (file.digest, kind):
            return ()
        found = self.faults(file.value or {}, kind)
        if not found:
            self._sound[file.path] = file.digest, kind
        return found

    # ------------------------------------------------------------------ texts, parsed once

    def page_of(self, path: str, data: bytes) -> Page:
        """A note's bytes as a page. Bytes that are no UTF-8 give a page that holds everything."""
        known = self.pages.get(path)
        mark = digest(data)
        if known is not None and known[0] == mark:
            return known[1]
        page = read_page(self.dialect, path, data)
        if len(self.pages) >= self.most_kept:
            self.pages.clear()
            self.fresh.clear()
        self.pages[path] = mark, page
        return page

    def drop_texts(self) -> None:
        """Forget what passes read: the next ones are about others."""
        self.pages.clear()
        self.fresh.clear()
        self.raw.clear()
        self._sound.clear()

    def rest(self) -> None:
        """Forget all that can be found out again: what is kept amid much work keeps memory from the system."""
        self.drop_texts()
        self.disk.forget_folders()
        self.state.renew()
        forget_texts()

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


def open_workspace(root: Path, *, keep_state: bool = True) -> Workspace:
    """Open the vault at ``root`` (a folder with twinpage.toml); see ``open_ground`` for what is raised."""
    ground = open_ground(root, keep_state=keep_state)
    ground.disk.former = FormerFiles() if keep_state else None
    return workspace_on(ground)


def workspace_on(ground: Ground) -> Workspace:
    """Make ready to read the vault. Raises SettingsMistakes when new settings name unknown rules or kinds."""
    ws = Workspace(**vars(ground))
    if ws.state.recall("settings") != ws.settings_digest:
        _, mistakes = parse(ws.settings.decode("utf-8", "replace"), known_words(ws.registry))
        if mistakes:
            raise SettingsMistakes(SETTINGS, [str(mistake) for mistake in mistakes])
    return ws


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
