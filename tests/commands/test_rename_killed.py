"""A rename that is killed for real at any of its writes: the next command makes it whole, one way or the other."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3

import pytest
from tests.commands.test_sync_killed import left_over

from twinpage.commands import rename as command
from twinpage.edge import journal
from twinpage.edge.states.state import State

CASE, JOURNEY_NOTE = "harbour", "Journeys/Morning run.md"
CALLS = [(os, name) for name in ("replace", "link", "unlink", "mkdir", "rmdir", "fsync")]
CALLS += [(State, name) for name in ("put_base", "drop_base", "put_embeds", "put_files", "clear_dirty", "remember")]

STEP = int(os.environ.get("TWINPAGE_KILL_STEP", "10"))
"""1: at every single call, which takes some minutes."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked and killed"),
]


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


def in_a_process(nth, late, work):
    """Run ``work`` in a process that dies at its n-th call; how many calls it made, 0 when it died."""
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        try:
            deadly = Deadly(nth, late)
            work()
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


def bytes_of(vault):
    return {path: data for path, (data, _, _) in vault.files().items()}


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_every_write(vault, tmp_path, late):
    link = "[[Skipper]]" if vault.dialect == "logseq" else '"[[Skipper]]"'
    vault.edit(JOURNEY_NOTE, link, "harbour/profiles/skipper")
    vault.settle()
    vault.age(JOURNEY_NOTE)
    before = bytes_of(vault)
    # A state names its folder, so each trial runs in the same place, laid out anew.
    prepared = tmp_path / "prepared"
    shutil.copytree(vault.root, prepared, copy_function=shutil.copy2)

    def again():
        shutil.rmtree(vault.root)
        shutil.copytree(prepared, vault.root, copy_function=shutil.copy2)

    def rename():
        command.run(vault=vault.root, artifact=CASE, new_id="quay", dry_run=False, terminal=vault.terminal)

    again()
    total = in_a_process(0, late, rename)
    assert total > 60
    renamed = bytes_of(vault)
    assert renamed.keys() != before.keys()
    ends = set()
    # Each of the four starts elsewhere, so that together they are killed at many different calls.
    first = 1 + 2 * late + 5 * (vault.dialect == "logseq")
    for nth in (1, *range(first + 1, total + 1, STEP)):
        again()
        assert in_a_process(nth, late, rename) == 0
        if nth % 3 == 0 and journal.exists(vault.root):  # what settles it may be killed as well
            in_a_process(nth % 17 + 1, late, vault.sync)
        outcome = vault.sync()
        assert (outcome.exit_code, outcome.not_written) == (0, ()), nth
        assert bytes_of(vault) in (before, renamed), nth
        ends.add(bytes_of(vault) == renamed)
        vault.assert_still()
        assert left_over(vault) == [], nth
        assert not journal.exists(vault.root)
    assert ends == {True, False}
