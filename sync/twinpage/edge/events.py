"""What the system says about changes in a vault. Events are hints of where to look, never what to believe."""

from __future__ import annotations

import logging
import os
import threading
import unicodedata
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from twinpage.edge.place import SETTINGS
from twinpage.edge.walk import ARTIFACTS
from twinpage.model.signoff import SIGNOFFS

_WANTED: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_MANY = 8_000
"""Events of any kind between two looks, from which on some may have been lost: the system keeps 16,384 at most."""
SCHEMAS = "schemas"


@dataclass
class Hints:
    """Where something happened since the last time."""

    paths: set[str] = field(default_factory=set)
    """Vault paths of notes and artifact files, and with a final ``/`` folders that came or went."""
    settings: bool = False
    """twinpage.toml or a schema of the team's own."""
    doubt: bool = False
    """Events were lost, or may have been."""
    ended: bool = False
    """Nothing more will be told: the folder itself went."""


class Events(FileSystemEventHandler):
    """Listens while it is entered. Raises OSError when the system cannot watch so many folders."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._lock = threading.Condition()
        self._hints = Hints()
        self._number = 0
        self._observer = Observer()
        self._losses = _Losses(self)

    def __enter__(self) -> Self:
        # watchdog says that the system's queue overflowed only to its log.
        logging.getLogger("watchdog").addHandler(self._losses)
        # Where folders are made within one another at once it finds some twice, which harms nothing, and tells so with
        # a page of its insides.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        self._observer.schedule(self, self._root, recursive=True, event_filter=_WANTED)
        self._observer.daemon = True
        self._observer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join(2)
        # Not before: what watchdog says while it stops would go to the terminal.
        logging.getLogger("watchdog").removeHandler(self._losses)

    def wait(self, seconds: float | None) -> None:
        """Return as soon as there is something to take, or after so many seconds."""
        with self._lock:
            if not self._something:
                self._lock.wait(seconds)

    def unwatched_folders(self) -> int:
        """How many folders the system does not tell of, because it watches no more; 0 where it does not say.

        watchdog passes over folders below the first that could not be watched.
        """
        if not os.path.isdir("/proc/self/fdinfo"):
            return 0
        watched = 0
        for name in os.listdir("/proc/self/fdinfo"):
            try:
                watched += Path("/proc/self/fdinfo", name).read_text(encoding="ascii").count("inotify wd:")
            except OSError:
                continue
        return max(0, sum(1 for _ in os.walk(self._root)) - watched)

    def wake(self) -> None:
        """Let ``wait`` return."""
        with self._lock:
            self._lock.notify_all()

    def take(self) -> Hints:
        """All hints since the last call."""
        with self._lock:
            hints, self._hints = self._hints, Hints()
            hints.doubt = hints.doubt or self._number >= _MANY
            self._number = 0
        if not self._observer.is_alive() or not all(emitter.is_alive() for emitter in self._observer.emitters):
            hints.ended = True
        return hints

    @property
    def _something(self) -> bool:
        hints = self._hints
        return bool(hints.paths or hints.settings or hints.doubt or hints.ended)

    def doubt(self) -> None:
        """Events were lost."""
        with self._lock:
            self._hints.doubt = True
            self._lock.notify_all()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in a thread of its own."""
        told = [event.src_path] + ([event.dest_path] if event.dest_path else [])
        paths = [path for one in told if (path := self._inside(os.fsdecode(one))) is not None]
        with self._lock:
            self._number += 1
            before = self._something
            for path in paths:
                self._note(path, event.is_directory or _may_be_folder(event, path))
            if self._something and not before:
                self._lock.notify_all()

    def _inside(self, path: str) -> str | None:
        """A path as seen from the vault's top; None for what concerns nobody."""
        if path == self._root:
            return ""
        inside = path.removeprefix(self._root + os.sep).replace(os.sep, "/")
        return None if inside == path or inside.startswith(".") or "/." in inside else inside

    def _note(self, path: str, is_folder: bool) -> None:
        if path == "":
            self._hints.ended = self._hints.ended or not os.path.isdir(self._root)
        elif path in (SETTINGS, SCHEMAS) or (path.startswith(f"{SCHEMAS}/") and path.endswith(".json")):
            self._hints.settings = True
        elif path.endswith(f"/{SETTINGS}"):  # a folder became a vault of its own, or is one no longer
            self._hints.paths.add(path.removesuffix(SETTINGS))
        elif not _is_text(path):
            above = path.rpartition("/")[0]  # it can be named nowhere: the look at its folder tells of it
            if above and _is_text(above):
                self._hints.paths.add(f"{above}/")
            else:
                self._hints.doubt = True
        elif is_folder or path.endswith(".md") or path.startswith(f"{ARTIFACTS}/") or path == SIGNOFFS:
            end = "/" if is_folder else ""
            self._hints.paths.update({path + end, unicodedata.normalize("NFC", path) + end})


class _Losses(logging.Handler):
    """Hears watchdog's warnings."""

    def __init__(self, events: Events) -> None:
        super().__init__(logging.WARNING)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        self._events.doubt()


def _may_be_folder(event: FileSystemEvent, path: str) -> bool:
    """Some systems do not say of what went whether it was a folder."""
    return isinstance(event, FileDeletedEvent) and not path.endswith((".md", ".json"))


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
