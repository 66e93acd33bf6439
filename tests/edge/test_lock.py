"""The write lock, with real processes."""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twinpage.edge import deeds
from twinpage.edge.holder import Holder
from twinpage.edge.lock import watcher_of, watcher_role, write_lock
from twinpage.errors import AlreadyWatched, LockHeld, NotWritten, OutsideVault

HOLD = """
import sys, time
from pathlib import Path
from twinpage.edge.lock import write_lock
with write_lock(Path(sys.argv[1]), by_system=sys.argv[2] == "True"):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""
ASK = """
import sys
from pathlib import Path
from twinpage.edge.lock import write_lock
from twinpage.errors import LockHeld
try:
    with write_lock(Path(sys.argv[1]), patience=0, by_system=sys.argv[2] == "True"):
        print("free")
except LockHeld:
    print("held")
"""
COUNT = """
import sys, time
from pathlib import Path
from twinpage.edge.lock import write_lock
counter = Path(sys.argv[1]) / "counter"
for _ in range(10):
    with write_lock(Path(sys.argv[1]), patience=30, by_system=sys.argv[2] == "True"):
        number = int(counter.read_text())
        time.sleep(0.002)
        counter.write_text(str(number + 1))
"""

Start = Callable[..., "subprocess.Popen[str]"]


def is_held(vault: Path, by_system: bool) -> bool:
    """Another process cannot get it now."""
    command = [sys.executable, "-c", ASK, str(vault), str(by_system)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout == "held\n"


@pytest.fixture(params=[True, False], ids=["by the system", "by a file"])
def by_system(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(script: str, *arguments: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        words = [sys.executable, "-c", script, *(str(argument) for argument in arguments)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def wait_until_held(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def test_one_after_the_other(tmp_path: Path, by_system: bool) -> None:
    for _ in range(2):
        with write_lock(tmp_path, by_system=by_system), pytest.raises(LockHeld), write_lock(tmp_path, 0.05, by_system):
            pass


def test_another_process_is_named(tmp_path: Path, by_system: bool, start: Start) -> None:
    process = start(HOLD, tmp_path, by_system, 60)
    wait_until_held(process)
    begun = time.monotonic()
    with pytest.raises(LockHeld) as held, write_lock(tmp_path, patience=0.2, by_system=by_system):
        pass
    assert f"process {process.pid}" in str(held.value)
    assert 0.2 <= time.monotonic() - begun < 3


def test_it_is_waited_for(tmp_path: Path, by_system: bool, start: Start) -> None:
    holder = start(HOLD, tmp_path, by_system, 0.3)
    wait_until_held(holder)
    with write_lock(tmp_path, by_system=by_system):
        assert holder.wait(timeout=10) == 0


def test_a_killed_holder_holds_nothing(tmp_path: Path, by_system: bool, start: Start) -> None:
    process = start(HOLD, tmp_path, by_system, 60)
    wait_until_held(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with write_lock(tmp_path, patience=1, by_system=by_system):
        pass
    assert told_of_killed(tmp_path) == [
        f"process {process.pid} was killed amid its work; the next pass heals what it left"
    ]
    with write_lock(tmp_path, patience=1, by_system=by_system):
        pass
    assert len(told_of_killed(tmp_path)) == 1


def test_one_that_runs_in_the_vault_that_this_is_a_copy_of_was_not_killed(tmp_path: Path, start: Start) -> None:
    process = start(HOLD, lay_vault(tmp_path / "vault"), True, 60)
    wait_until_held(process)
    shutil.copytree(tmp_path / "vault", tmp_path / "copy")
    with write_lock(tmp_path / "copy"):
        pass
    assert told_of_killed(tmp_path / "copy") == []


def test_a_killed_one_that_nobody_asked_after_is_gone(tmp_path: Path, start: Start) -> None:
    process = start(HOLD, tmp_path, True, 60)
    wait_until_held(process)
    os.kill(process.pid, signal.SIGKILL)
    with write_lock(tmp_path):
        pass
    assert len(told_of_killed(tmp_path)) == 1


def test_a_request_to_end_amid_taking_it_leaves_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite

    def pwrite(descriptor: int, data: bytes, at: int) -> int:
        written = real(descriptor, data, at)
        os.kill(os.getpid(), signal.SIGINT)
        return written

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(os, "pwrite", pwrite)
    try:
        with pytest.raises(KeyboardInterrupt), write_lock(tmp_path):
            pass
    finally:
        signal.signal(signal.SIGINT, before)
    monkeypatch.setattr(os, "pwrite", real)
    with write_lock(tmp_path):
        pass
    assert told_of_killed(tmp_path) == []


def lay_vault(place: Path) -> Path:
    place.mkdir()
    return place


def told_of_killed(vault: Path) -> list[str]:
    path = vault / deeds.PLACE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.partition("  cut short  ")[2] for line in lines if "  cut short  " in line]


def test_never_two_at_once(tmp_path: Path, by_system: bool, start: Start) -> None:
    (tmp_path / "counter").write_text("0")
    processes = [start(COUNT, tmp_path, by_system) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    assert (tmp_path / "counter").read_text() == "40"


@pytest.mark.parametrize("change", [{"boot": "another"}, {"start": "1"}, {"pid": 2**22 + 1}])
def test_a_holder_that_is_gone_is_put_away(tmp_path: Path, change: dict[str, object]) -> None:
    this = Holder.this()
    said = {"pid": this.pid, "host": this.host, "boot": this.boot, "start": this.start, **change}
    (tmp_path / ".twinpage").mkdir()
    (tmp_path / ".twinpage/lock-holder").write_text(json.dumps(said))
    with write_lock(tmp_path, patience=1, by_system=False):
        pass
    assert not (tmp_path / ".twinpage/lock-holder").exists()
    assert os.listdir(tmp_path / ".twinpage") == ["log"]
    assert len(told_of_killed(tmp_path)) == 1


def test_of_another_machine_nobody_can_tell(tmp_path: Path) -> None:
    (tmp_path / ".twinpage").mkdir()
    said = {"pid": 1, "host": f"not-{platform.node()}", "boot": "", "start": ""}
    (tmp_path / ".twinpage/lock-holder").write_text(json.dumps(said))
    with pytest.raises(LockHeld, match="on not-"), write_lock(tmp_path, patience=0.05, by_system=False):
        pass


def test_what_an_old_lock_file_says_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".twinpage").mkdir()
    (tmp_path / ".twinpage/lock").write_text("{")
    with write_lock(tmp_path, patience=1):
        assert is_held(tmp_path, by_system=True)


def test_a_state_folder_that_was_deleted_meanwhile(tmp_path: Path, by_system: bool) -> None:
    with write_lock(tmp_path, by_system=by_system):
        for path in (tmp_path / ".twinpage").iterdir():
            path.unlink()
        (tmp_path / ".twinpage").rmdir()
    with write_lock(tmp_path, patience=1, by_system=by_system):
        assert is_held(tmp_path, by_system)


def test_it_is_let_go_when_something_fails(tmp_path: Path, by_system: bool) -> None:
    with pytest.raises(ZeroDivisionError), write_lock(tmp_path, by_system=by_system):
        _ = 1 / 0
    with write_lock(tmp_path, patience=0.1, by_system=by_system):
        assert is_held(tmp_path, by_system)
    assert not is_held(tmp_path, by_system)


def test_nothing_is_written_outside_the_vault(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/.twinpage").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutsideVault), write_lock(tmp_path / "vault"):
        pass
    (tmp_path / "vault/.twinpage").unlink()
    (tmp_path / "vault/.twinpage").mkdir()
    (tmp_path / "precious").write_text("text")
    (tmp_path / "vault/.twinpage/lock").symlink_to(tmp_path / "precious")
    with pytest.raises(NotWritten), write_lock(tmp_path / "vault"):
        pass
    assert (tmp_path / "precious").read_text() == "text"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / ".twinpage").write_text("a file")
    with pytest.raises(NotWritten), write_lock(tmp_path):
        pass


class TestWatcher:
    """One process watches a vault, and is known by name and by its signs of life."""

    def test_a_second_one_is_told_who_is_first(self, tmp_path: Path, by_system: bool, start: Start) -> None:
        process = start(HOLD.replace("write_lock", "watcher_role"), tmp_path, by_system, 60)
        wait_until_held(process)
        with pytest.raises(AlreadyWatched, match=f"process {process.pid}"), watcher_role(tmp_path, by_system):
            pass
        found = watcher_of(tmp_path)
        assert found is not None
        assert (found.pid, found.batches) == (process.pid, 0)
        with write_lock(tmp_path, by_system=by_system):
            pass  # who watches does not keep others from writing

    def test_one_that_was_killed_no_longer_counts(self, tmp_path: Path, by_system: bool, start: Start) -> None:
        process = start(HOLD.replace("write_lock", "watcher_role"), tmp_path, by_system, 60)
        wait_until_held(process)
        process.kill()
        process.wait()
        assert watcher_of(tmp_path) is None
        with watcher_role(tmp_path, by_system) as beat:
            beat(3)
            found = watcher_of(tmp_path)
            assert found is not None
            assert (found.pid, found.batches) == (os.getpid(), 3)
        assert watcher_of(tmp_path) is None
        assert told_of_killed(tmp_path) == [f"process {process.pid} was killed while it watched"]

    def test_who_deletes_the_folder_takes_the_role_from_nobody(self, tmp_path: Path, by_system: bool) -> None:
        with watcher_role(tmp_path, by_system) as beat:
            shutil.rmtree(tmp_path / ".twinpage")
            beat(2)
            with pytest.raises(AlreadyWatched), watcher_role(tmp_path, by_system):
                pass
            found = watcher_of(tmp_path)
            assert found is not None
            assert found.batches == 2
        assert watcher_of(tmp_path) is None

    def test_when_another_one_was_quicker_after_that(self, tmp_path: Path, by_system: bool, start: Start) -> None:
        with watcher_role(tmp_path, by_system) as beat:
            shutil.rmtree(tmp_path / ".twinpage")
            process = start(HOLD.replace("write_lock", "watcher_role"), tmp_path, by_system, 60)
            wait_until_held(process)
            with pytest.raises(AlreadyWatched, match=f"process {process.pid}"):
                beat(1)
        found = watcher_of(tmp_path)
        assert found is not None
        assert found.pid == process.pid
        with pytest.raises(AlreadyWatched, match=f"process {process.pid}"), watcher_role(tmp_path, by_system):
            pass

    def test_one_from_before_the_machine_was_started_anew(self, tmp_path: Path) -> None:
        told = {"pid": os.getpid(), "host": platform.node(), "boot": "another", "start": ""}
        (tmp_path / ".twinpage").mkdir()
        (tmp_path / ".twinpage/watcher-holder").write_text(json.dumps(told), encoding="utf-8")
        (tmp_path / ".twinpage/watching.json").write_text(json.dumps({**told, "since": "", "batches": 1}))
        assert watcher_of(tmp_path) is None
        with watcher_role(tmp_path, by_system=False):
            pass

    @pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"pid": 1}', b"\xff"])
    def test_a_damaged_sign_is_no_sign(self, tmp_path: Path, damage: bytes) -> None:
        (tmp_path / ".twinpage").mkdir()
        (tmp_path / ".twinpage/watching.json").write_bytes(damage)
        assert watcher_of(tmp_path) is None

    def test_its_folder_is_deleted(self, tmp_path: Path, by_system: bool, start: Start) -> None:
        with watcher_role(tmp_path, by_system) as beat:
            shutil.rmtree(tmp_path / ".twinpage")
            beat(1)
            with pytest.raises(AlreadyWatched), watcher_role(tmp_path, by_system):
                pass
            shutil.rmtree(tmp_path / ".twinpage")
            process = start(HOLD.replace("write_lock", "watcher_role"), tmp_path, by_system, 60)
            wait_until_held(process)
            with pytest.raises(AlreadyWatched, match=f"process {process.pid}"):
                beat(2)
