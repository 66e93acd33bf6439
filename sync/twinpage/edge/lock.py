"""The two locks: one process at a time writes in a vault, for one pass; and one process at most watches it.

The system holds the lock and lets go of it when the process ends, however it ends. Where a file system cannot lock, a
file that names its holder stands in; a holder that died, or whose machine was started anew, no longer counts.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from twinpage.edge import clock, deeds
from twinpage.edge.ending import done_whole, may_be_cut
from twinpage.edge.holder import Holder, parsed
from twinpage.edge.place import STATE_FOLDER
from twinpage.errors import AlreadyWatched, LockHeld, NotWritten, OutsideVault

if TYPE_CHECKING:
    from twinpage.model.outcome import Watcher

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 5.0
"""Seconds to wait for another process."""
_FIRST_NAP, _LONGEST_NAP = 0.01, 0.1
_CANNOT_LOCK = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}

_ENDS = {"lock": "amid its work; the next pass heals what it left", "watcher": "while it watched"}
"""How the log tells of who was killed with a lock."""
SIGN = "watching.json"
Release = Callable[[], None]


Beat = Callable[[int], None]
"""Gives a sign of life, with the number of batches so far."""


@contextmanager
def watcher_role(root: Path, by_system: bool = True) -> Iterator[Beat]:
    """Be the one process that watches the vault at ``root``. Raises AlreadyWatched, NotWritten, OutsideVault.

    So does giving a sign of life, should somebody have deleted ``.twinpage`` and another have begun to watch.
    """
    role = _Role(root, by_system)
    try:
        role.beat(0)
        yield role.beat
    finally:
        role.end()


class _Role:
    """The right to watch a vault, as long as nobody takes its file away."""

    def __init__(self, root: Path, by_system: bool) -> None:
        self.root = root
        self.by_system = by_system
        self.since = clock.stamp()
        self.release = self._taken()

    def _taken(self) -> Release:
        folder = _folder(self.root)
        try:
            # Twice: a holder that died is put away by the first attempt where the file system cannot tell.
            release = _take(folder, "watcher", self.by_system) or _take(folder, "watcher", self.by_system)
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/watcher", error.strerror or "the system refused") from error
        if release is None:
            raise AlreadyWatched(_name_of_holder(folder, "watcher"))
        return release

    def beat(self, batches: int) -> None:
        folder = self.root / STATE_FOLDER
        if not _is_in(folder, self.root):
            return  # somebody put a link there; nothing is written through it
        if Holder.this() not in (_read(folder / "watcher"), _read(folder / "watcher-holder")):
            with suppress(NotWritten, OutsideVault):  # it is tried again with the next sign
                before, self.release = self.release, self._taken()
                before()
        told = {**asdict(Holder.this()), "since": self.since, "batches": batches}
        with suppress(OSError):  # a sign of life is no work: it may fail
            fresh = folder / f"watching-{os.getpid()}"
            fresh.write_bytes(json.dumps(told).encode("utf-8"))
            os.replace(fresh, folder / SIGN)

    def end(self) -> None:
        folder = self.root / STATE_FOLDER
        if _is_in(folder, self.root) and _read(folder / SIGN) == Holder.this():
            with suppress(OSError):
                (folder / SIGN).unlink()
        self.release()


def watcher_of(root: Path) -> Watcher | None:
    """Who watches the vault at ``root``; None when nobody does, or when who did ended without a word."""
    sign = root / STATE_FOLDER / SIGN
    holder = _read(sign)
    if holder is None or holder.is_gone():
        return None
    try:
        told = json.loads(sign.read_bytes())
        age = max(0.0, clock.now_ns() / 1e9 - sign.stat().st_mtime)
        where = "" if holder.host == platform.node() else f" on {holder.host}"
        from twinpage.model.outcome import Watcher

        return Watcher(holder.pid, f"process {holder.pid}{where}", str(told["since"]), age, int(told["batches"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def write_lock(root: Path, patience: float = PATIENCE, by_system: bool = True) -> Iterator[None]:
    """Hold the write lock of the vault at ``root``; wait ``patience`` seconds for it at most.

    A request to end cuts nothing that is done within, but where ``may_be_cut`` says so. ``by_system`` False: as where
    the file system cannot lock. Raises LockHeld with the holder's name, NotWritten when ``.twinpage`` cannot be used,
    OutsideVault when it is a link out of the vault.
    """
    folder = _folder(root)
    with done_whole():  # one that ends amid taking it would look as if it had been killed
        release = _waited_for(folder, patience, by_system)
        try:
            yield
        finally:
            release()


def _waited_for(folder: Path, patience: float, by_system: bool) -> Release:
    deadline = time.monotonic() + patience
    nap = _FIRST_NAP
    while True:
        try:
            release = _take(folder, "lock", by_system)
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/lock", error.strerror or "the system refused") from error
        if release is not None:
            return release
        if time.monotonic() >= deadline:
            raise LockHeld(_name_of_holder(folder, "lock"))
        with may_be_cut():
            time.sleep(nap)
        nap = min(nap * 2, _LONGEST_NAP)


def lock_for_now(root: Path, name: str, patience: float) -> Release | None:
    """A lock of another name, for something that can be done without: None when another holds it for longer.

    ``name`` may lie in a folder below ``.twinpage``. Raises NotWritten, OutsideVault.
    """
    path = _folder(root) / name
    deadline = time.monotonic() + patience
    while True:
        try:
            path.parent.mkdir(exist_ok=True)
            release = _take(path.parent, path.name, True) if _is_in(path.parent, root / STATE_FOLDER) else None
        except OSError as error:
            raise NotWritten(f"{STATE_FOLDER}/{name}", error.strerror or "the system refused") from error
        if release is not None or time.monotonic() >= deadline:
            return release
        time.sleep(_FIRST_NAP)


def _folder(root: Path) -> Path:
    folder = root / STATE_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        inside = _is_in(folder, root)
    except OSError as error:
        raise NotWritten(STATE_FOLDER, error.strerror or "the system refused") from error
    if not inside:
        raise OutsideVault(STATE_FOLDER)
    return folder


def _is_in(folder: Path, root: Path) -> bool:
    """No link leads out, now: somebody may put one there while a watcher runs."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(root))


def _take(folder: Path, name: str, by_system: bool) -> Release | None:
    """Take the lock now; None when another has it."""
    if by_system and fcntl is not None:
        try:
            return _take_by_system(folder / name)
        except OSError as error:
            if error.errno not in _CANNOT_LOCK:
                raise
    return _take_by_file(folder / f"{name}-holder")


def _take_by_system(path: Path) -> Release | None:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(os.close, lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        if not _is_still(path, lock):
            return None
        # The lock itself is the system's; the name is for the sentence that others show.
        _tell_of_dead(path, parsed(os.pread(lock, 4096, 0)))
        os.ftruncate(lock, 0)
        os.pwrite(lock, _said(Holder.this()), 0)
        on_failure.pop_all()

    def release() -> None:
        with suppress(OSError):
            os.ftruncate(lock, 0)
        os.close(lock)

    return release


def _is_still(path: Path, lock: int) -> bool:
    """Somebody who deletes .twinpage leaves us with a lock on a file that nobody else will ever see."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(lock))
    except FileNotFoundError:
        return False


def _take_by_file(path: Path) -> Release | None:
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    said = json.dumps({**asdict(Holder.this()), "mark": mark}).encode("utf-8")
    ours = path.with_name(f"{path.name}-{mark}")
    ours.write_bytes(said)
    try:
        # A link appears with its content or not at all; a file that is created first and written then does not.
        os.link(ours, path)
    except FileExistsError:
        _put_away_if_gone(path, ours)
        return None
    finally:
        ours.unlink(missing_ok=True)

    def release() -> None:
        with suppress(FileNotFoundError):
            if path.read_bytes() == said:  # else somebody deleted it, and it was taken anew
                path.unlink()

    return release


def _put_away_if_gone(path: Path, aside: Path) -> None:
    """Remove the file of a holder that is gone, and of nobody who took its place in the meantime."""
    holder = _read(path)
    if holder is None or not holder.is_gone():
        return
    with suppress(FileNotFoundError):
        os.replace(path, aside)
        if _read(aside) != holder:
            with suppress(FileExistsError):
                os.link(aside, path)
        else:
            _tell_of_dead(path, holder)


def _name_of_holder(folder: Path, name: str) -> str:
    holder = _read(folder / name) or _read(folder / f"{name}-holder")
    return str(holder) if holder else "Another twinpage"


def _said(holder: Holder) -> bytes:
    return json.dumps(asdict(holder)).encode("utf-8")


def _read(path: Path) -> Holder | None:
    with suppress(OSError):
        return parsed(path.read_bytes())
    return None


def _tell_of_dead(path: Path, holder: Holder | None) -> None:
    """Who ends takes the name away; one that still stands there was killed, and could tell nobody."""
    work = _ENDS.get(path.name.partition("-")[0])
    if work is not None and holder is not None and holder.is_gone():  # one of a copied vault may well be alive
        deeds.note(path.parent.parent, [f"cut short  process {holder.pid} was killed {work}"])
