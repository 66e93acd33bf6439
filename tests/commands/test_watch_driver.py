"""A real ``twinpage watch`` beside merges and rebases that our driver does: it writes nothing that nobody asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.commands.branches import DRIVER
from tests.commands.test_watch_git import CASE, JOURNEY, WORDS, Desk, Mate, until

pytestmark = pytest.mark.slow

GOAL, PAYING = WORDS[JOURNEY], "Bread against coins."


@pytest.fixture
def desk(vault: Any, tmp_path: Any) -> Desk:
    made = Desk(vault, tmp_path)
    (made.root / ".gitattributes").write_text("*.json merge=twinpage\n*.md merge=twinpage\n", encoding="utf-8")
    made.begin()
    made.git("config", "merge.twinpage.driver", DRIVER)
    return made


def from_mate(mate: Mate, name: str, **words: str) -> None:
    """A branch on which both twins of the journey say other words."""
    mate.branch(name)
    for path in mate.desk.paths(JOURNEY):
        text = (mate.root / path).read_text(encoding="utf-8")
        for old, new in ((GOAL, words.get("goal", GOAL)), (PAYING, words.get("paying", PAYING))):
            assert text.count(old) == 1
            text = text.replace(old, new)
        (mate.root / path).write_text(text, encoding="utf-8", newline="")
    mate.hand_in()


def value(desk: Desk) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(desk.bytes(desk.vault.file(JOURNEY)))
    return read


def twinpage(desk: Desk, *words: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "twinpage", *words, "--vault", str(desk.root)]
    done = subprocess.run(command, capture_output=True, text=True, env=desk.environment(), check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def resting(desk: Desk) -> None:
    until(lambda: desk.told("resting"), lambda: desk.events[-5:])


def test_merges(desk: Desk) -> None:
    mate = Mate(desk)
    from_mate(mate, "clean", paying="Bread against tins.")
    from_mate(mate, "torn", goal="Words of a mate.")
    from_mate(mate, "worn", goal="More words of a mate.")
    with desk.watching():
        desk.synced({JOURNEY: "Words at the desk."})
        desk.commit()
        desk.untouched(lambda: desk.git("merge", "-q", "--no-edit", "clean"), *WORDS)
        assert desk.say(JOURNEY, "Words at the desk.")
        assert all(text.count(b"Bread against tins.") == 1 for text in desk.both(JOURNEY))
        assert desk.dirty() == []

        # Both versions wait in both twins for as long as somebody thinks, and after a commit past the gate, too.
        desk.git("merge", "-q", "torn", ok=False)
        resting(desk)
        left = desk.both(JOURNEY)
        assert [one["other"].split("\n")[0] for one in value(desk)["conflicts"]] == ["Words of a mate."]
        assert "Words of a mate." in twinpage(desk, "conflicts", code=1)
        assert desk.both(JOURNEY) == left
        assert desk.changes() == []
        desk.untouched(lambda: desk.commit("torn"), *WORDS)
        assert desk.both(JOURNEY) == left
        twinpage(desk, "resolve", JOURNEY, "--take", "theirs")
        desk.looked()
        assert desk.say(JOURNEY, "Words of a mate.")
        assert desk.changes() == []
        desk.commit()

        # Decided while the merge is open, beside the watcher.
        desk.git("merge", "-q", "worn", ok=False)
        resting(desk)
        twinpage(desk, "resolve", JOURNEY, "--take", "theirs")
        desk.untouched(lambda: desk.commit("decided"), *WORDS)
        assert desk.say(JOURNEY, "More words of a mate.")
        assert twinpage(desk, "conflicts").strip()
        assert desk.dirty() == []
    desk.vault.assert_still()


def test_rebases(desk: Desk) -> None:
    mate = Mate(desk)
    from_mate(mate, "clean", paying="Bread against tins.")
    with desk.watching():
        desk.git("checkout", "-q", "-b", "topic")
        desk.synced({JOURNEY: "First words of topic."})
        desk.commit()
        desk.synced({CASE: "Bread for boats, of topic."})
        desk.commit()
        desk.untouched(lambda: desk.git("rebase", "-q", "clean"), *WORDS)
        assert desk.say(JOURNEY, "First words of topic.")
        assert all(text.count(b"Bread against tins.") == 1 for text in desk.both(JOURNEY))

        desk.synced({JOURNEY: "Second words of topic, which are more."})
        desk.commit()
        desk.git("checkout", "-q", "-b", "side", "HEAD~1")
        desk.known[JOURNEY] = "First words of topic."
        desk.looked()
        desk.expect()
        desk.synced({JOURNEY: "Words of side."})
        desk.commit()
        desk.git("checkout", "-q", "topic")
        desk.looked()
        desk.expect()
        desk.git("rebase", "-q", "side", ok=False)
        resting(desk)
        (left,) = value(desk)["conflicts"]
        assert left["from"] == "theirs topic (rebased)"
        twinpage(desk, "resolve", JOURNEY, "--take", "theirs")
        desk.git("add", *desk.paths(JOURNEY))
        desk.untouched(lambda: desk.git("rebase", "--continue"), *WORDS)
        assert desk.say(JOURNEY, "Second words of topic, which are more.")
        assert desk.say(CASE, "Bread for boats, of topic.")
        assert desk.dirty() == []
    desk.vault.assert_still()
