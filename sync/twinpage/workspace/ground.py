"""A vault before anything in it is read: settings, disk and state. Enough to say that nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from twinpage import __version__
from twinpage.config import Config, Known, parse
from twinpage.edge import clock, journal
from twinpage.edge.disk import Disk
from twinpage.edge.git.head import may_be_merging
from twinpage.edge.place import SETTINGS
from twinpage.edge.states.state import State, memory_state, open_state
from twinpage.edge.states.state_tables import CARDS
from twinpage.edge.walk import Scan, Stat
from twinpage.errors import NotRead, NotWritten, SettingsMistakes, Usage
from twinpage.model.edit import digest
from twinpage.model.signoff import SIGNOFFS
from twinpage.workspace.remembered import FLAGS_NOTE_TELLS, flags_mark

HANDOVER = "left to the next pass"
"""Key of the state; see ``handover``."""
LARGEST_SETTINGS = 1_000_000
NOWHERE = Stat(-1, 0, 0, 0)
"""Of what is not read (links that leave the vault), or was changed too recently to tell by its times."""


@dataclass
class Ground:
    """What an open vault stands on."""

    disk: Disk
    config: Config
    dialect_name: str
    state: State
    settings: bytes
    """twinpage.toml as it stands."""
    settings_digest: str
    """Of everything that flags and decisions depend on besides the files themselves."""
    today: str
    remarks: list[str] = field(default_factory=list)
    schema_files: Mapping[str, bytes] = field(default_factory=dict)
    scanned: tuple[int, Compared] | None = None
    """What ``unchanged`` saw, with the version of the state then."""

    @property
    def root(self) -> Path:
        return self.disk.root

    @property
    def in_git(self) -> bool:
        """It is looked at as git has it, not as it lies on the disk."""
        return self.disk.in_git

    def close(self) -> None:
        self.state.close()
        self.disk.close()

    def unchanged(self) -> bool:
        """No file changed since the last look, and none of what flags and decisions depend on."""
        if self.state.recall("settings") != self.settings_digest or self.state.stale(1):
            return False
        seen = self.compare()
        self.scanned = self.state.version(), seen
        return not (seen.scan.unreadable or seen.changed or seen.gone)

    def compare(self, paths: Sequence[str] | None = None) -> Compared:
        """Look at all files, or at those at ``paths``. What ``unchanged`` saw just now counts, once."""
        seen, self.scanned = self.scanned, None
        if paths is not None:
            return _compared(self.disk.scan(paths), self.state.stats_at(paths))
        if seen is not None and seen[0] == self.state.version():
            return seen[1]
        return _compared(self.disk.scan(), self.state.stats())

    def in_step(self) -> bool:
        """Unchanged, and the last pass left nothing open, nor a rename."""
        settled = bool(self.state.recall("flags")) and not self.state.recall("notes held")
        left = self.state.recall(HANDOVER) or self.state.dirty() or self.state.subjects_with("TP901")
        if journal.exists(self.root) or may_be_merging(self.root) or not settled or left or not self.unchanged():
            return False
        if self.disk.leftovers():
            return False
        told = self.state.recall(FLAGS_NOTE_TELLS)
        return not self.config.flags_note or told == flags_mark(self.state, self.settings_digest)


class Compared(Struct, frozen=True):
    """What there is, and what differs from how it was last read."""

    scan: Scan
    now: dict[str, Stat]
    """Every file that a look takes notice of."""
    changed: list[str]
    """New ones, too."""
    gone: list[str]


def _compared(scan: Scan, before: Iterable[tuple[str, Stat]]) -> Compared:
    now = all_files(scan)
    changed, gone = set(now), []
    for path, stat in before:  # one by one: all of them would be megabytes
        there = now.get(path)
        if there is None:
            gone.append(path)
        elif there == stat:
            changed.discard(path)
    return Compared(scan, now, [path for path in now if path in changed], gone)


def all_files(scan: Scan) -> dict[str, Stat]:
    """Every file that a look takes notice of."""
    signoffs = {SIGNOFFS: scan.signoffs} if scan.signoffs else {}
    return {**scan.notes, **scan.artifacts, **signoffs, **dict.fromkeys(roles_of_odd(scan), NOWHERE)}


def roles_of_odd(scan: Scan) -> dict[str, str]:
    """What is neither note nor artifact file and still wants to be told: path -> its role."""
    lists = ("stray", scan.strays), ("outside", scan.outside), ("double", scan.doubles), ("unnamed", scan.unnamed)
    closed = {path: "closed" for path in scan.unreadable if path}
    return closed | {path: role for role, paths in lists for path in paths}


def open_ground(root: Path, *, keep_state: bool = True) -> Ground:
    """Open the settings and the state of the vault at ``root`` (a folder with twinpage.toml).

    ``keep_state`` False: a command that only looks; where the state cannot be written, it works without. Raises
    SettingsMistakes, Usage (no dialect), NotRead, NotWritten.
    """
    disk = Disk(root)
    settings = _read_small(disk, SETTINGS)
    config, mistakes = parse(settings.decode("utf-8", "replace"), Known())
    if mistakes:
        raise SettingsMistakes(SETTINGS, [str(mistake) for mistake in mistakes])
    leave_out(disk, config)
    dialect = config.dialect or detect_dialect(disk.root)
    schema_files = _team_schemas(disk)
    remarks: list[str] = []
    try:
        state = open_state(disk.root, remarks)
    except NotWritten:
        if keep_state:
            raise
        state = memory_state()
    today = clock.today()
    marked = mark_of(settings, config, dialect, schema_files, today)
    return Ground(disk, config, dialect, state, settings, marked, today, remarks, schema_files)


def leave_out(disk: Disk, config: Config) -> None:
    """Let the disk pass over what the settings exclude."""
    disk.excluded = config.excludes
    disk.excludes_files = any(not pattern.endswith("/") for pattern in config.exclude)


def mark_of(settings: bytes, config: Config, dialect: str, schema_files: Mapping[str, bytes], today: str) -> str:
    """Digest of all that flags and decisions depend on besides the files. Of the day, only which silences ran out."""
    parts = [settings, __version__.encode(), CARDS, dialect.encode()]
    parts += [part for path, data in schema_files.items() for part in (path.encode(), data)]
    parts.append(bytes(bool(ignore.until) and ignore.until < today for ignore in config.ignores))
    return digest(b"\0".join(parts))


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
