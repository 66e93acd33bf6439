"""A small vault in memory, for walks of many steps: laid out in no time, read only where something changed.

``prepared()`` makes this process ready: nobody waits for a clock or a disk.
"""

from __future__ import annotations

import concurrent.futures
import gc
import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from twinpage.commands import sync as sync_command
from twinpage.config import Config, Known, Mistake, parse
from twinpage.core.artifact_text import write
from twinpage.edge import clock, disk, shipped
from twinpage.edge.states import state, state_tables
from twinpage.edge.terminal import Terminal
from twinpage.model.outcome import SyncOutcome
from twinpage.rules import RULES
from twinpage.workspace import ground, opening
from twinpage.workspace.flagging.flags import all_flags, take_flags

ID = re.compile(r"artifact-id::? ([^\n]+)\n")
STATE = ".twinpage/state.db"
REGISTRY = shipped.kinds()
_APART = ("TP001", "TP501", "TP521", "TP901")
_OF_LINKS = re.compile(r"artifact file: (?:case|profile)\. ")
"""A link that leads elsewhere once another note has its title; the pass after the next edit takes it over."""
MEMORY = "/dev/shm"


class World:
    """What a walk may turn: how time goes by, and what somebody does while a pass waits."""

    rested = False
    """Files are told apart from changed ones by their times alone, as once they have rested; else all are read.

    Never by the time that has really gone by: a walk is the same each time.
    """
    meanwhile: Callable[[], None] | None = None
    """Done once, when a pass waits."""

    @classmethod
    def sleep(cls, seconds: float) -> None:
        act, cls.meanwhile = cls.meanwhile, None
        if act is not None:
            act()

    @classmethod
    def time_ns(cls) -> int:
        return time.time_ns() + 10**9 if cls.rested else 0

    monotonic_ns = time.monotonic_ns


class _AtOnce:
    """In place of threads: what is begun is done, so that a walk is the same each time."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def submit(self, work: Callable[..., Any], *values: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*values))
        except OSError as error:
            future.set_exception(error)
        return future

    def shutdown(self) -> None:
        """Nothing is left to do."""


@contextmanager
def prepared() -> Iterator[None]:
    """As long as this lasts, passes run fast, and the same each time."""

    connect = state_tables.connect
    with ExitStack() as patches:
        for owner, name, ours in (
            (clock, "sleep", World.sleep),
            (ground, "parse", lambda text, known: _settings(text)),
            (clock, "now_ns", lambda: time.time_ns() + 10**11),
            (os, "fsync", lambda descriptor: None),
            (disk, "time", World),
            (state, "connect", lambda *given: _in_memory(connect(*given))),
            (concurrent.futures, "ThreadPoolExecutor", _AtOnce),
        ):
            patches.enter_context(patch.object(owner, name, ours))
        thresholds = gc.get_threshold()
        gc.set_threshold(100_000, 50, 100)  # as the program itself does
        try:
            yield
        finally:
            gc.set_threshold(*thresholds)


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """An empty folder, in memory where the system has such a place; gone afterwards."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="twinpage-walk-", dir=place) as folder:
        yield Path(os.path.realpath(folder))


class Kept(NamedTuple):
    """One file: its text, and what changes with each write."""

    text: str
    mtime: int
    inode: int


class WalkVault:
    """One vault; paths are vault paths. Whoever writes by ``put`` is a person in their editor."""

    def __init__(self, root: Path, dialect: str) -> None:
        self.root = root
        self.dialect = dialect
        self._saves = 10**18
        self._seen: dict[str, tuple[tuple[int, int, int, int], str]] = {}
        self._found: dict[str, Kept] | None = None
        self._trash: dict[str, str] = {}

    def begin(self, artifacts: Iterable[dict[str, Any]], aside: Path) -> None:
        """Lay these artifacts out and bring them into step; once for each folder ``aside``, where a copy stays."""
        shutil.rmtree(self.root, ignore_errors=True)
        if aside.exists():
            shutil.copytree(aside, self.root)
            return
        quiet = "".join(f'{code} = "off"\n' for code in sorted(RULES) if code not in _APART)
        self.put("twinpage.toml", f'dialect = "{self.dialect}"\n[rules]\n{quiet}')
        for value in artifacts:
            self.put_value(value)
        outcome = self.sync()
        assert (outcome.exit_code, outcome.held, outcome.conflicts) == (0, (), ()), outcome
        shutil.copytree(self.root, aside)

    # ------------------------------------------------------------------ what a person does

    def put(self, path: str, text: str) -> None:
        self._found = None
        place = f"{self.root}/{path}"
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(text.encode("utf-8"))
        self._saves += 1
        os.utime(place, ns=(self._saves, self._saves))  # no two saves look alike, however fast they follow

    def put_value(self, value: dict[str, Any]) -> None:
        kind = REGISTRY.kind(value["kind"])
        assert kind is not None
        self.put(f"artifacts/{value['id']}.json", write(value, kind))

    def remove(self, path: str) -> None:
        self._found = None
        (self.root / path).unlink()

    def rename(self, path: str, to: str) -> None:
        self._found = None
        os.rename(self.root / path, self.root / to)

    # ------------------------------------------------------------------ what there is

    def files(self) -> dict[str, Kept]:
        """Every file of the vault that is a person's."""
        if self._found is None:
            self._found = {}
            self._read("", str(self.root), self._found)
        return self._found

    def _read(self, prefix: str, folder: str, found: dict[str, Kept]) -> None:
        for entry in os.scandir(folder):
            if entry.name.startswith("."):
                continue
            path = prefix + entry.name
            if entry.is_dir():
                self._read(f"{path}/", entry.path, found)
                continue
            info = entry.stat()
            mark = (info.st_ino, info.st_mtime_ns, info.st_ctime_ns, info.st_size)
            known = self._seen.get(path)
            if known is None or known[0] != mark:
                known = self._seen[path] = mark, _text(entry.path)
            found[path] = Kept(known[1], info.st_mtime_ns, info.st_ino)

    def trash(self) -> dict[str, str]:
        """Every text in the trash. Nobody changes one later."""
        home = self.root / ".twinpage/trash"
        if home.is_dir():
            for bundle in sorted(os.listdir(home)):
                if bundle not in self._trash:
                    places = [place for place in sorted((home / bundle).rglob("*")) if place.is_file()]
                    self._trash[bundle] = "\n".join(_text(str(place)) for place in places)
        return self._trash

    def notes(self) -> dict[str, str]:
        """Path -> id of the notes that claim one."""
        claims = {path: ID.search(kept.text) for path, kept in sorted(self.files().items()) if path.endswith(".md")}
        return {path: claim[1].strip() for path, claim in claims.items() if claim}

    def artifacts(self) -> list[str]:
        return [path for path in sorted(self.files()) if path.startswith("artifacts/") and path.endswith(".json")]

    def text(self, path: str) -> str:
        return self.files()[path].text

    def value(self, path: str) -> dict[str, Any] | None:
        """What an artifact file says; None when it is broken."""
        try:
            value = json.loads(self.text(path))
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def remembered(self) -> dict[str, str]:
        """What the state knows of each artifact: the note as last seen, and the base."""
        if not (self.root / STATE).exists():
            return {}
        with closing(sqlite3.connect(self.root / STATE)) as database:
            try:
                rows = database.execute("select id, base, note from twins").fetchall()
            except sqlite3.OperationalError:  # a crash left it without tables
                return {}
        return {row[0]: f"{row[1]}\n{zlib.decompress(row[2]).decode()}" for row in rows}

    # ------------------------------------------------------------------ passes

    @property
    def terminal(self) -> Terminal:
        return Terminal(io.StringIO(), io.StringIO(), {})

    def sync(self) -> SyncOutcome:
        self._found = None
        ws = opening.open_workspace(self.root)
        try:
            return sync_command.sync(ws, self.terminal)
        finally:
            ws.close()
            self._found = None

    def changed(self) -> None:
        """Something else than ``put`` and ``sync`` may have written."""
        self._found = None

    def apart(self) -> list[str]:
        """What differs between the twins, seen by somebody who remembers nothing."""
        ws = opening.open_workspace(self.root, keep_state=False)
        try:
            twins = set(ws.state.base_notes().values())
            ws.forget_state()
            broken = [str(failure) for failure in take_flags(ws)]
            found = [flag for flag in all_flags(ws) if flag.code in _APART and not _OF_LINKS.search(flag.message)]
            found = [flag for flag in found if flag.path in twins or flag.artifact]
            found = [flag for flag in found if "stands here a second time" not in flag.message]  # somebody typed it so
            return broken + [f"{flag.code} {flag.message}" for flag in found]
        finally:
            ws.close()


@cache
def _settings(text: str) -> tuple[Config, tuple[Mistake, ...]]:
    config, mistakes = parse(text, Known())
    return config, tuple(mistakes)


def _in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("pragma journal_mode = memory")  # what crashes here is no process
    return connection


def _text(path: str) -> str:
    with open(path, "rb") as file:
        return file.read().decode("utf-8")


@cache
def compiled() -> bool:
    """Compile all kinds now, so that forked processes share them."""
    return all(kind.name for kind in REGISTRY)
