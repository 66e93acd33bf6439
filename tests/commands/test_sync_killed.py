"""A pass that is killed for real at any of its writes; the next one heals what it left."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3

import pytest

from twinpage.edge.state import State

CASE, JOURNEY, TOPIC = "harbour", "harbour/journeys/morning-run", "topics/sourdough"
CALLS = [(os, name) for name in ("replace", "link", "unlink", "mkdir", "fsync")]
CALLS += [(State, name) for name in ("put_base", "drop_base", "put_files", "clear_dirty", "remember")]

STEP = int(os.environ.get("TWINPAGE_KILL_STEP", "8"))
"""1: at every single call, which takes two minutes."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked and killed")


class Deadly:
    """Counts the calls that change the disk, and kills its process at the n-th, just before or just after it."""

    def __init__(self, nth, late):
        self.seen, self.nth, self.late = 0, nth, late
        for owner, name in CALLS:
            setattr(owner, name, self.around(getattr(owner, name)))
        around = self.around

        class Connection(sqlite3.Connection):
            def execute(self, statement, *values):
                run = super().execute
                return around(run)(statement, *values) if statement == "commit" else run(statement, *values)

        connect = sqlite3.connect
        sqlite3.connect = lambda *values, **named: connect(*values, **{**named, "factory": Connection})

    def around(self, real):
        def call(*values, **named):
            self.seen += 1
            this = self.seen == self.nth
            if this and not self.late:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return real(*values, **named)
            finally:
                if this:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call


def killed(vault, nth, late):
    """Run a pass in a process that dies at its n-th call; how many calls a whole pass made, 0 when it died."""
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        try:
            deadly = Deadly(nth, late)
            vault.sync()
            os.write(writable, str(deadly.seen).encode())
        finally:
            os._exit(0)
    os.close(writable)
    _, status = os.waitpid(child, 0)
    with open(readable, "rb") as pipe:
        told = pipe.read()
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return 0
    return int(told)


def disturb(vault):
    """Something of everything: both directions, a merge, a conflict, a removal, a new file and a note by hand."""
    own = "\n- my   own %%x%%\n" if vault.dialect == "logseq" else "\n## Mine\n* my   own %%x%%\n"
    vault.put("Journeys/Morning run.md", vault.text("Journeys/Morning run.md").replace("coins", "chits") + own)
    vault.change(JOURNEY, **{"last-reviewed": "2026-05-01"})
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.change(TOPIC, body="It keeps for a year.")
    vault.change(CASE, summary="Bread by boat.")
    vault.remove("Sales strategies/Win the quay.md")
    vault.artifact("topics/rye", kind="topic", name="Rye", body="Dark.")
    note = "artifact-kind:: topic\n\n- ## Text\n\t- Light."
    vault.put("Wheat.md", note if vault.dialect == "logseq" else "---\nartifact-kind: topic\n---\n## Text\nLight.\n")


WORDS = ("chits", "my   own", "a month", "a year", "One for each new boat", "Dark.", "Light.", "by boat", "2026-05-01")


def bytes_of(vault):
    return {path: data for path, (data, _, _) in vault.files().items()}


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_every_write(vault, tmp_path, late):
    disturb(vault)
    # A state names its folder, so each trial runs in the same place, laid out anew.
    prepared = tmp_path / "prepared"
    shutil.copytree(vault.root, prepared, copy_function=shutil.copy2)
    total = killed(vault, 0, late)
    assert total > 40
    assert vault.sync().exit_code == 1
    expected = bytes_of(vault)
    # Each of the four starts elsewhere, so that together they are killed at every other call at least.
    first = 1 + 2 * late + 4 * (vault.dialect == "logseq")
    for nth in range(first, total + 1, STEP):
        shutil.rmtree(vault.root)
        shutil.copytree(prepared, vault.root, copy_function=shutil.copy2)
        assert killed(vault, nth, late) == 0
        files = [path for path in vault.root.rglob("*") if path.is_file() and ".db" not in path.suffix]
        everywhere = "".join(path.read_text() for path in files)
        assert [words for words in WORDS if words not in everywhere] == [], nth
        outcome = vault.sync()
        assert (outcome.exit_code, outcome.not_written) == (1, ()), nth
        assert bytes_of(vault) == expected, nth
        vault.assert_still()
        assert os.listdir(vault.root / ".twinpage/tmp") == []
