"""The system refuses in the middle of a pass, or two passes run at once: files stay whole, and the next pass heals."""

from __future__ import annotations

import errno
import os
import sqlite3

import pytest

from twinpage.edge.state import State
from twinpage.errors import NotWritten

JOURNEY, TOPIC = "harbour/journeys/morning-run", "topics/sourdough"
NOTE = "Journeys/Morning run.md"


def disturb(vault):
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.edit(NOTE, "coins", "chits")
    vault.change(JOURNEY, **{"last-reviewed": "2026-05-01"})
    vault.artifact("topics/rye", kind="topic", name="Rye", body="Dark.")


def whole(vault):
    """Every file is as it was or as it should be, never anything between."""
    for path, (data, _, _) in vault.files().items():
        assert data, path
        assert not path.endswith(".json") or data.endswith(b"}\n"), path


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("call", ["open", "replace", "link"])
def test_no_write_succeeds(vault, monkeypatch, call, number):
    disturb(vault)
    before = vault.files()
    real = getattr(os, call)

    def refuse(*values, **named):
        if call == "open" and not values[1] & os.O_EXCL:
            return real(*values, **named)
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        outcome = vault.sync()
    assert outcome.exit_code == 2
    assert all("stays as it was" in sentence for sentence in outcome.not_written)
    whole(vault)
    if call == "open":
        assert vault.files() == before
    vault.settle()
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert "2026-05-01" in vault.text(NOTE)
    assert "Dark." in vault.text(vault.note("topics/rye"))


@pytest.mark.parametrize("nth", range(4))
def test_one_write_fails(vault, monkeypatch, nth):
    disturb(vault)
    real, seen = os.replace, []

    def refuse(source, target):
        if ".twinpage" not in str(target):
            seen.append(target)
            if len(seen) == nth + 1:
                raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        outcome = vault.sync()
    assert outcome.exit_code == (2 if len(seen) > nth else 0)
    whole(vault)
    vault.settle()
    assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
    assert "2026-05-01" in vault.text(NOTE)


def test_a_state_that_cannot_be_kept(vault, monkeypatch):
    disturb(vault)

    def refuse(state, *values):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(State, "clear_dirty", refuse)
        with pytest.raises(NotWritten, match="full"):
            vault.sync()
    whole(vault)
    vault.settle()
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert "2026-05-01" in vault.text(NOTE)


def test_a_file_that_changes_while_it_is_written(vault, monkeypatch):
    """Somebody saves between the reading and the writing: theirs stands, and the next look takes it up."""
    vault.change(JOURNEY, **{"last-reviewed": "2026-05-01"})
    real, saved = os.open, []

    def save_first(path, *rest, **named):
        if ".twinpage/tmp" in str(path) and not saved:
            saved.append(path)
            vault.edit(NOTE, "coins", "chits")
        return real(path, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", save_first)
        outcome = vault.sync()
    assert outcome.exit_code == 0
    assert "chits" in vault.text(NOTE)
    assert "2026-05-01" in vault.text(NOTE)
    assert vault.value(JOURNEY)["stages"][1]["description"] == "Bread against chits."
    vault.assert_still()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_many_at_once(vault):
    disturb(vault)
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            code = 99
            try:
                code = vault.sync().exit_code
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 0, 0, 0]
    whole(vault)
    assert vault.assert_still().exit_code == 0
    assert vault.value(TOPIC)["body"] == "It keeps for a month at sea."
    assert "2026-05-01" in vault.text(NOTE)
    assert [path for path in vault.notes() if "Rye" in path] == ["Topics/Rye.md"]
