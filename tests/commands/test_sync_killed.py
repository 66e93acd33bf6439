"""A command that is killed for real at any of its calls; the next pass heals what it left."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from twinpage.commands import remove, resolve, restore
from twinpage.edge import deeds
from twinpage.edge.former import left_in

SCRIPTS = str(Path(__file__).resolve().parents[2] / "scripts")
if SCRIPTS not in sys.path:
    sys.path.append(SCRIPTS)

from faults import watched  # noqa: E402
from walk_vault import folder_in_memory, prepared  # noqa: E402

CASE, JOURNEY, TOPIC, STRATEGY = (
    "harbour",
    "harbour/journeys/morning-run",
    "topics/sourdough",
    "harbour/sales-strategies/quay",
)

STEP = int(os.environ.get("TWINPAGE_KILL_STEP", "9"))
"""1: at every single call. Else each test begins at another one."""
WHENS = ("before", "half", "after")

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked and killed"),
    pytest.mark.slow,
]


def in_a_child(work):
    """How a process ended that did the work, and what the work gave as text; "" when it did not come to its end."""
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writable, str(work()).encode())
        finally:
            os._exit(0)
    os.close(writable)
    _, status = os.waitpid(child, 0)
    with open(readable, "rb") as pipe:
        return status, pipe.read().decode()


def killed(work, nth, when):
    """Do the work in a process that dies at its n-th call: before it, amid its write, or after it.

    Gives how many calls there were, 0 when it died.
    """
    seen = 0

    def act(call):
        nonlocal seen
        if (call.of_state and call.name != "commit") or (when == "half" and call.half is None):
            return call.run()  # within a transaction nothing is on the disk yet
        seen += 1
        if seen != nth:
            return call.run()
        if when == "half" and call.half is not None:
            call.half()
        if when == "after":
            with contextlib.suppress(OSError):
                call.run()
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    def counted():
        with watched(act):
            work()
        return seen

    status, told = in_a_child(counted)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return 0
    return int(told)


def note_by_hand(vault, text):
    in_logseq = f"artifact-kind:: topic\n\n- ## Text\n\t- {text}"
    return in_logseq if vault.dialect == "logseq" else f"---\nartifact-kind: topic\n---\n## Text\n{text}\n"


# Each lays out what is to be done, does it, and says which words must be found whatever happens.


def everything(vault):
    """Both directions, a merge, a conflict, a removal, a new file, a note by hand, and embeds."""
    own = "\n- my   own %%x%%\n" if vault.dialect == "logseq" else "\n## Mine\n* my   own %%x%%\n"
    vault.put("Journeys/Morning run.md", vault.text("Journeys/Morning run.md").replace("coins", "chits") + own)
    vault.change(JOURNEY, **{"last-reviewed": "2026-05-01"})
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.change(TOPIC, body="It keeps for a year.")
    vault.change(CASE, summary="Bread by boat.")
    vault.remove("Sales strategies/Win the quay.md")
    vault.artifact("topics/rye", kind="topic", name="Rye", body="Dark.")
    vault.put("Wheat.md", note_by_hand(vault, "Light."))
    kind = {"kind": "artifact-type", "name": "Journey", "format": "text", "metamodel-id": "profile-(id)/journey"}
    vault.artifact("artifact-types/profile-id/journey", **kind)
    words = "chits,my   own,a month,a year,One for each new boat,Dark.,Light.,by boat,2026-05-01"
    return vault.sync, words.split(",")


def decided(vault):
    """A conflict in which somebody takes a side."""
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    vault.change(TOPIC, body="It keeps for a year.")
    assert vault.sync().exit_code == 1

    def work():
        resolve.run(vault=vault.root, artifact=TOPIC, take="note", fields=(), edit=False, terminal=vault.terminal)

    return work, ["a month", "a year"]


def brought_back(vault):
    vault.remove("Sales strategies/Win the quay.md")
    assert vault.sync().exit_code == 0
    return lambda: restore.run(vault=vault.root, artifact=STRATEGY, terminal=vault.terminal), ["One for each new boat"]


def removed(vault):
    def work():
        remove.run(vault=vault.root, artifact=JOURNEY, with_parts=False, terminal=vault.terminal)

    return work, ["Bread against coins", "Warm bread", "Loaves a morning"]


def first(vault):
    """Nothing is remembered, half of the notes are there, and one of them says something else."""
    shutil.rmtree(vault.root / ".twinpage")
    vault.remove("Sales strategies/Win the quay.md")
    vault.remove(vault.file(CASE))
    vault.edit("Topics/Sourdough.md", "a week", "a month")
    return vault.sync, ["One for each new boat", "Bread for boats", "a month", "a week", "Bread against coins"]


def left(vault):
    """Items leave a note."""
    vault.edit("Journeys/Morning run.md", "Bread against coins.", "Bread against coins. %%mine%%")
    assert vault.sync().exit_code == 0
    value = vault.value(JOURNEY)
    vault.change(JOURNEY, stages=value["stages"][:1], kpis=None)
    return vault.sync, ["%%mine%%", "The bakery boat is heard"]


LAID = {work.__name__: work for work in (everything, decided, brought_back, removed, first, left)}
WAITS_FOR_SOMEBODY = {"everything": 1, "first": 1}


def left_over(vault):
    """New files that nobody clears away."""
    return [path.name for path in left_in(vault.root / ".twinpage/tmp", set())]


def logged(vault):
    """Paths of which the log tells something."""
    path = vault.root / deeds.PLACE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.split("  ")[2] for line in lines if line.count("  ") >= 2}


def bytes_of(vault):
    return {path: data for path, (data, _, _) in vault.files().items()}


def heals(vault, work, name):
    """The same bytes after the work was done again, and whatever passes it takes."""
    outcome = vault.sync()
    assert outcome.not_written == ()
    if name in ("decided", "removed", "brought_back"):
        with contextlib.suppress(Exception):  # there may be nothing left to be decided, removed or brought back
            work()
        outcome = vault.sync()
    return outcome


@pytest.mark.parametrize("when", WHENS)
@pytest.mark.parametrize("name", list(LAID))
def test_every_call(dialect, make_vault, name, when, record_property):
    with prepared(), folder_in_memory() as folder:
        vault = in_step(make_vault, folder, dialect)
        work, words = LAID[name](vault)
        # A state names its folder, so each trial runs in the same place, laid out anew.
        before = folder / "before"
        shutil.copytree(vault.root, before, copy_function=shutil.copy2)
        (before / deeds.PLACE).unlink(missing_ok=True)
        was = bytes_of(vault)
        total = killed(work, 0, when)
        assert total
        assert heals(vault, work, name).exit_code == WAITS_FOR_SOMEBODY.get(name, 0)
        expected = bytes_of(vault)
        other = list(LAID).index(name) + 2 * WHENS.index(when) + (dialect == "logseq")
        points = range(1 + other % min(STEP, total), total + 1, STEP)
        for nth in points:
            shutil.rmtree(vault.root)
            shutil.copytree(before, vault.root, copy_function=shutil.copy2)
            assert killed(work, nth, when) == 0
            assert [word for word in words if word not in all_text(vault)] == [], nth
            assert different(was, bytes_of(vault)).keys() <= logged(vault), nth
            assert heals(vault, work, name).exit_code == WAITS_FOR_SOMEBODY.get(name, 0), nth
            assert different(bytes_of(vault), expected) == {}, nth
            vault.assert_still()
            assert left_over(vault) == [], nth
        record_property("points", len(points))


def in_step(make_vault, folder, dialect):
    vault = make_vault(folder / "vault", dialect)
    for artifact in vault.VALUES:
        vault.artifact(artifact)
    assert vault.sync().exit_code == 0
    for path in vault.notes():
        vault.age(path)
    return vault


def all_text(vault):
    files = [path for path in vault.root.rglob("*") if path.is_file() and ".db" not in path.name]
    return json.dumps("".join(path.read_text() for path in files), ensure_ascii=False)


def different(one, other):
    return {
        path: (one.get(path), other.get(path)) for path in one.keys() | other.keys() if one.get(path) != other.get(path)
    }
