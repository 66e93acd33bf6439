"""A program has a file open, a command writes there meanwhile, and the program saves before the command has ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from twinpage.edge import deeds
from twinpage.workspace.carrying import looking_twice

TOPIC = "topics/sourdough"
FILE = f"artifacts/{TOPIC}.json"


@pytest.fixture
def saves(vault: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Opens a file at once, and saves into it when all is written and the command is about to end."""
    real = looking_twice.keep_flags_note

    def opened(path: str, old: str, new: str) -> None:
        handle = (vault.root / path).open("r+", encoding="utf-8", newline="")
        text = vault.text(path).replace(old, new)

        def late(*told: Any, **options: Any) -> tuple[str, ...]:
            if not handle.closed:
                assert vault.text(path) != text, "written over by now"
                with handle:
                    handle.write(text)
                    handle.truncate()
            return real(*told, **options)

        monkeypatch.setattr(looking_twice, "keep_flags_note", late)

    return opened


def both_say(vault: Any, *words: str) -> bool:
    return all(word in vault.text(path) for word in words for path in (vault.note(TOPIC), FILE))


def test_into_a_note(vault: Any, saves: Any) -> None:
    vault.change(TOPIC, tags=["bread"])
    saves(vault.note(TOPIC), "a week", "a month")
    outcome = vault.sync()
    assert outcome.exit_code == 0
    assert both_say(vault, "a month", "bread")
    assert list((vault.root / ".twinpage/tmp").iterdir()) == []
    given_back = f"given back  {vault.note(TOPIC)}  (a program saved it while twinpage wrote there)"
    assert given_back in (vault.root / deeds.PLACE).read_text(encoding="utf-8")
    vault.assert_still()


def test_into_an_artifact_file(vault: Any, saves: Any) -> None:
    vault.edit(vault.note(TOPIC), "a week", "a month")
    saves(FILE, '"name"', '"tags": ["bread"],\n  "name"')
    vault.sync()
    assert both_say(vault, "a month", "bread")
    assert json.loads(vault.text(FILE))["tags"] == ["bread"]
    vault.assert_still()


def test_into_the_very_words_that_were_written(vault: Any, saves: Any) -> None:
    vault.change(TOPIC, body="It keeps for a year at sea.")
    saves(vault.note(TOPIC), "a week", "a month")
    outcome = vault.sync()
    assert [conflict.artifact for conflict in outcome.conflicts] == [TOPIC]
    assert both_say(vault, "a year", "a month")


def test_what_nobody_saves_is_not_kept(vault: Any) -> None:
    vault.change(TOPIC, tags=["bread"])
    vault.sync()
    assert list((vault.root / ".twinpage/tmp").iterdir()) == []
