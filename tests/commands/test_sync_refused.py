"""The system refuses in the middle of a pass, or two passes run at once: files stay whole, and the next pass heals."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from twinpage.edge.states.state import State
from twinpage.errors import NotWritten, TwinpageError

SCRIPTS = str(Path(__file__).resolve().parents[2] / "scripts")
if SCRIPTS not in sys.path:
    sys.path.append(SCRIPTS)

from faults import watched  # noqa: E402
from walk_vault import folder_in_memory, prepared  # noqa: E402

JOURNEY, TOPIC = "harbour/journeys/morning-run", "topics/sourdough"
NOTE = "Journeys/Morning run.md"


def disturb(vault):
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.edit(NOTE, "coins", "chits")
    vault.change(JOURNEY, **{"last-reviewed": "2026-05-01"})
    vault.artifact("topics/rye", kind="topic", name="Rye", body="Dark.")


def disturb_more(vault):
    """Besides: a merge, a conflict, a removal, a case's file, a note by hand, embeds, and a folder to be made."""
    disturb(vault)
    vault.change(TOPIC, body="It keeps for a year.")
    vault.change("harbour", summary="Bread by boat.")
    vault.remove("Sales strategies/Win the quay.md")
    by_hand = "artifact-kind:: topic\n\n- ## Text\n\t- Light."
    vault.put("Wheat.md", by_hand if vault.dialect == "logseq" else "---\nartifact-kind: topic\n---\n## Text\nLight.\n")
    kind = {"kind": "artifact-type", "name": "Journey", "format": "text", "metamodel-id": "profile-(id)/journey"}
    vault.artifact("artifact-types/profile-id/journey", **kind)


WORDS = ("chits", "a month", "a year", "One for each new boat", "Dark.", "Light.", "by boat", "2026-05-01")
IN_STATE = {
    errno.ENOSPC: ("database or disk is full", sqlite3.SQLITE_FULL),
    errno.EACCES: ("attempt to write a readonly database", sqlite3.SQLITE_READONLY),
    errno.EIO: ("disk I/O error", sqlite3.SQLITE_IOERR),
}


def refused(vault, nth, number):
    """A pass whose n-th call is refused: that call, the exit code, what is said, and the names of all calls."""
    seen, name = [], ""

    def act(call):
        nonlocal name
        seen.append(call.name)
        if len(seen) != nth:
            return call.run()
        name = f"{call.name} {call.target}"
        if call.of_state:
            error = sqlite3.OperationalError(IN_STATE[number][0])
            error.sqlite_errorcode = IN_STATE[number][1]
            raise error
        if number == errno.ENOSPC and call.half is not None:
            call.half()
        raise OSError(number, os.strerror(number), call.target)

    with watched(act):
        try:
            outcome = vault.sync()
        except TwinpageError as error:
            return name, 2, str(error), seen
    return name, outcome.exit_code, " ".join(outcome.not_written), seen


STATE_STEP = int(os.environ.get("TWINPAGE_REFUSE_STEP", "13"))
"""1: each call in each way, and every single statement of the state, too; what it refuses, it refuses anywhere in one
transaction. Else each call is refused in one of the ways."""


@pytest.mark.slow
@pytest.mark.parametrize("number", list(IN_STATE), ids=["full", "denied", "broken"])
def test_each_call_is_refused_once(dialect, make_vault, number, record_property):
    with prepared(), folder_in_memory() as folder:
        vault = make_vault(folder / "vault", dialect)
        for artifact in vault.VALUES:
            vault.artifact(artifact)
        assert vault.sync().exit_code == 0
        disturb_more(vault)
        before = folder / "before"
        shutil.copytree(vault.root, before, copy_function=shutil.copy2)
        names = refused(vault, 0, number)[3]
        total, expected = len(names), bytes_of(vault)
        wrong = []
        calls = [nth for nth, name in enumerate(names, 1) if not name.startswith("exec")]
        if STATE_STEP > 1:
            calls = calls[list(IN_STATE).index(number) :: len(IN_STATE)]
        points = sorted({*calls, *range(STATE_STEP, total + 1, STATE_STEP)})
        for nth in points:
            shutil.rmtree(vault.root)
            shutil.copytree(before, vault.root, copy_function=shutil.copy2)
            wrong += [(nth, *told) for told in complaints(vault, nth, number, expected)]
        record_property("points", len(points))
        assert wrong == [], (total, wrong)


def complaints(vault, nth, number, expected):
    """What is not as it should be after a pass whose n-th call is refused."""
    name, code, said, _ = refused(vault, nth, number)
    whole(vault)
    kept = [path for path in vault.root.rglob("*") if path.is_file() and ".db" not in path.name]
    texts = "".join(path.read_text() for path in kept)
    lost = [word for word in WORDS if word not in texts]
    if lost:
        yield name, "lost", lost
    if code == 2 and not said:
        yield name, "says nothing"
    if code != 2 and bytes_of(vault) != expected:  # it was tried again, or did no harm
        yield name, "says too little", code
    vault.sync()
    vault.sync()
    healed = bytes_of(vault)
    different = sorted(path for path in healed.keys() | expected if healed.get(path) != expected.get(path))
    if different:
        yield name, "not healed", different


def bytes_of(vault):
    return {path: data for path, (data, _, _) in vault.files().items()}


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
